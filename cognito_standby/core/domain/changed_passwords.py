"""That somebody set a password, where and under which epoch: never the password. Pure.

Passwords do not travel. Whoever set one in the active Region's pool has an older one in the other
pool, if they ever had one there: perhaps the very one that was stolen. Before that pool opens
again it gets an unknown one (`needs_unknown`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from cognito_standby.core.domain.epochs import Epoch

PASSWORD_KEY = "#password#"  # noqa: S105 - the beginning of a key
"""How the partition keys of notes begin; the subject's key follows."""

NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - the name of a challenge
"""The challenge that a first password answers."""

SET_BY = frozenset(
    {
        *("ChangePassword", "ConfirmForgotPassword", "PostConfirmation_ConfirmForgotPassword"),
        *("AdminSetUserPassword", "AdminResetUserPassword", NEW_PASSWORD),
        *("ConfirmForgotPassword_POST", "forgotPassword_POST", "ResetPassword_POST"),
    }
)
"""Causes of hints after which the former password opens the pool no more. A page's
forgotPassword_POST may only have asked for a code: then somebody is asked for a new password
without need, which does less harm than an old one that opens."""


class AfterFailback(StrEnum):
    """What becomes of those who set a password while the other Region was active."""

    RESET_CHANGED = "reset_changed"
    KEEP = "keep"


@dataclass(frozen=True)
class PasswordNote:
    """The last password of a subject that was set in the pool of one Region.

    epoch  the Region's own claim when the hint was looked at: the password was set under it, or
           under an earlier one
    at     UTC, ISO 8601, to the millisecond: for the age of a hash, never for order between Regions
    user_pool_id   the pool; "": a release noted it that did not say
    """

    epoch: Epoch
    at: str
    user_pool_id: str = ""

    @property
    def set_at(self) -> datetime:
        """`at` as a time."""
        return datetime.fromisoformat(self.at)


def is_set_by(cause: str) -> bool:
    """Whether a hint of that cause says that a password was set."""
    return cause in SET_BY


def noted_at(told: str, now: datetime) -> str:
    """`PasswordNote.at` of what a hint tells; of one that tells no time, now."""
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        at = now
    zoned = at if at.tzinfo else at.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(timespec="milliseconds")


def needs_unknown(
    notes: Collection[PasswordNote], region: str, since: Epoch, *, born_here: bool
) -> Epoch | None:
    """The epoch of the note for which somebody gets an unknown password in the pool of `region`
    before it opens; None: they do not.

    since      under which `region` was active last, or counts as having been: what was noted
               elsewhere before has been answered, or was kept
    born_here  they were first seen in this pool, so they had a password here. Whoever was made here
               by a replay has one that nobody knows, until a note says that they set one here
    """
    last = max(notes, key=lambda note: note.epoch, default=None)
    if last is None or last.epoch.region == region or last.epoch <= since:
        return None
    here = any(note.epoch.region == region for note in notes)
    return last.epoch if born_here or here else None
