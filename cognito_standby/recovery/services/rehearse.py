"""A rehearsal: people of records are made in a throw-away pool by the code of the replay, compared,
and signed in. The pool is removed at the end, however that comes.

No call of it can make Cognito send a message: users are made and changed as replays do, which
suppress it; passwords are set by an administrator; the sign-in is an administrator's, in a pool
without second factors. "Forgot password" sends a code, so it is never called: whether somebody
could use it follows from the standby's settings and what the pool shows of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cognito_standby.core.domain.errors import (
    MisconfiguredError,
    PlanStaleError,
    RetryableError,
    StandbyError,
)
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.operator.services.context import told
from cognito_standby.recovery.domain.rehearsal_cost import whole_pool
from cognito_standby.recovery.domain.rehearsal_marks import Fate, note_of
from cognito_standby.recovery.domain.rehearsal_pool import client_of
from cognito_standby.recovery.domain.rehearsal_report import Report, as_json
from cognito_standby.recovery.services.rehearsal_context import RehearsalContext, leave_note
from cognito_standby.recovery.services.rehearsal_looks import compare, sign_in
from cognito_standby.recovery.services.rehearsal_plan import RehearsalPlan
from cognito_standby.recovery.services.rehearsal_stage import Stage, stage_of
from cognito_standby.recovery.services.rehearsal_sweep import remove_own, sweep
from cognito_standby.replication.services.replay import replay_record

_HOLDER = "rehearsal"
_TRIES, _SECONDS = 5, 1.0
_FRESH_TRIES = 30
"""Rights that are given by a tag may take a while to count for a pool that was just made."""

_T = TypeVar("_T")
Tell = Callable[[str], None]


def rehearse(ctx: RehearsalContext, plan: RehearsalPlan, tell: Tell) -> Report:
    """Everything that was planned. StandbyError: not even the note could be written; otherwise what
    goes wrong is in the report. An interruption is raised again once the pool is removed."""
    report = _begun(ctx, plan)
    report.swept = sweep(ctx)
    leave_note(ctx, plan.mark, "")
    try:
        _play(ctx, plan, report, tell)
    except StandbyError as error:
        report.broke_off = told(error)
    except BaseException as error:
        report.broke_off = type(error).__name__
        raise
    finally:
        _tidy(ctx, plan, report, tell)
    return report


def _begun(ctx: RehearsalContext, plan: RehearsalPlan) -> Report:
    return Report(
        id=plan.mark.id,
        installation=ctx.installation,
        region=ctx.region,
        people=plan.order.people,
        estimate=plan.estimate,
        left_out=plan.copy.left_out,
        began_at=ctx.clock.now().isoformat(),
    )


def _play(ctx: RehearsalContext, plan: RehearsalPlan, report: Report, tell: Tell) -> None:
    report.pool_id = ctx.pools.create(plan.copy.request)
    leave_note(ctx, plan.mark, report.pool_id)
    request = client_of(plan.described)
    client_id = _once_it_may(ctx, lambda: ctx.pools.create_client(report.pool_id, request))
    tell(f"the pool {report.pool_id} stands")
    stage = stage_of(ctx, plan, report, client_id)
    _make(stage, tell)
    compare(stage)
    tell(f"{report.equal} of {plan.estimate.people} are as their record says")
    sign_in(stage)
    tell(f"{report.signed_in} of {plan.estimate.people} signed in, or were rightly refused")


def _make(stage: Stage, tell: Tell) -> None:
    """Groups, then people, one after the other, timed."""
    report, people = stage.report, stage.plan.people
    for name in stage.plan.groups:
        report.differs(f"group {name}", _replayed(stage, Subject.group(name)))
    stage.pool.meter.calls.clear()
    began = stage.ctx.seconds()
    for number, person in enumerate(people, 1):
        wrong = _replayed(stage, person.subject)
        report.differs(f"person {number}", wrong)
        report.made += not wrong
        if number % 20 == 0 or number == len(people):
            tell(f"{number} of {len(people)} made")
    report.seconds["make"] = round(stage.ctx.seconds() - began, 3)
    report.calls = dict(stage.pool.meter.calls)
    if report.made:
        took = report.seconds["make"]
        report.whole = whole_pool(stage.plan.users, len(people), took, report.calls)


def _replayed(stage: Stage, subject: Subject) -> list[str]:
    """Why somebody could not be made; nothing: they were. What a machine would try again is tried
    again."""
    for last in [False] * _TRIES + [True]:
        stage.pool.begin_step()
        try:
            replay_record(stage.sync, subject, _HOLDER)
        except (RetryableError, PlanStaleError) as error:
            if last:
                return [told(error)]
            stage.ctx.pause(_SECONDS)
        except StandbyError as error:
            return [told(error)]
        else:
            return []
    return []


def _once_it_may(ctx: RehearsalContext, call: Callable[[], _T]) -> _T:
    for _ in range(_FRESH_TRIES):
        try:
            return call()
        except (MisconfiguredError, RetryableError):
            ctx.pause(_SECONDS)
    return call()


def _tidy(ctx: RehearsalContext, plan: RehearsalPlan, report: Report, tell: Tell) -> None:
    """Remove the pool, and leave the report in the place of the note."""
    report.kept = plan.order.keep and bool(report.pool_id) and not report.broke_off
    try:
        if not report.kept:
            gone = remove_own(ctx, plan.mark, report.pool_id)
            left = [each for each in gone if each.fate is Fate.LEAVE]
            report.removed = not left
            report.left = "; ".join(f"{each.pool.id}: {each.told}" for each in left)
    except StandbyError as error:
        report.left = f"{report.pool_id}: {told(error)}"
    report.ended_at = ctx.clock.now().isoformat()
    tell(
        "the pool is kept"
        if report.kept
        else "the pool is removed"
        if report.removed
        else "the pool is left"
    )
    try:
        leave_note(ctx, plan.mark, report.pool_id, report=as_json(report))
    except StandbyError as error:
        report.left += f" no report was written to {note_of(plan.mark.id)}: {error}"
