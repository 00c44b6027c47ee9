"""Short digests of a state, by which whole pools are compared without reading a single user.

A listing gives a user's profile and flag, memberships come from the listings of the groups; so a
summary is put together from parts: `<profile>.<groups>.<enabled>`, empty for an absent subject.
The ledger's may have a part more, `.<letters>`, of second factors, which are counted by it and
compared by nobody: no listing shows them.
The ledger keeps the summary that was last confirmed; where the pool still shows the same one and
the winning record is still the confirmed one, nothing can have been missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cognito_standby.core.domain.sign_in import PASSKEY, Factor
from cognito_standby.core.domain.subjects import (
    ENABLED,
    FACTOR,
    GROUP,
    PREFERRED_FACTOR,
    TRUE,
    Fields,
    digest,
    fingerprint,
    is_about_factors,
    names_with,
)

_SEPARATOR = "."
_LISTED = 2
"""Parts after the profile that a listing tells."""

_FACTORS = {"s": Factor.SMS, "e": Factor.EMAIL, "t": Factor.TOTP, "p": PASSKEY}


@dataclass(frozen=True, slots=True)
class Parts:
    """A summary taken apart, to tell what kind of difference there is."""

    profile: str
    groups: str
    enabled: bool


def summary_of(fields: Fields) -> str:
    """The summary of a state with everything in it, memberships included; "": absent."""
    if not fields:
        return ""
    groups = names_with(GROUP, fields)
    told = joined(profile_digest(fields), groups, enabled=fields.get(ENABLED, TRUE) == TRUE)
    letters = _letters_of(fields)
    return f"{told}{_SEPARATOR}{letters}" if letters else told


def comparable(summary: str) -> tuple[str, str]:
    """The part that a listing tells, too, and the letters of the factors ("sT": by SMS, and an
    authenticator that is preferred)."""
    profile, *others = summary.split(_SEPARATOR)
    return _SEPARATOR.join((profile, *others[:_LISTED])), "".join(others[_LISTED:])


def factors_in(letters: str) -> frozenset[str]:
    """What the letters stand for; those of another release are none."""
    return frozenset(_FACTORS[each.lower()] for each in letters if each.lower() in _FACTORS)


def preferred_in(letters: str) -> str:
    """The preferred one, or nothing; a letter of another release tells none."""
    return next((_FACTORS.get(each.lower(), "") for each in letters if each.isupper()), "")


def _letters_of(fields: Fields) -> str:
    preferred = fields.get(PREFERRED_FACTOR)
    there = [(letter, name) for letter, name in _FACTORS.items() if FACTOR + name in fields]
    return "".join(letter.upper() if name == preferred else letter for letter, name in there)


def profile_digest(fields: Fields) -> str:
    """Digest of everything but memberships, the enabled flag, and second factors: no listing shows
    those, so that a difference of theirs is nothing that a listing could tell."""
    return fingerprint(
        {
            name: v
            for name, v in fields.items()
            if not (name == ENABLED or name.startswith(GROUP) or is_about_factors(name))
        }
    )


def joined(profile: str, groups: Iterable[str], *, enabled: bool) -> str:
    """A summary from the parts that different listings gave."""
    flag = "1" if enabled else "0"
    return _SEPARATOR.join((profile, _groups_digest(tuple(sorted(groups))), flag))


def parts_of(summary: str) -> Parts | None:
    """The parts of a summary; None: absent, or not a summary."""
    parts = summary.split(_SEPARATOR)
    if len(parts) != 3:  # noqa: PLR2004 - profile, groups, enabled
        return None
    return Parts(parts[0], parts[1], parts[2] == "1")


@lru_cache(maxsize=4096)
def _groups_digest(names: tuple[str, ...]) -> str:
    return digest("\n".join(names)) if names else ""
