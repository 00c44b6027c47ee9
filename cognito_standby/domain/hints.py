"""Hints: who may have changed. Ids only, never a value; state is read when it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cognito_standby.domain.errors import InvalidRecordError

SOURCE = "cognito-standby"
"""Event source of the hints on the installation's own bus."""

DETAIL_TYPE = "SubjectChanged"
"""Detail type of the hints on the installation's own bus."""


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

    def to_dict(self) -> dict[str, Any]:
        """The event detail: only what is set."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, raw: Any) -> Hint:
        """Read a detail, a parked message or a machine's input.

        InvalidRecordError: not an object, unknown or mistyped fields, or not exactly one id.
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
        return hint
