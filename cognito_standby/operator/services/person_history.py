"""What happened to a person, as far as it is kept: records, ledger, changes, failures."""

from __future__ import annotations

from datetime import timedelta

from cognito_standby.core.domain.ledger import LedgerRow, execution_of
from cognito_standby.core.domain.records import Partition, Record
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.domain.executions import FAILED
from cognito_standby.failures.domain.letter_reader import parse_letter
from cognito_standby.failures.domain.letters import FailedExecution
from cognito_standby.operator.domain.person import Event
from cognito_standby.operator.services.context import OperatorContext

_PAGES, _PAGE = 10, 100
"""Of the changes of the last week, at most so many are looked through."""

_DESCRIBED = 20
"""Failed executions of the last day whose subject is looked up, at most: each costs a call."""

_DAY = timedelta(days=1)


def events_of(partition: Partition, row: LedgerRow | None) -> list[Event]:
    """The records' writes, and where the ledger stands."""
    events = [Event(record.observed_at, _written(record)) for record in partition.records]
    if row is None:
        return events
    if row.confirmed_version is not None:
        version = row.confirmed_version
        seen = f"revision {version.revision} of {version.epoch.region} is confirmed here"
        events.append(Event("", f"{seen}, epoch {version.epoch.number}"))
    if row.lease is not None:
        events.append(Event("", f"an execution works on it: {execution_of(row.lease.holder)}"))
    if row.reason:
        events.append(Event("", f"{row.state.value}: {row.reason}"))
    return events


def changes_of(ctx: OperatorContext, subject: Subject) -> list[Event]:
    """What administrators asked for through the Admin API, within its seven days."""
    events: list[Event] = []
    if ctx.changes is None:
        return events
    token = ""
    for _ in range(_PAGES):
        page = ctx.changes.recent(_PAGE, token)
        for change in page.changes:
            if change.subject == subject.key:
                why = f" ({change.problem.code})" if change.problem else ""
                what = f"administrator's {change.kind.value}: {change.status.value}{why}"
                events.append(Event(change.requested_at, f"{what}, change {change.id}"))
        token = page.token
        if not token:
            break
    return events


def failures_of(ctx: OperatorContext, subject: Subject, row: LedgerRow | None) -> list[Event]:
    """Dead letters among the first ten, and failed executions of the last day."""
    events: list[Event] = []
    local_sub = row.local_sub if row else ""
    for envelope in ctx.letters.peek():
        letter = parse_letter(envelope.body, envelope.attributes)
        if isinstance(letter, FailedExecution) and letter.subject == subject.key:
            what = f"dead letter: {letter.machine} {letter.error}, {letter.execution_arn}"
            events.append(Event(letter.failed_at, what))
    since = ctx.clock.now() - _DAY
    failed = [each for status in FAILED for each in ctx.executions.recent(status, since)]
    failed.sort(key=lambda each: each.started_at, reverse=True)
    for each in failed[:_DESCRIBED]:
        known = ctx.executions.describe(each.arn)
        hint = known.hint if known else None
        if hint and (hint.origin_sub == subject.key or (local_sub and hint.local_sub == local_sub)):
            what = f"execution {each.status.value.lower()}: {each.arn}"
            events.append(Event(each.started_at.isoformat(), what))
    return events


def _written(record: Record) -> str:
    kind = "deletion" if record.deleted else "state"
    change = f", change {record.change_id}" if record.change_id else ""
    return (
        f"{record.region} wrote the {kind} as revision {record.revision}, "
        f"epoch {record.epoch_number}{change}"
    )
