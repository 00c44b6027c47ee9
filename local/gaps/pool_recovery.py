"""Gap: point-in-time recovery of pools is not known.

InitiatePointInTimeRecovery stops writes and remembers what the pool was then to become;
StartPointInTimeRecovery puts users and groups back; CancelPointInTimeRecovery lets writes go on
(Amazon Cognito API reference).

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

from local.cognito_rules import restores
from local.cognito_rules.refusals import CognitoError
from local.cognito_rules.restores import RestoreStatus
from local.cognito_store import CognitoStore, Pool
from local.gateway import Forward
from local.protocol import Call, Reply

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
        statuses = {each["RestoreStatus"] for each in self.recoveries.values()}
        return RestoreStatus.WAITS in statuses

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
            restores.INITIATE: self._initiate,
            restores.START: self._start,
            restores.CANCEL: self._cancel,
            restores.DESCRIBE: lambda call, pool: self._told(pool, call.params.get("RestoreId")),
            restores.LIST: self._list,
        }

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Serve a recovery, refuse a write during one, or let the call happen."""
        pool = self._store.pool_of(call)
        if pool is None:
            return await forward(call)
        known = self._known(pool)
        challenge = str(call.params.get("ChallengeName") or "")
        try:
            if call.operation in self._operations:
                return self._operations[call.operation](call, pool)
            if known.paused:
                restores.check_goes_on(call.operation, challenge)
        except CognitoError as refused:
            return Reply.refusal(refused.code, refused.message)
        if restores.goes_on(call.operation, challenge):
            return await forward(call)
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
        reachable = known.since <= when <= time.time()
        restores.check_initiate(paused=known.paused, reachable=reachable)
        name = str(uuid.uuid4())
        known.recoveries[name] = {
            "RestoreId": name,
            "RestoreStatus": RestoreStatus.WAITS,
            "RestoreTimestamp": when,
            "TriggerTimestamp": time.time(),
        }
        return self._told(pool, name)

    def _start(self, call: Call, pool: Pool) -> Reply:
        waiting = self._waiting(call, pool)
        self._known(pool).go_back(pool, waiting["RestoreTimestamp"])
        waiting["RestoreStatus"] = RestoreStatus.COMPLETED
        return self._told(pool, waiting["RestoreId"])

    def _cancel(self, call: Call, pool: Pool) -> Reply:
        waiting = self._waiting(call, pool)
        waiting["RestoreStatus"] = RestoreStatus.CANCELLED
        return self._told(pool, waiting["RestoreId"])

    def _waiting(self, call: Call, pool: Pool) -> dict[str, Any]:
        found = self._known(pool).recoveries.get(str(call.params.get("RestoreId")))
        if found is None:
            raise restores.unknown()
        restores.check_waiting(found["RestoreStatus"])
        return found

    def _told(self, pool: Pool, name: Any) -> Reply:
        found = self._known(pool).recoveries.get(str(name))
        if found is None:
            raise restores.unknown()
        return Reply.of({"Restoration": found})

    def _list(self, _: Call, pool: Pool) -> Reply:
        newest_first = list(reversed(self._known(pool).recoveries.values()))
        return Reply.of({"Restorations": newest_first})
