"""Write Report: what was compared, found, done and left.

Input: {"run", "answer": what came of the brake's question}.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.configuration.adapters.snapshots import DynamoSnapshots
from cognito_standby.configuration.services.drift_reporting import SnapshotsCompared
from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.configuration_notes import DynamoConfigurationNotes
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.settings import region as own_region
from cognito_standby.reconciliation.domain.drift_report import Answer, DriftReport, FindingOutcome
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.reconciliation.services.reporting import write_report
from cognito_standby.reconciliation.services.settling import settle_recoveries
from tasks.reconcile_step import pace, run_of, settings, world
from tasks.reporting import count_by_reason, count_drift, counted, report
from tasks.sync_step import text_of

_LEFT = (FindingOutcome.LEFT, FindingOutcome.NOT_TRIED)


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer where the report is, and its verdict."""
    run, ctx = run_of(event), world(event, context)
    ctx.register.settle(run.id)
    answer = Answer(text_of(event, "answer"))
    written = write_report(ctx, run, answer, pace(), _pools())
    ctx.register.run_ended(ctx.user_pool_id, ctx.clock.now())
    settled = settle_recoveries(ctx, run, answer)
    told = written.report
    facts = {"run": run.id, "report": written.name, "recoveries": settled}
    report(f"write_report: {told.verdict}", _counts(told), **facts)
    if not run.seeding:
        for finding in told.findings:
            if not finding.housekeeping:
                count_drift(finding.kind, finding.found)
    ready = told.readiness
    if ready is not None and told.run.shards == SHARDS:
        count_by_reason(Metric.CANNOT_GET_IN, ready.not_by_themselves)
        count_by_reason(Metric.FIELDS_NOT_HELD, ready.fields_not_held)
        count_by_reason(Metric.USERS_WITH_FACTOR, ready.factors)
    return {"report": written.name, "verdict": told.verdict.value, "drift": told.totals.drift}


@cache
def _pools() -> SnapshotsCompared:
    """How both pools are set up, by this Region's replica of the records table."""
    own, dynamodb = settings(), clients.dynamodb()
    table, region = own.records_table, own_region()
    return SnapshotsCompared(
        own.installation,
        DynamoConfigurationNotes(dynamodb, table, region),
        DynamoSnapshots(dynamodb, table, region),
    )


def _counts(told: DriftReport) -> dict[str, float]:
    """What is counted as drift. A first filling finds everybody missing, as expected: that is no
    drift."""
    drift = [each for each in told.findings if not each.housekeeping]
    repaired = sum(each.outcomes.get(FindingOutcome.REPAIRED, 0) for each in drift)
    counts: dict[str, float] = {
        Metric.RECONCILIATIONS: 1,
        Metric.RECONCILIATION_TIME: told.run.seconds,
        Metric.USERS_COMPARED: told.totals.users,
        Metric.REPAIRED: repaired,
        Metric.UNREPAIRED: sum(each.outcomes.get(how, 0) for each in drift for how in _LEFT),
    }
    if not told.run.seeding:
        counts[Metric.DRIFT] = told.totals.drift
        counts[Metric.REPEATED_DRIFT] = sum(each.found for each in drift if each.repeats_because)
    if told.readiness is not None and told.run.shards == SHARDS:
        counts[Metric.CANNOT_GET_IN] = sum(told.readiness.not_by_themselves.values())
        counts[Metric.FIELDS_NOT_HELD] = sum(told.readiness.fields_not_held.values())
        counts[Metric.LINKED_USERS] = told.readiness.linked
        counts[Metric.USERS_WITH_FACTOR] = sum(told.readiness.factors.values())
    return counts
