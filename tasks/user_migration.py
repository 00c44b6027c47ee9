"""UserMigration trigger: whom Cognito makes of somebody who comes and is not in the pool.

Event: "Migrate user Lambda trigger", Amazon Cognito Developer Guide. It brings a password, which
goes to the former pool alone, and into no log. Nothing is raised: an empty answer makes nobody, and
the caller is told what they are told of any unknown name.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any
from uuid import uuid4

from cognito_standby.core.adapters import trigger_clients
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.domain.subjects import digest
from cognito_standby.replication.domain.on_demand import Comer, Made, Refusal
from cognito_standby.replication.services import on_demand
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.triggers.adapters.in_time import in_time
from cognito_standby.triggers.adapters.old_pool import CLIENT, CognitoOldPool
from cognito_standby.triggers.services.arrivals import Answer, Arrival
from cognito_standby.triggers.services.slots import Slot
from cognito_standby.triggers.settings import OldPoolSettings
from tasks.composition import arrival_context
from tasks.fence import fences
from tasks.trigger_slot import call_of, tell

_POOLS = 2
"""Contexts that a process keeps: its own pool's, and one of a pool that is none of ours."""


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer with whom Cognito is to make, or with nobody."""
    return _slot().answer(call_of(event, context))


@cache
def _slot() -> Slot:
    old = OldPoolSettings.from_env().old_pool
    connect = cache(lambda: trigger_clients.of("cognito-idp", CLIENT, old.region))
    asked = CognitoOldPool(connect, old) if old.user_pool_id else None
    return Slot((Arrival(_meet, _origin_of, _tell, asked, fences(marked=True)),))


@lru_cache(maxsize=_POOLS)
def _context(user_pool_id: str) -> SyncContext:
    return arrival_context(user_pool_id)


def _meet(user_pool_id: str, comer: Comer, seconds: float) -> Answer:
    """TimeoutError: nobody is made, and whatever was noted by then is ended by the sync that was
    hinted at."""
    ctx, question = _context(user_pool_id), str(uuid4())
    return in_time(seconds, lambda: on_demand.meet(ctx, comer, question))


def _origin_of(user_pool_id: str, sub: str) -> str | None:
    return _context(user_pool_id).ledger.origin_of(sub)


def _tell(source: str, answer: Answer, error: str) -> None:
    if isinstance(answer, Made):
        user = digest(answer.subject.key)
        tell("user_migration: made", {Metric.MADE_ON_DEMAND: 1}, cause=source, user=user)
        return
    unread = answer is Refusal.UNREAD
    metric = Metric.ARRIVALS_UNREAD if unread else Metric.ARRIVALS_REFUSED
    tell("user_migration: nobody", {metric: 1}, cause=source, reason=answer, error=error)
