"""The sweep: status events are delivered at best effort, so failures whose event was lost are
looked for.

Two searches: failed executions that nobody treats, and ledger rows that were left in `applying`.
Each is bounded, and goes on where it stopped the next time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cognito_standby.core.domain.conflicts import Weight
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.ports import Clock, HintBus, PoolNotes
from cognito_standby.failures.domain.executions import FAILED, ExecutionStatus
from cognito_standby.failures.domain.failures import is_neglected, marker_key
from cognito_standby.failures.ports import AttentionIndex, FailedRun, FailedRuns, FailureNotes

HORIZON = timedelta(hours=48)
"""How far back executions are looked for by their start: one of sync_user can run 24 hours."""

STRANDED_AFTER = timedelta(minutes=15)
"""An execution that lives renews its lease with each step, and waits 5 minutes at most between
two attempts (the policy `throttled`)."""

HINT_AGAIN_SECONDS = 6 * 3600
"""A row that nobody can repair would otherwise bring a new letter with each sweep."""

_PAGES = 5
_TREATMENTS = 50
_ROWS = 200


@dataclass(frozen=True)
class SweepContext:
    """What it takes to sweep. `machines`: ARNs of those whose failures are treated."""

    machines: Sequence[str]
    runs: FailedRuns
    notes: FailureNotes
    attention: AttentionIndex
    bus: HintBus
    clock: Clock


@dataclass(frozen=True)
class Swept:
    """What a sweep found. `oldest_unapplied_seconds`: since the last step of the row that has been
    in `applying` longest, among those that nobody works on. `conflicts`: undecided."""

    treated: int
    woken: int
    stranded: int
    quarantined: int
    failed: int
    conflicts: int
    oldest_unapplied_seconds: float
    more: bool


def sweep(ctx: SweepContext) -> Swept:
    """Look for neglected failures and stranded rows."""
    treated, more = _treat_neglected(ctx)
    now = ctx.clock.now()
    ages = {row.subject: _age(row.lease_expired_at, now) for row in ctx.attention.applying(_ROWS)}
    stranded = [key for key, age in ages.items() if age >= STRANDED_AFTER.total_seconds()]
    return Swept(
        treated=treated,
        woken=sum(_wake(ctx, key, now) for key in stranded),
        stranded=len(stranded),
        quarantined=ctx.attention.count(SyncState.QUARANTINED),
        failed=ctx.attention.count(SyncState.FAILED),
        conflicts=sum(map(ctx.attention.count, Weight)),
        oldest_unapplied_seconds=max(ages.values(), default=0.0),
        more=more or len(ages) == _ROWS,
    )


def seconds_not_reconciled(pools: PoolNotes, user_pool_id: str, now: datetime) -> float:
    """Seconds since the last reconciliation of the pool ended; before the first one, since this was
    first asked. The sweep asks, because a run that never begins reports nothing."""
    return max(0.0, (now - pools.not_reconciled_since(user_pool_id, now)).total_seconds())


def _treat_neglected(ctx: SweepContext) -> tuple[int, bool]:
    treated, more = 0, False
    for machine in ctx.machines:
        for status in FAILED:
            for run in _neglected(ctx, machine, status):
                if treated == _TREATMENTS:
                    return treated, True
                ctx.runs.treat(run)
                treated += 1
            more = more or bool(ctx.notes.cursor(_cursor(machine, status)))
    return treated, more


def _neglected(ctx: SweepContext, machine: str, status: ExecutionStatus) -> list[FailedRun]:
    """Up to a few pages, from where the last sweep stopped."""
    name, now, found = _cursor(machine, status), ctx.clock.now(), list[FailedRun]()
    token = ctx.notes.cursor(name)
    for _ in range(_PAGES):
        page = ctx.runs.page(machine, status, token)
        recent = [run for run in page.runs if now - run.started_at < HORIZON]
        keys = {marker_key(run.arn, run.redrive_count): run for run in recent}
        markers = ctx.notes.read_many(keys)
        found += [run for key, run in keys.items() if is_neglected(markers.get(key), now)]
        token = page.token if len(recent) == len(page.runs) else ""
        if not token:
            break
    ctx.notes.keep_cursor(name, token)
    return found


def _wake(ctx: SweepContext, key: str, now: datetime) -> bool:
    if not ctx.notes.first_in(key, HINT_AGAIN_SECONDS):
        return False
    ctx.bus.publish(Hint(origin_sub=key, cause="sweep", hinted_at=now.isoformat()))
    return True


def _age(lease_expired_at: float | None, now: datetime) -> float:
    """Seconds since the lease ran out. A row without a lease was released on purpose, to wait for a
    name that another user holds; its execution ends in a letter if it fails."""
    return 0.0 if lease_expired_at is None else max(0.0, now.timestamp() - lease_expired_at)


def _cursor(machine: str, status: ExecutionStatus) -> str:
    return f"{machine}#{status.value}"
