"""Hints: who may have changed. Ids only, never a value; state is read when it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.subjects import Subject

SOURCE = "cognito-standby"
"""Event source of the hints on the installation's own bus."""

DETAIL_TYPE = "SubjectChanged"
"""Detail type of the hints on the installation's own bus."""


EARLY = timedelta(minutes=2)
"""How long a user just made may not be visible yet. Cognito's reads lag by a second or so."""

MASKED = "HIDDEN_DUE_TO_SECURITY_REASONS"
"""What CloudTrail shows in place of a name (Cognito developer guide, "Logging with CloudTrail")."""

MAX_TEXT_LENGTH = 256
"""Characters of what is no id; event names, UUIDs and times are far shorter."""


@dataclass(frozen=True)
class Hint:
    """One hint. Exactly one of the three ids is given.

    local_sub      a user by the sub in the pool that the hint comes from
    origin_sub     a user by the sub under which we first met them (or any record key)
    group          a group definition
    cause          what happened, for logs: an event name or a trigger source
    change_id      joins the log lines of both Regions
    hinted_at      UTC, ISO 8601, for lag only
    user_pool_id   pool that it is about; another pool's hints are refused
    created        the user was just made: absence means "not visible yet", not "gone"
    """

    local_sub: str = ""
    origin_sub: str = ""
    group: str = ""
    cause: str = ""
    change_id: str = ""
    hinted_at: str = ""
    user_pool_id: str = ""
    created: bool = False

    def may_be_early(self, now: datetime, within: timedelta = EARLY) -> bool:
        """Whether a user who, says the hint, was just created may still become visible.

        Both times are of one Region. A wrong one costs a wait, or a visit by a reconciliation,
        because nothing is ordered by it (I3). Without a readable time the hint is believed.
        """
        if not self.created:
            return False
        try:
            hinted_at = datetime.fromisoformat(self.hinted_at)
        except ValueError:
            return True
        return now - hinted_at.replace(tzinfo=hinted_at.tzinfo or UTC) < within

    def to_dict(self) -> dict[str, Any]:
        """The event detail: only what is set."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, raw: Any) -> Hint:
        """Read a detail, a parked message or a machine's input.

        Unknown fields are passed over: a newer release may add some. InvalidRecordError: not an
        object, mistyped or oversized fields, not exactly one id, or one that cannot be an id.
        """
        if not isinstance(raw, Mapping):
            raise InvalidRecordError("a hint must be an object")
        known = {name: raw[name] for name in cls.__dataclass_fields__ if raw.get(name) is not None}
        created = known.pop("created", False)
        if not isinstance(created, bool) or not all(isinstance(v, str) for v in known.values()):
            raise InvalidRecordError("a hint's fields must be strings, and `created` a boolean")
        hint = cls(**known, created=created)
        if sum(bool(name) for name in (hint.local_sub, hint.origin_sub, hint.group)) != 1:
            raise InvalidRecordError("a hint must name exactly one of local_sub, origin_sub, group")
        hint._check()
        return hint

    def _check(self) -> None:
        """What cannot be right, whatever it is about."""
        if MASKED in (self.local_sub, self.origin_sub, self.group):
            raise InvalidRecordError("the id in the hint is masked")
        if self.local_sub:
            Subject.user(self.local_sub)
        elif self.group:
            Subject.group(self.group)
        else:
            Subject.from_key(self.origin_sub)
        others = (self.cause, self.change_id, self.hinted_at, self.user_pool_id)
        if max(map(len, others)) > MAX_TEXT_LENGTH:
            raise InvalidRecordError(f"a hint's field has more than {MAX_TEXT_LENGTH} characters")
