"""The throw-away pool and what works on it: a replay's context, with stand-ins of the tables."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.services.metering import Meter
from cognito_standby.reconciliation.services.paced_pool import PacedPool
from cognito_standby.recovery.domain.rehearsal_report import Report
from cognito_standby.recovery.services.rehearsal_context import RehearsalContext
from cognito_standby.recovery.services.rehearsal_ledger import RehearsedLedger
from cognito_standby.recovery.services.rehearsal_plan import RehearsalPlan
from cognito_standby.recovery.services.rehearsal_stores import (
    NobodyErased,
    RehearsedRecords,
    Unheard,
)
from cognito_standby.replication.services.context import SyncContext


@dataclass(frozen=True)
class Stage:
    """One rehearsal. `client_id`: of the only app client."""

    ctx: RehearsalContext
    plan: RehearsalPlan
    report: Report
    sync: SyncContext
    records: RehearsedRecords
    ledger: RehearsedLedger
    pool: PacedPool
    client_id: str


def stage_of(ctx: RehearsalContext, plan: RehearsalPlan, report: Report, client_id: str) -> Stage:
    """The pool stands already; records tell of everybody who was planned."""
    records = RehearsedRecords(ctx.region, ctx.other)
    ledger = RehearsedLedger(ctx.clock, report.pool_id)
    now = ctx.clock.now()
    for name, fields in plan.groups.items():
        records.tell(Subject.group(name), fields, now)
    for person in plan.people:
        records.tell(person.subject, person.fields, now)
    pool = PacedPool(ctx.directory(report.pool_id), ctx.pacer, ctx.clock, Meter())
    sync = SyncContext(
        region=ctx.region,
        user_pool_id=report.pool_id,
        directory=pool,
        records=records,
        ledger=ledger,
        bus=Unheard(),
        clock=ctx.clock,
        passwords=ctx.passwords,
        erasures=NobodyErased(),
    )
    return Stage(ctx, plan, report, sync, records, ledger, pool, client_id)
