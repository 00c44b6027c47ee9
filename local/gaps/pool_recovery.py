"""Gap: point-in-time recovery of pools is not known.

InitiatePointInTimeRecovery stops writes and remembers what the pool was then to become;
StartPointInTimeRecovery puts users and groups back; CancelPointInTimeRecovery lets writes go on
(Amazon Cognito API reference). What a write is answered with meanwhile is not documented:
OperationNotEnabledException, which each operation of a recovery lists, is a guess.

Limits: a preview and a recovery take no time; passwords go back with the users, whatever was
changed since; plans, windows and the numbers of recoveries a day are not checked; a recovery can
go back to moments since the first call that this pool had; what the emulator changes by itself
(CloudFormation) is not remembered.
"""

from __future__ import annotations

import copy
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local.cognito_store import CognitoStore, Pool
from local.gateway import Forward
from local.protocol import Call, Reply

INITIATE, START = "InitiatePointInTimeRecovery", "StartPointInTimeRecovery"
CANCEL, DESCRIBE = "CancelPointInTimeRecovery", "DescribePointInTimeRecovery"
LIST = "ListPointInTimeRecoveries"

_READS = ("AdminGet", "AdminList", "Describe", "Get", "List", "InitiateAuth", "AdminInitiateAuth")
_WAITS = "PREVIEW_GENERATED"
_USERS, _GROUPS = "_users", "_groups"
_KEPT = 10_000
"""Changes of a pool that are remembered, at most."""


@dataclass(frozen=True)
class _Before:
    """What a call found: a user or a group as it was, or None where there was none."""

    when: float
    part: str
    name: str
    state: Any


@dataclass
class _Recoverable:
    """A pool's recoveries, and its changes, oldest first."""

    since: float = field(default_factory=time.time)
    journal: list[_Before] = field(default_factory=list)
    recoveries: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def paused(self) -> bool:
        return any(each["RestoreStatus"] == _WAITS for each in self.recoveries.values())

    def note(self, entries: list[_Before]) -> None:
        self.journal += entries
        if len(self.journal) > _KEPT:
            self.since = self.journal[-_KEPT].when
            del self.journal[:-_KEPT]

    def go_back(self, pool: Pool, when: float) -> None:
        """Undo what was changed since, the newest first."""
        for entry in reversed([each for each in self.journal if each.when > when]):
            if entry.state is None:
                pool.raw[entry.part].pop(entry.name, None)
            else:
                pool.raw[entry.part][entry.name] = copy.deepcopy(entry.state)
        self.journal = [each for each in self.journal if each.when <= when]


class PoolRecovery:
    """A layer: the five operations, and what they stop."""

    def __init__(self, store: CognitoStore) -> None:
        self._store = store
        self._pools: dict[str, _Recoverable] = {}
        self._operations: dict[str, Callable[[Call, Pool], Reply]] = {
            INITIATE: self._initiate,
            START: self._start,
            CANCEL: self._cancel,
            DESCRIBE: lambda call, pool: self._told(pool, call.params.get("RestoreId")),
            LIST: self._list,
        }

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Serve a recovery, refuse a write during one, or let the call happen."""
        pool = self._store.pool_of(call)
        if pool is None:
            return await forward(call)
        if call.operation in self._operations:
            return self._operations[call.operation](call, pool)
        if call.operation.startswith(_READS):
            return await forward(call)
        known = self._known(pool)
        if known.paused:
            why = "This operation is not available while the user pool is being recovered."
            return Reply.refusal("OperationNotEnabledException", why)
        names = set(pool.raw[_USERS])
        before = self._about(call, pool)
        reply = await forward(call)
        new = [_Before(time.time(), _USERS, name, None) for name in set(pool.raw[_USERS]) - names]
        known.note([*before, *new])
        return reply

    def _known(self, pool: Pool) -> _Recoverable:
        return self._pools.setdefault(pool.id, _Recoverable())

    def _about(self, call: Call, pool: Pool) -> list[_Before]:
        """Whom a call is about, with the groups, as they are before it."""
        user = self._store.user_of(call, pool)
        raw = pool.raw[_USERS].get(user.username) if user else None
        groups = {str(call.params.get("GroupName") or ""), *((raw or {}).get("_groups") or ())}
        named = [(_GROUPS, name) for name in sorted(groups - {""})]
        named += [(_USERS, user.username)] if user else []
        now = time.time()
        return [
            _Before(now, part, name, copy.deepcopy(pool.raw[part].get(name)))
            for part, name in named
        ]

    def _initiate(self, call: Call, pool: Pool) -> Reply:
        known, when = self._known(pool), float(call.params.get("RestoreTimestamp") or 0)
        if known.paused:
            return Reply.refusal("ConcurrentModificationException", "A recovery is in progress.")
        if not known.since <= when <= time.time():
            return Reply.refusal("InvalidParameterException", "The recovery point is out of range.")
        name = str(uuid.uuid4())
        known.recoveries[name] = {
            "RestoreId": name,
            "RestoreStatus": _WAITS,
            "RestoreTimestamp": when,
            "TriggerTimestamp": time.time(),
        }
        return self._told(pool, name)

    def _start(self, call: Call, pool: Pool) -> Reply:
        waiting = self._waiting(call, pool)
        if isinstance(waiting, Reply):
            return waiting
        self._known(pool).go_back(pool, waiting["RestoreTimestamp"])
        waiting["RestoreStatus"] = "RESTORE_COMPLETED"
        return self._told(pool, waiting["RestoreId"])

    def _cancel(self, call: Call, pool: Pool) -> Reply:
        waiting = self._waiting(call, pool)
        if isinstance(waiting, Reply):
            return waiting
        waiting["RestoreStatus"] = "PREVIEW_CANCELLED"
        return self._told(pool, waiting["RestoreId"])

    def _waiting(self, call: Call, pool: Pool) -> dict[str, Any] | Reply:
        found = self._known(pool).recoveries.get(str(call.params.get("RestoreId")))
        if found is None:
            return Reply.refusal("ResourceNotFoundException", "There is no such recovery.")
        if found["RestoreStatus"] != _WAITS:
            return Reply.refusal("InvalidParameterException", "The recovery has ended.")
        return found

    def _told(self, pool: Pool, name: Any) -> Reply:
        found = self._known(pool).recoveries.get(str(name))
        if found is None:
            return Reply.refusal("ResourceNotFoundException", "There is no such recovery.")
        return Reply.of({"Restoration": found})

    def _list(self, _: Call, pool: Pool) -> Reply:
        newest_first = list(reversed(self._known(pool).recoveries.values()))
        return Reply.of({"Restorations": newest_first})
