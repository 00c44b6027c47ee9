"""Sweep Failures: finds failures whose status event was lost. Started by a schedule; no input.

It also counts the questions that reconciliations have open, so that their alarm stays on, and how
long ago the last one ended; goes on with the walk that keeps the index of names whole; looks
whether the tables of two accounts still replicate; and removes tables of a time that crashed
restores left behind.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.events import EventBridgeHintBus
from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.core.adapters.table_replication import read_replication
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.settings import OtherAccountSettings, SweepSettings, names_secret
from cognito_standby.core.settings import region as own_region
from cognito_standby.failures.adapters.executions import SfnExecutions
from cognito_standby.failures.adapters.failures import DynamoFailureNotes
from cognito_standby.failures.adapters.sweeping import DynamoAttentionIndex, SfnFailedRuns
from cognito_standby.failures.services.sweep import SweepContext, seconds_not_reconciled, sweep
from cognito_standby.reconciliation.adapters.run_register import DynamoRunRegister
from cognito_standby.reconciliation.ports import RunRegister
from cognito_standby.recovery.adapters.past_tables import DynamoPastTables, SfnRestores
from cognito_standby.recovery.services.past_tables import clear_past
from cognito_standby.replication.adapters.name_walk import DynamoNameWalk
from cognito_standby.replication.services.index_names import WalkContext, walk
from tasks.composition import name_items
from tasks.reporting import counted, report

_NO_CLAIM = 0
"""Markers are claimed by Note Failure, not here."""


@counted
def handler(_: dict[str, Any], __: object) -> dict[str, Any]:
    """Answer with what was found."""
    ctx, register = _world()
    found = sweep(ctx)
    pool, now = _settings().user_pool_id, ctx.clock.now()
    report(
        "sweep_failures: done",
        {
            Metric.SWEEPS: 1,
            Metric.FAILURES_MISSED: found.treated,
            Metric.STRANDED: found.stranded,
            Metric.FAILED_SUBJECTS: found.failed,
            Metric.QUARANTINED_SUBJECTS: found.quarantined,
            Metric.OLDEST_UNAPPLIED: found.oldest_unapplied_seconds,
            Metric.OPEN_CONFLICTS: found.conflicts,
            Metric.OPEN_QUESTIONS: len(register.questions()),
            Metric.RECONCILIATION_AGE: seconds_not_reconciled(register, pool, now),
        },
        woken=found.woken,
        more=found.more,
    )
    _watch_replication()
    _keep_names(ctx)
    _clear_past(ctx)
    return {"treated": found.treated, "woken": found.woken, "more": found.more}


def _watch_replication() -> None:
    """Of two accounts only: in one, no table's policy is asked."""
    other = OtherAccountSettings.watched()
    if not other:
        return
    seen = read_replication(clients.dynamodb(), _settings().records_table, other)
    report(
        f"sweep_failures: tables are {seen.tie}",
        {Metric.REPLICATION_STOPPED: not seen.well},
        why=seen.why,
        until=seen.until.isoformat() if seen.until else "",
    )


def _keep_names(ctx: SweepContext) -> None:
    """After the sweep, whose figures are told by then."""
    walked = walk(WalkContext(_names(), ctx.notes, ctx.clock))
    if walked.looked:
        report(
            "sweep_failures: names",
            {Metric.NAMES_INDEXED: walked.named, Metric.NAMES_DROPPED: walked.dropped},
            looked=walked.looked,
            waits=walked.waits,
            ended=walked.ended,
        )


def _clear_past(ctx: SweepContext) -> None:
    """Last, so that it fails alone: the next sweep tries again, and the sweep's alarm tells."""
    tables, restores = _past()
    if removed := clear_past(tables, restores, ctx.clock):
        report("sweep_failures: tables of a time", {}, removed=removed)


@cache
def _past() -> tuple[DynamoPastTables, SfnRestores]:
    own = _settings()
    tables = DynamoPastTables(clients.dynamodb(), own.records_table, own.past_tables)
    return tables, SfnRestores(clients.stepfunctions(), own.restore_machine_arn)


@cache
def _names() -> DynamoNameWalk:
    table, dynamodb = _settings().records_table, clients.dynamodb()
    names = name_items(dynamodb, table, names_secret(table))
    return DynamoNameWalk(dynamodb, table, own_region(), names)


@cache
def _settings() -> SweepSettings:
    return SweepSettings.from_env()


@cache
def _world() -> tuple[SweepContext, RunRegister]:
    settings, clock = _settings(), SystemClock()
    dynamodb, stepfunctions = clients.dynamodb(), clients.stepfunctions()
    ctx = SweepContext(
        machines=settings.machine_arns,
        runs=SfnFailedRuns(stepfunctions, settings.contain_failure_machine_arn),
        notes=DynamoFailureNotes(dynamodb, settings.ledger_table, clock, _NO_CLAIM),
        attention=DynamoAttentionIndex(dynamodb, settings.ledger_table),
        bus=EventBridgeHintBus(clients.events(), settings.bus_name),
        clock=clock,
    )
    executions = SfnExecutions(stepfunctions, {})
    return ctx, DynamoRunRegister(dynamodb, settings.ledger_table, clock, executions)
