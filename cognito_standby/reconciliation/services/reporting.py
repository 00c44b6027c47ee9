"""Write Report: what was compared, found, done and left, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cognito_standby.core.domain.after_failover import (
    AfterFailover,
    consequences,
    contradictions,
)
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.sign_in import SignInRules
from cognito_standby.core.domain.subjects import digest
from cognito_standby.reconciliation.domain.drift_report import (
    UNFINISHED,
    Answer,
    Brake,
    DriftReport,
    Finding,
    Problem,
    RunFacts,
    Totals,
    TrendPoint,
    added_up,
)
from cognito_standby.reconciliation.domain.findings import Findings
from cognito_standby.reconciliation.domain.reconciliation import SHARDS, Drift, Run, Suspect
from cognito_standby.reconciliation.domain.usage import Usage
from cognito_standby.reconciliation.domain.verdict import verdict_of
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict, Judgement
from cognito_standby.reconciliation.ports import PoolsCompared
from cognito_standby.reconciliation.report.page import report_page
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.report_figures import (
    Pace,
    cost,
    phases,
    quota_use,
    work_of,
)
from cognito_standby.reconciliation.services.reports import keep, last_readable, name_of
from cognito_standby.reconciliation.services.run_store import suspects_in

ACTIVE = "active"
TREND = 30
"""Runs that the trend shows."""


@dataclass(frozen=True)
class Written:
    """Where the report is, and what metrics and alarms are made of."""

    name: str
    report: DriftReport


def write_report(
    ctx: ReconcileContext,
    run: Run,
    answer: Answer,
    pace: Pace,
    pools: PoolsCompared | None = None,
) -> Written:
    """Write both forms of the report. Repeatable: it says the same again, but for its time, and
    for what the pools' newest snapshots show then. `pools`: None leaves the configuration out.

    Calls: files, clock, pools.
    """
    name = name_of(run)
    last = last_readable(ctx.files, but=name)
    report = build(ctx, run, answer, pace, last)
    if pools is not None:
        active = report.run.role == ACTIVE
        drift = pools.drift(run.region, active=active)
        report = replace(report, configuration=drift)
    keep(ctx.files, name, report, report_page(report))
    return Written(name, report)


def build(
    ctx: ReconcileContext, run: Run, answer: Answer, pace: Pace, last: DriftReport | None
) -> DriftReport:
    """The report of a run; `last` is the one before. InvalidRecordError: a file is broken."""
    store = ctx.store(run)
    judgement = store.judgement()
    if judgement is None:
        raise InvalidRecordError("the run has no judgement to report on")
    active = store.was_active()
    findings, billed, spent = _findings(ctx, run, judgement, last, active=active)
    totals = _totals(judgement, findings)
    verdict, summary = verdict_of(run, judgement, findings, totals, answer)
    facts = _facts(ctx, run, active=active)
    work = work_of(store, spent)
    return DriftReport(
        run=facts,
        verdict=verdict,
        summary=summary,
        totals=totals,
        findings=findings,
        skipped=dict(judgement.tally.skipped),
        brake=_brake(judgement, answer),
        problems=_problems(judgement, findings),
        trend=_trend(run, facts, totals, findings, last),
        quotas=quota_use(work, pace),
        phases=phases(work),
        cost=cost(work, billed, pace),
        readiness=store.readiness(),
        after_failover=_after_failover(*store.policy()),
    )


def _after_failover(word: str, rules: SignInRules | None) -> tuple[str, ...]:
    """What a word of another release means is not told."""
    if word not in frozenset(AfterFailover):
        return ()
    policy = AfterFailover(word)
    against = contradictions(policy, rules) if rules else ()
    return (f"after_failover is {policy}.", *consequences(policy), *against)


def _findings(
    ctx: ReconcileContext,
    run: Run,
    judgement: Judgement,
    last: DriftReport | None,
    *,
    active: bool,
) -> tuple[tuple[Finding, ...], int, list[Usage]]:
    """The findings, how many users the visits made monthly active ones, and what the visits spent,
    part by part: of a large filling there are thousands of parts, each of which is read once."""
    sums, billed, spent = Findings(), 0, list[Usage]()
    for file in judgement.buckets:
        for suspect in suspects_in(ctx.files, file):
            sums.found(suspect, _shown(run, suspect))
    for part in ctx.store(run).repaired():
        spent.append(part.usage)
        for visit in part.visits:
            sums.became(visit.suspect, visit.outcome, visit.reason)
            billed += visit.billed
    comparable = last is not None and whole(run) and last.trend[-1:] and last.trend[-1].whole
    found = sums.close(last.drift if last and comparable else (), active=active)
    return found, billed, spent


def whole(run: Run) -> bool:
    """Whether a run looked at everything: only such runs are compared with each other."""
    return not run.seeding and len(run.shards) in (0, SHARDS)


def _shown(run: Run, suspect: Suspect) -> str:
    known = suspect.key or suspect.local_sub
    return known if run.clear_ids or not known else digest(known)


def _totals(judgement: Judgement, findings: Sequence[Finding]) -> Totals:
    tally = judgement.tally
    return Totals(
        users=tally.users,
        records=tally.records,
        ledger_rows=tally.ledger_rows,
        groups=tally.groups,
        memberships=tally.memberships,
        in_sync=tally.in_sync,
        drift=sum(each.found for each in findings if not each.housekeeping),
        housekeeping=sum(each.found for each in findings if each.housekeeping),
        destructive=tally.destructive,
        awaited=tally.skipped.get(NotHeld.AWAITED, 0),
    )


def _facts(ctx: ReconcileContext, run: Run, *, active: bool) -> RunFacts:
    now = ctx.clock.now()
    return RunFacts(
        id=run.id,
        execution=run.execution,
        region=run.region,
        user_pool_id=run.user_pool_id,
        role=ACTIVE if active else "standby",
        mode=run.mode.value,
        seeding=run.seeding,
        shards=len(run.shards) or SHARDS,
        started_at=run.started_at,
        ended_at=now.isoformat(timespec="seconds"),
        seconds=round((now - datetime.fromisoformat(run.started_at)).total_seconds(), 1),
        ids_shown=run.clear_ids,
    )


def _brake(judgement: Judgement, answer: Answer) -> Brake:
    asked = (
        judgement.verdict in (BrakeVerdict.ASK, BrakeVerdict.STOP) or answer is not Answer.NOT_ASKED
    )
    return Brake(judgement.reasons if asked else (), answer)


def _problems(judgement: Judgement, findings: Sequence[Finding]) -> tuple[Problem, ...]:
    """What was not as it should be. The brake's own reasons are not repeated here."""
    found = [
        Problem(each.kind, each.found, each.cause)
        for each in findings
        if each.kind in (Drift.UNREADABLE_RECORD, Drift.NO_SHARD)
    ]
    for kind, parts in (
        ("part that could not be listed", judgement.not_listed),
        ("bucket that could not be compared", judgement.not_compared),
    ):
        if parts:
            found.append(Problem(kind, len(parts), ", ".join(parts[:20])))
    if judgement.verdict not in (BrakeVerdict.ASK, BrakeVerdict.STOP):
        found += [Problem("noted", 1, reason) for reason in judgement.reasons]
    return tuple(found)


def _trend(
    run: Run,
    facts: RunFacts,
    totals: Totals,
    findings: Sequence[Finding],
    last: DriftReport | None,
) -> tuple[TrendPoint, ...]:
    before = [each for each in (last.trend if last else ()) if each.run != run.id]
    left = added_up((each for each in findings if not each.housekeeping), *UNFINISHED)
    now = TrendPoint(
        run.id, run.started_at, totals.users, totals.drift, left, facts.seconds, whole(run)
    )
    return (*before[1 - TREND :], now)
