"""`standby status`: look at a Region from every side at once, each side bounded by itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    ServiceUnavailableError,
    StandbyError,
)
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.domain.executions import FAILED, Execution, ExecutionStatus
from cognito_standby.failures.domain.letter_reader import parse_letter
from cognito_standby.operator.domain.failovers import command_of, is_failover
from cognito_standby.operator.domain.health import Reconciled, RegionView
from cognito_standby.operator.domain.readiness import ACTIVE
from cognito_standby.operator.services.context import OperatorContext, told
from cognito_standby.operator.services.redrive_work import settled, subject_of
from cognito_standby.operator.services.run_context import RunContext
from cognito_standby.reconciliation.domain.brake import EMPTIED
from cognito_standby.reconciliation.domain.drift_report import CLEAN, DriftReport
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.reconciliation.services.reports import last_readable
from cognito_standby.reconciliation.services.run_store.earlier import earlier_pool_note

LOOK_SECONDS = 2.0
"""A side that has not answered by then is unknown."""

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_CHECKED = 10
_SAMPLED = 10

_RECONCILIATION = re.compile(r":execution:[^:]*-reconcile_pool:")
"""Its runs take hours or wait for an operator, and are no changes that nobody applied."""

Findings = dict[str, Any]
"""Fields of RegionView."""


def look_at(ctx: OperatorContext, seconds: float = LOOK_SECONDS) -> RegionView:
    """What a Region shows now. A Region that does not answer at all is unreachable; what a single
    service does not tell is unknown."""
    sides: Mapping[str, Callable[[OperatorContext], Findings]] = {
        "claims": _claims,
        "dead_letters": _letters,
        "parked_hints": lambda d: {"parked_hints": d.gauges.parked_hints()},
        "running": _running,
        "failed": _failed,
        "attention": _attention,
        "conflicts": _conflicts,
        "lag": _lag,
        "alarms": lambda d: {"alarms": tuple(d.gauges.alarms())},
    }
    if ctx.configuration is not None:
        notes = ctx.configuration
        sides = {**sides, "configuration": lambda d: {"configuration": notes.read(d.region)}}
    if ctx.runs is not None:
        runs = ctx.runs
        sides = {
            **sides,
            "reconciled": lambda _: _reconciled(runs),
            "questions": lambda _: _questions(runs),
        }
        if ctx.existing:
            sides = {**sides, "unseeded": lambda _: {"unseeded": _unseeded(runs)}}
    pool = ThreadPoolExecutor(len(sides))
    futures = {name: pool.submit(side, ctx) for name, side in sides.items()}
    wait(futures.values(), timeout=seconds)
    pool.shutdown(wait=False, cancel_futures=True)
    return _view(ctx, futures)


def _view(ctx: OperatorContext, futures: Mapping[str, Future[Findings]]) -> RegionView:
    found: Findings = {}
    unknown: dict[str, str] = {}
    silent = 0
    for name, future in futures.items():
        if not future.done():
            unknown[name], silent = "no answer in time", silent + 1
            continue
        try:
            found |= future.result()
        except StandbyError as error:
            unknown[name] = told(error)
            silent += isinstance(error, ServiceUnavailableError)
    if silent == len(futures):
        return RegionView(ctx.region, unreachable=unknown["claims"])
    ages = [found.pop(name, None) for name in ("_letter", "_run", "_row")]
    known = [_age(ctx, moment) for moment in ages if moment is not None]
    oldest = max(known, default=None)
    return RegionView(ctx.region, **found, oldest_change=oldest, fenced=ctx.fenced, unknown=unknown)


def _claims(ctx: OperatorContext) -> Findings:
    active = ctx.records.read_active()
    return {"claims": active.numbers, "makes_way": active.stood_down}


def _letters(ctx: OperatorContext) -> Findings:
    number = ctx.letters.count()
    if not number:
        return {"dead_letters": 0}
    some = ctx.letters.peek()
    oldest = min((each.sent_at for each in some if each.sent_at), default=None)
    kinds = Counter(parse_letter(each.body, each.attributes).kind.value for each in some)
    return {
        "dead_letters": number,
        "oldest_letter": None if oldest is None else _age(ctx, oldest),
        "letters_by_kind": dict(kinds),
        "_letter": oldest,
    }


def _running(ctx: OperatorContext) -> Findings:
    running = ctx.executions.recent(ExecutionStatus.RUNNING, ctx.clock.now() - _DAY)
    changes = (each for each in running if not _waits_for_long(each))
    oldest = min((each.started_at for each in changes), default=None)
    return {"running": len(running), "_run": oldest}


def _waits_for_long(execution: Execution) -> bool:
    return is_failover(execution.arn) or _RECONCILIATION.search(execution.arn) is not None


def _failed(ctx: OperatorContext) -> Findings:
    """Failed ones of the last day, and how many of the newest are not repaired since: a failed
    execution stays failed on the list even when a fresh one did its work. Whoever takes a planned
    failover back aborts it: nothing is left to be repaired of that."""
    since = ctx.clock.now() - _DAY
    failed = [
        each
        for status in FAILED
        for each in ctx.executions.recent(status, since)
        if status is not ExecutionStatus.ABORTED or not is_failover(each.arn)
    ]
    failed.sort(key=lambda each: each.started_at, reverse=True)
    unsettled = [full for each in failed[:_CHECKED] if (full := _unsettled(ctx, each))]
    failovers = [(each, command_of(each, ctx.region)) for each in unsettled]
    last = next((each for each, command in failovers if not command), None)
    return {
        "failed": len(failed),
        "unsettled": len(unsettled) + max(0, len(failed) - _CHECKED) * bool(unsettled),
        "last_error": last.explained if last else "",
        "failovers": tuple((command, each.explained) for each, command in failovers if command),
    }


def _unsettled(ctx: OperatorContext, summary: Execution) -> Execution | None:
    """The execution, described, if its subject is not in sync or if that is not known."""
    execution = ctx.executions.describe(summary.arn) or summary
    try:
        repaired = execution.hint is not None and settled(ctx, subject_of(ctx, execution.hint))[0]
    except InvalidRecordError:
        return execution
    return None if repaired else execution


def _attention(ctx: OperatorContext) -> Findings:
    seen = ctx.gauges.attention()
    if seen is None:
        return {"attention": None}
    oldest = [moment for key in seen.subjects[:_SAMPLED] if (moment := _waiting_since(ctx, key))]
    return {
        "attention": dict(seen.counts),
        "subjects": tuple(seen.subjects),
        "_row": min(oldest, default=None),
    }


def _conflicts(ctx: OperatorContext) -> Findings:
    listed = ctx.gauges.conflicts()
    if listed is None:
        return {"conflicts": None}
    return {"conflicts": dict(listed.counts), "in_conflict": tuple(listed.subjects)}


def _waiting_since(ctx: OperatorContext, key: str) -> datetime | None:
    """When the winner was observed, if this Region has not confirmed it."""
    try:
        subject = Subject.from_key(key)
        winner = resolve(ctx.records.read(subject)[0])
    except InvalidRecordError:
        return None
    if winner is None or not winner.observed_at:
        return None
    if ctx.ledger.read(subject).confirmed_version == winner.version:
        return None
    return datetime.fromisoformat(winner.observed_at)


def _lag(ctx: OperatorContext) -> Findings:
    """The canary only where nothing else was replayed, for its changes are replayed, too."""
    now = ctx.clock.now()
    lag = ctx.gauges.lag(now - _HOUR, now)
    if lag is None:
        return {"canary_lag": ctx.gauges.canary(now - _HOUR, now)}
    return {"lag_p50": lag.p50, "lag_p99": lag.p99}


def _reconciled(runs: RunContext) -> Findings:
    """The newest report that can be read."""
    report = last_readable(runs.files, but="")
    if report is None:
        return {}
    ended = datetime.fromisoformat(report.run.ended_at)
    last = Reconciled(
        run=report.run.id,
        verdict=report.verdict.value,
        age=max(0.0, (runs.clock.now() - ended).total_seconds()),
        drift=report.totals.drift,
        clean=report.verdict in CLEAN,
        repeating=tuple(dict.fromkeys(each.kind for each in report.repeating)),
        awaited=report.totals.awaited,
    )
    return {"reconciled": replace(last, **_ready(report))}


def _unseeded(runs: RunContext) -> bool:
    """A dry run seeds nobody, and one that broke off has not ended. Reports expire and do not tell.
    What an earlier release noted elsewhere is of a run that ended."""
    note = runs.register.pool_note(runs.user_pool_id)
    if note is None:
        earlier = earlier_pool_note(runs.files, runs.user_pool_id)
        return earlier is None or not earlier.begun
    return not (note.begun and runs.register.has_run_ended(runs.user_pool_id))


def _ready(report: DriftReport) -> Findings:
    """A run of some shards says nothing of the pool."""
    ready = report.readiness
    if ready is None or report.run.shards != SHARDS:
        return {}
    return {
        "cannot": dict(ready.missing_after_failover(active=report.run.role == ACTIVE)),
        "not_held": sum(ready.fields_not_held.values()),
        "linked": ready.linked,
        "factors": dict(ready.factors),
    }


def _questions(runs: RunContext) -> Findings:
    asked = tuple(runs.register.questions())
    emptied = (each for each in asked if any(r.startswith(EMPTIED) for r in each.reasons))
    return {
        "questions": tuple(each.run.id for each in asked),
        "emptied": tuple(each.run.id for each in emptied),
    }


def _age(ctx: OperatorContext, moment: datetime) -> float:
    return max(0.0, (ctx.clock.now() - moment).total_seconds())
