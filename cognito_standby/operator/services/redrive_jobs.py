"""From letters to jobs: many letters about one subject are one job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from cognito_standby.core.domain.errors import PermanentError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.subjects import GROUP_KEY, Subject
from cognito_standby.failures.domain.failures import (
    CHANGE_MACHINE,
    MEMBERS_MACHINE,
    RECONCILE_MACHINE,
    machine_named,
    machine_of,
)
from cognito_standby.failures.domain.letter_reader import parse_letter
from cognito_standby.failures.domain.letters import (
    FailedExecution,
    Letter,
    MissedSchedule,
    UndeliveredChange,
    UndeliveredHint,
    UndeliveredRecords,
    UndeliveredRun,
    Unreadable,
    UntreatedFailure,
)
from cognito_standby.operator.ports import Envelope
from cognito_standby.operator.services.context import OperatorContext, told
from cognito_standby.operator.services.redrive_job import CAUSE, Job, RedriveOutcome, RedriveResult
from cognito_standby.operator.services.redrive_work import subject_of
from cognito_standby.reconciliation.domain.run_request import run_id_of


@dataclass
class Held:
    """A letter in hand. `verdict`: what is to be said of one that no execution can repair."""

    envelope: Envelope
    what: str
    jobs: tuple[Job, ...] = ()
    verdict: RedriveResult | None = None

    @property
    def subject(self) -> str:
        """The record key that it is about, "" for none or several."""
        return self.jobs[0].subject if len(self.jobs) == 1 else ""


@dataclass
class Assembly:
    """The wanted letters with their jobs, and the other letters, which are given back."""

    letters: list[Held] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    others: list[Envelope] = field(default_factory=list)


def assemble(
    ctx: OperatorContext, envelopes: Sequence[Envelope], executions: frozenset[str]
) -> Assembly:
    """Read the letters and group them by subject. With `executions`, only those about them, and a
    job for each that has no letter. A letter that cannot be understood stays and stops nothing.

    ServiceUnavailableError, ThrottledError: the ledger or the stream does not answer.
    """
    assembly, by_id = Assembly(), dict[str, Job]()
    for envelope in sorted(envelopes, key=lambda each: (each.sent_at is None, each.sent_at)):
        letter = parse_letter(envelope.body, envelope.attributes)
        if executions and _execution_of(letter) not in executions:
            assembly.others.append(envelope)
            continue
        held = _held(ctx, envelope, letter)
        held.jobs = tuple(_merged(by_id, job, envelope) for job in held.jobs)
        assembly.letters.append(held)
    lettered = {arn for job in by_id.values() for arn in job.executions}
    for arn in sorted(executions - lettered):
        _merged(by_id, _named(arn), None)
    assembly.jobs = list(by_id.values())
    return assembly


def _merged(by_id: dict[str, Job], job: Job, envelope: Envelope | None) -> Job:
    """One job a subject; it gathers executions, newest last, and letters."""
    known = by_id.setdefault(job.id, replace(job, executions=(), letters=[]))
    known.executions += tuple(arn for arn in job.executions if arn not in known.executions)
    known.hint = known.hint or job.hint
    known.subject, known.change = known.subject or job.subject, known.change or job.change
    known.noted = known.noted or job.noted
    if envelope is not None:
        known.letters.append(envelope)
    return known


def _held(ctx: OperatorContext, envelope: Envelope, letter: Letter) -> Held:
    match letter:
        case FailedExecution():
            what = f"failed execution {_tail(letter.execution_arn)}"
            what += f" ({letter.error or letter.status})"
            return Held(envelope, what, (_of_execution(letter),))
        case UndeliveredHint():
            what = f"undelivered hint of {letter.sender}" + _in_brackets(letter.error)
            return _held_hint(ctx, envelope, what, letter)
        case UndeliveredRun():
            what = "undelivered reconciliation after a recovery" + _in_brackets(letter.error)
            name = run_id_of(f"recovery-{letter.event or envelope.id}")
            return Held(envelope, what, (Job(name, "", machine=RECONCILE_MACHINE),))
        case UndeliveredChange():
            what = f"undelivered change {letter.change_id}" + _in_brackets(letter.error)
            return Held(envelope, what, (Job(what, "", change=letter.change_id),))
        case UndeliveredRecords():
            what = f"undelivered stream record {letter.first}" + _in_brackets(letter.condition)
            return _held_records(ctx, envelope, what, letter)
        case MissedSchedule():
            what = f"missed schedule {letter.schedule}" + _in_brackets(letter.error)
            reason = (
                f"the run of {letter.scheduled_for or 'then'} never began; the next does its work"
            )
            return Held(
                envelope, what, (), RedriveResult("dropped", RedriveOutcome.RESOLVED, reason)
            )
        case Unreadable():
            verdict = RedriveResult("nothing", RedriveOutcome.LEFT, letter.reason)
            return Held(envelope, f"unreadable letter {envelope.id}", (), verdict)
    assert_never(letter)


def _of_execution(letter: FailedExecution) -> Job:
    """Executions about one subject stand for each other: one that succeeds is enough. An execution
    about a change, or about the members of a group, has no such substitute."""
    arn, subject = letter.execution_arn, letter.subject
    hint, changing = None, letter.machine == CHANGE_MACHINE
    if subject:
        hint = Hint(origin_sub=subject, cause=CAUSE, change_id=letter.change_id)
    if letter.machine == MEMBERS_MACHINE:
        hint, subject = _members_of(subject, letter.change_id), ""
    return Job(
        id=arn if changing or not subject else subject,
        subject=subject,
        executions=(arn,),
        hint=hint,
        change=letter.change_id if changing else "",
        machine=letter.machine,
        noted=not isinstance(letter, UntreatedFailure),
    )


def _members_of(key: str, change_id: str) -> Hint | None:
    """What `hint_members` is started with; None: the letter names no group."""
    if not key.startswith(GROUP_KEY):
        return None
    return Hint(group=key.removeprefix(GROUP_KEY), cause=CAUSE, change_id=change_id)


def _named(arn: str) -> Job:
    """An execution that somebody named, and that has no letter."""
    what, machine = f"execution {_tail(arn)}", machine_named(machine_of(arn))
    return Job(arn, "", executions=(arn,), what=what, machine=machine, noted=False)


def _held_hint(
    ctx: OperatorContext, envelope: Envelope, what: str, letter: UndeliveredHint
) -> Held:
    hint = letter.hint
    if letter.machine == MEMBERS_MACHINE and hint.group:
        members = replace(hint, cause=CAUSE)
        job = Job(f"members of {hint.group}", "", hint=members, machine=MEMBERS_MACHINE)
        return Held(envelope, what, (job,))
    try:
        subject = subject_of(ctx, hint)
    except PermanentError as error:
        return Held(envelope, what, (), RedriveResult("nothing", RedriveOutcome.LEFT, told(error)))
    return Held(envelope, what, (Job(subject, subject, hint=replace(hint, cause=CAUSE)),))


def _held_records(
    ctx: OperatorContext, envelope: Envelope, what: str, letter: UndeliveredRecords
) -> Held:
    try:
        keys = ctx.stream.keys(letter.stream_arn, letter.shard_id, letter.first, letter.last)
        subjects = [Subject.from_key(key).key for key in keys]
    except PermanentError as error:
        return Held(envelope, what, (), RedriveResult("nothing", RedriveOutcome.LEFT, told(error)))
    if not subjects:
        reason = "the stream, which keeps 24 hours, has it no more: only a reconciliation finds it"
        return Held(envelope, what, (), RedriveResult("nothing", RedriveOutcome.LEFT, reason))
    jobs = (Job(key, key, hint=Hint(origin_sub=key, cause=CAUSE)) for key in subjects)
    return Held(envelope, what, tuple(jobs))


def _execution_of(letter: Letter) -> str:
    return letter.execution_arn if isinstance(letter, FailedExecution) else ""


def _tail(arn: str) -> str:
    return arn.rsplit(":", 1)[-1]


def _in_brackets(text: str) -> str:
    return f" ({text})" if text else ""
