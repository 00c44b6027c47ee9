"""One job of `standby redrive`: have one subject converge, and see that it did."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from cognito_standby.core.domain.errors import InvalidRecordError, NewerSchemaError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.domain.executions import (
    GOING,
    Execution,
    ExecutionStatus,
    Redrive,
    StartAfresh,
    Verify,
    Wait,
    remedy_for,
)
from cognito_standby.failures.domain.failures import (
    CHANGE_MACHINE,
    MEMBERS_MACHINE,
    RECONCILE_MACHINE,
)
from cognito_standby.operator.services.context import OperatorContext, told
from cognito_standby.operator.services.redrive_job import (
    CAUSE,
    Job,
    RedriveOutcome,
    RedriveRequest,
    RedriveResult,
)
from cognito_standby.reconciliation.domain.run_request import UNASKED

_POLL_SECONDS = 0.5


def work(ctx: OperatorContext, job: Job, wanted: RedriveRequest) -> RedriveResult:
    """Redrive, start afresh or wait; resolved only once the ledger and the records agree."""
    if job.machine == RECONCILE_MACHINE and not job.executions:
        return _begun(ctx, job, wanted)
    execution = _latest(ctx, job)
    _fill_in(ctx, job, execution)
    if execution is None and job.executions and job.hint is None and not job.change:
        return RedriveResult("nothing", RedriveOutcome.LEFT, "there is no such execution")
    deadline = ctx.clock.now() + timedelta(seconds=wanted.wait_seconds)
    if execution is None and not job.executions:
        return _afresh(ctx, job, "", wanted, deadline)
    remedy = remedy_for(execution, ctx.clock.now())
    match remedy:
        case Redrive():
            return _redriven(ctx, job, _sure(execution), wanted, deadline)
        case Wait():
            return _followed(ctx, job, _sure(execution).arn, "waited for it", wanted, deadline)
        case Verify():
            return _verified(ctx, job, _sure(execution), wanted, deadline)
        case StartAfresh():
            return _afresh(ctx, job, remedy.reason, wanted, deadline)
    assert_never(remedy)


def _begun(ctx: OperatorContext, job: Job, wanted: RedriveRequest) -> RedriveResult:
    """A reconciliation, by the job's name, so that it is begun once. It waits by itself until the
    recovery has ended, may take hours, and has an alarm of its own: nothing is waited for."""
    if ctx.runs is None:
        return RedriveResult("nothing", RedriveOutcome.LEFT, "there is no reconciliation here")
    if wanted.dry_run:
        return RedriveResult("would be started", RedriveOutcome.PLANNED)
    ctx.runs.machine.start(job.id, UNASKED)
    return RedriveResult("started", RedriveOutcome.RESOLVED, "the run looks once it has ended")


def settled(ctx: OperatorContext, key: str) -> tuple[bool, str]:
    """Whether the ledger says that the subject is in sync with the winner, and how it stands."""
    subject = Subject.from_key(key)
    row = ctx.ledger.read(subject)
    try:
        partition, _ = ctx.records.read(subject)
    except (InvalidRecordError, NewerSchemaError) as error:
        return False, told(error)
    winner = resolve(partition)
    if row.state is SyncState.SKIPPED and winner is None:
        return True, f"nothing to replicate: {row.reason}"
    if row.state is not SyncState.IN_SYNC:
        return False, f"the ledger says {row.state}" + (f": {row.reason}" if row.reason else "")
    if row.confirmed_version != (winner.version if winner else None):
        return False, "a newer change is not confirmed yet"
    return True, "in sync"


def subject_of(ctx: OperatorContext, hint: Hint) -> str:
    """The record key that a hint is about, as far as the ledger can tell without the pool."""
    if hint.group:
        return Subject.group(hint.group).key
    if hint.origin_sub:
        return Subject.from_key(hint.origin_sub).key
    return Subject.user(ctx.ledger.origin_of(hint.local_sub) or hint.local_sub).key


def _latest(ctx: OperatorContext, job: Job) -> Execution | None:
    """The newest of its executions that still exists."""
    for arn in reversed(job.executions):
        if execution := ctx.executions.describe(arn):
            return execution
    return None


def _redriven(
    ctx: OperatorContext, job: Job, execution: Execution, wanted: RedriveRequest, deadline: datetime
) -> RedriveResult:
    if wanted.dry_run:
        return RedriveResult("would redrive", RedriveOutcome.PLANNED, _last_error(execution))
    if refusal := ctx.executions.redrive(execution.arn):
        reason = f"the redrive was refused ({refusal})"
        return _afresh(ctx, job, reason, wanted, deadline)
    return _followed(ctx, job, execution.arn, "redriven", wanted, deadline)


def _afresh(
    ctx: OperatorContext, job: Job, why: str, wanted: RedriveRequest, deadline: datetime
) -> RedriveResult:
    done = "started afresh" + (f": {why}" if why else "")
    if job.change and not job.executions:
        if wanted.dry_run:
            return RedriveResult("would be started", RedriveOutcome.PLANNED)
        arn = ctx.executions.start_change(job.change)
        return _followed(ctx, job, arn, "started", wanted, deadline)
    if job.change:
        # Pool and record agree without it, and whoever asked for it knows that it failed.
        done = f"not made, because {why}"
        if job.hint is None and not job.noted:
            return RedriveResult(done, RedriveOutcome.LEFT, _UNKNOWN)
        if job.hint is None:
            return RedriveResult(
                done, _dropped(wanted), "nothing was written; it can be asked for again"
            )
    if job.hint is None:
        return RedriveResult("nothing", RedriveOutcome.LEFT, f"{why}, and {_UNKNOWN}")
    if wanted.dry_run:
        return RedriveResult(f"would be {done}", RedriveOutcome.PLANNED)
    members = job.machine == MEMBERS_MACHINE
    start = ctx.executions.start_members if members else ctx.executions.start
    return _followed(ctx, job, start(job.hint), done, wanted, deadline)


_UNKNOWN = "whom it was about is not known"


def _dropped(wanted: RedriveRequest) -> RedriveOutcome:
    return RedriveOutcome.PLANNED if wanted.dry_run else RedriveOutcome.RESOLVED


def _verified(
    ctx: OperatorContext, job: Job, execution: Execution, wanted: RedriveRequest, deadline: datetime
) -> RedriveResult:
    """The execution succeeded meanwhile, by an earlier run of this command or from the console."""
    key = execution.subject or job.subject
    good, why = settled(ctx, key) if key else (True, "the execution succeeded")
    if good:
        return RedriveResult("had succeeded already", RedriveOutcome.RESOLVED, why)
    return _afresh(ctx, replace(job, change=""), f"it had succeeded, but {why}", wanted, deadline)


def _followed(
    ctx: OperatorContext, job: Job, arn: str, done: str, wanted: RedriveRequest, deadline: datetime
) -> RedriveResult:
    """Wait for the end of an execution, then for the ledger, within the time given."""
    if wanted.dry_run:
        return RedriveResult("would wait for it", RedriveOutcome.PLANNED, "it is running")
    while (execution := ctx.executions.describe(arn)) and execution.status in GOING:
        if ctx.clock.now() >= deadline:
            reason = f"still running after {wanted.wait_seconds:.0f} s; run the command again"
            return RedriveResult(done, RedriveOutcome.LEFT, reason)
        ctx.pause(_POLL_SECONDS)
    if execution is None or execution.status is not ExecutionStatus.SUCCEEDED:
        return RedriveResult(done, RedriveOutcome.LEFT, f"failed again: {_last_error(execution)}")
    key = execution.subject or job.subject
    while not (answer := settled(ctx, key) if key else (True, "it succeeded"))[0]:
        if ctx.clock.now() >= deadline:
            return RedriveResult(done, RedriveOutcome.LEFT, f"it succeeded, but {answer[1]}")
        ctx.pause(_POLL_SECONDS)
    return RedriveResult(done, RedriveOutcome.RESOLVED, answer[1])


def _fill_in(ctx: OperatorContext, job: Job, execution: Execution | None) -> None:
    """A letter can lack the subject, or the change: the execution's own input names it."""
    if execution is None:
        return
    if job.machine == CHANGE_MACHINE:
        job.change = job.change or execution.requested_change
    if job.hint is not None or execution.hint is None:
        return
    if job.machine != MEMBERS_MACHINE:  # which is about those who were in the group
        try:
            job.subject = job.subject or subject_of(ctx, execution.hint)
        except InvalidRecordError:
            return  # it will say so itself when it is redriven
    job.hint = replace(execution.hint, cause=CAUSE, created=False)


def _last_error(execution: Execution | None) -> str:
    return execution.explained if execution else "it is gone"


def _sure(execution: Execution | None) -> Execution:
    if execution is None:
        raise AssertionError("only a missing execution is started afresh")
    return execution
