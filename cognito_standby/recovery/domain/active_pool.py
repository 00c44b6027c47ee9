"""Which pool is the active one, as it is published for apps; and when it may be published. Pure.

Each Region publishes for itself, in two places: an SSM parameter for what has credentials, and a
document for apps, which need none. Both say the same, but for the standing down, which concerns
the fence alone (`core.domain.roles`, which reads the parameter).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.roles import STOOD_DOWN, VERSION, Active

DOCUMENT = "published/active.json"
"""Name of the document in its Region's bucket."""


@dataclass(frozen=True)
class Pool:
    """A Region's pool. `clients`: logical name, the same in both Regions -> id of the client."""

    user_pool_id: str
    clients: Mapping[str, str]

    @classmethod
    def of(cls, user_pool_id: Any, clients: Any) -> Pool:
        """As noted by its Region. InvalidRecordError: not the documented shape."""
        well_formed = (
            isinstance(user_pool_id, str)
            and bool(user_pool_id)
            and isinstance(clients, Mapping)
            and all(isinstance(text, str) for pair in clients.items() for text in pair)
        )
        if not well_formed:
            raise InvalidRecordError("a pool in the table does not have the documented shape")
        return cls(user_pool_id, dict(sorted(clients.items())))


@dataclass(frozen=True)
class ActivePool:
    """What is published."""

    active: Active
    pool: Pool

    @property
    def parameter(self) -> str:
        """The text of the SSM parameter."""
        return _json({**self._told(), STOOD_DOWN: self.active.stood_down})

    @property
    def document(self) -> str:
        """The text of the document, which anybody may read: nothing else belongs into it."""
        return _json(self._told())

    def _told(self) -> dict[str, Any]:
        epoch = self.active.epoch
        return {
            "version": VERSION,
            "epoch": [epoch.number, epoch.region],
            "region": epoch.region,
            "user_pool_id": self.pool.user_pool_id,
            "clients": dict(sorted(self.pool.clients.items())),
        }


class Verdict(StrEnum):
    """Whether something is published, with the reason."""

    PUBLISH = "the claims say so"
    BEHIND = "a later epoch was published here: the claims that are read are older ones"
    POOL_UNKNOWN = "the active Region has not noted its pool yet"


def verdict_on(active: Active, pools: Mapping[str, Pool], published: Epoch | None) -> Verdict:
    """What to do about what was read.

    pools      Region -> pool, of those that have noted theirs
    published  the highest epoch that was published here; None: none
    """
    if published is not None and active.epoch < published:
        return Verdict.BEHIND
    return Verdict.PUBLISH if active.epoch.region in pools else Verdict.POOL_UNKNOWN


def turned(active: Active, told: Epoch | None) -> bool:
    """Whether operators are to be told: once an epoch, and not of the first that is ever seen."""
    return told is not None and active.epoch > told


def announcement(active: Active, pool: Pool, seen_in: str) -> tuple[str, str]:
    """Subject and text of the message that the active Region turned."""
    epoch = active.epoch
    clients = ", ".join(f"{name} {client}" for name, client in sorted(pool.clients.items()))
    text = (
        f"{epoch.region} is the active Region since epoch {epoch.number}, as {seen_in} sees it.\n"
        f"User pool: {pool.user_pool_id}\n"
        f"App clients: {clients or 'none is named'}\n\n"
        "Apps that read the document turn by themselves, within the minute that it is cached."
    )
    return f"Active Region: {epoch.region}", text


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, separators=(",", ":"))
