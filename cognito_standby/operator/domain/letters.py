"""Dead letters: what a message in a Region's dead letter queue is about. Pure, and total: whatever
a queue holds becomes a letter, at worst an unreadable one with the reason.

One queue takes them all, so a letter is told apart by its message attributes and its shape:

    attribute SCHEDULE_ARN      a schedule that could not start its target
    "kind": "failed_execution"  written by the machine `contain_failure`
    "DDBStreamBatchInfo"        records of the replica's stream that a pipe gave up on
    "detail-type", "detail"     an event that a rule could not deliver
    {"change_id": id} alone     a rule's transformed input: an administrator's change
    otherwise                   a hint: from the parking queue, or a rule's transformed input

Shapes with their sources: tests/unit/letters.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cognito_standby.changes.domain import changes
from cognito_standby.core.domain import hints
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.subjects import Subject


@dataclass(frozen=True)
class FailedExecution:
    """An execution that ended in failure. `subject` is a record key, "" when it is not known."""

    execution_arn: str
    machine: str
    status: str
    error: str = ""
    subject: str = ""
    change_id: str = ""
    redrive_count: int = 0
    failed_at: str = ""


@dataclass(frozen=True)
class UndeliveredHint:
    """A hint that started no execution. `sender`: the rule's name, or "parking queue"."""

    hint: Hint
    sender: str
    error: str = ""


@dataclass(frozen=True)
class UndeliveredChange:
    """An administrator's change that started no execution."""

    change_id: str
    sender: str
    error: str = ""


@dataclass(frozen=True)
class UndeliveredRecords:
    """Places on a stream; what the records said must be read there, within 24 hours."""

    stream_arn: str
    shard_id: str
    first: str
    last: str
    condition: str = ""


@dataclass(frozen=True)
class MissedSchedule:
    """A scheduled run that never began. The next one does its work."""

    schedule: str
    scheduled_for: str = ""
    error: str = ""


@dataclass(frozen=True)
class Unreadable:
    """Anything else. It stays in the queue until somebody has looked at it."""

    reason: str


Letter = (
    FailedExecution
    | UndeliveredHint
    | UndeliveredChange
    | UndeliveredRecords
    | MissedSchedule
    | Unreadable
)


def parse_letter(body: str, attributes: Mapping[str, str]) -> Letter:
    """Read one message of the dead letter queue; never raises."""
    if schedule := attributes.get("SCHEDULE_ARN"):
        return MissedSchedule(
            _name(schedule),
            attributes.get("SCHEDULED_TIME", ""),
            attributes.get("ERROR_CODE", ""),
        )
    try:
        raw = json.loads(body)
        json.dumps(raw, ensure_ascii=False).encode()  # half a surrogate pair cannot be passed on
    except (ValueError, RecursionError):
        return Unreadable("it is not JSON")
    if not isinstance(raw, dict):
        return Unreadable("it is not a JSON object")
    try:
        return _letter(raw, attributes)
    except InvalidRecordError as error:
        return Unreadable(str(error))


def _letter(raw: Mapping[str, Any], attributes: Mapping[str, str]) -> Letter:
    if raw.get("kind") == "failed_execution":
        return _failed_execution(raw)
    if "DDBStreamBatchInfo" in raw:
        return _records(raw)
    if "detail-type" in raw:
        return _event(raw, attributes)
    if set(raw) == {"change_id"}:
        return _undelivered_change(raw, attributes)
    return _undelivered(Hint.from_dict(raw), attributes)


def _failed_execution(raw: Mapping[str, Any]) -> FailedExecution:
    count = raw.get("redrive_count", 0)
    if not isinstance(count, int):
        raise InvalidRecordError("a failed execution's redrive_count must be a number")
    arn = _text(raw, "execution_arn")
    if not arn:
        raise InvalidRecordError("a failed execution without its ARN")
    return FailedExecution(
        execution_arn=arn,
        machine=_text(raw, "machine"),
        status=_text(raw, "status"),
        error=_text(raw, "error"),
        subject=_subject(_text(raw, "subject")),
        change_id=_text(raw, "change_id"),
        redrive_count=count,
        failed_at=_text(raw, "failed_at"),
    )


def _records(raw: Mapping[str, Any]) -> UndeliveredRecords:
    info = _part(raw, "DDBStreamBatchInfo")
    context = _part(raw, "context") or _part(raw, "requestContext")
    letter = UndeliveredRecords(
        stream_arn=_text(info, "streamArn"),
        shard_id=_text(info, "shardId"),
        first=_text(info, "startSequenceNumber"),
        last=_text(info, "endSequenceNumber"),
        condition=_text(context, "condition"),
    )
    if not (letter.stream_arn and letter.shard_id and letter.first and letter.last):
        raise InvalidRecordError("a stream's letter without the place of its records")
    return letter


def _event(raw: Mapping[str, Any], attributes: Mapping[str, str]) -> Letter:
    kind, detail = (_text(raw, "source"), _text(raw, "detail-type")), _part(raw, "detail")
    if kind == (hints.SOURCE, hints.DETAIL_TYPE):
        return _undelivered(Hint.from_dict(detail), attributes)
    if kind == (changes.SOURCE, changes.DETAIL_TYPE):
        return _undelivered_change(detail, attributes)
    if kind == ("aws.cognito-idp", "AWS API Call via CloudTrail"):
        return _undelivered(_cloudtrail_hint(detail), attributes)
    if kind == ("aws.states", "Step Functions Execution Status Change"):
        return _status_change(detail)
    if kind == ("aws.events", "Scheduled Event"):
        rule = attributes.get("RULE_ARN", "")
        return MissedSchedule(_name(rule), _text(raw, "time"), attributes.get("ERROR_CODE", ""))
    raise InvalidRecordError("an event of a kind that this release does not know")


def _status_change(detail: Mapping[str, Any]) -> FailedExecution:
    """The rule could not start `contain_failure`: the failure itself is what has to be repaired."""
    arn = _text(detail, "executionArn")
    if not arn:
        raise InvalidRecordError("a status change without the execution's ARN")
    return FailedExecution(
        execution_arn=arn,
        machine=_name(_text(detail, "stateMachineArn")),
        status=_text(detail, "status"),
        error=_text(detail, "error"),
    )


def _cloudtrail_hint(detail: Mapping[str, Any]) -> Hint:
    """The same hint as the rule's input: by sub, or by group for a group definition."""
    sub = _text(_part(detail, "additionalEventData"), "sub")
    group = "" if sub else _text(_part(detail, "requestParameters"), "groupName")
    hint = Hint(local_sub=sub, group=group, cause=_text(detail, "eventName"))
    return Hint.from_dict(
        {
            **hint.to_dict(),
            "change_id": _text(detail, "eventID"),
            "hinted_at": _text(detail, "eventTime"),
        }
    )


def _undelivered(hint: Hint, attributes: Mapping[str, str]) -> UndeliveredHint:
    """`created` is dropped: it makes an execution wait for a user who appears within seconds."""
    rule = attributes.get("RULE_ARN", "")
    return UndeliveredHint(
        hint=replace(hint, created=False),
        sender=_name(rule) if rule else "parking queue",
        error=attributes.get("ERROR_CODE", ""),
    )


def _undelivered_change(
    detail: Mapping[str, Any], attributes: Mapping[str, str]
) -> UndeliveredChange:
    change_id = _text(detail, "change_id")
    if not change_id:
        raise InvalidRecordError("a change's letter without its id")
    sender = _name(attributes.get("RULE_ARN", ""))
    return UndeliveredChange(change_id, sender, attributes.get("ERROR_CODE", ""))


def _subject(key: str) -> str:
    """The key, or nothing for one that names neither a user nor a group: the poison may be the
    key itself, and the execution can be redriven all the same."""
    try:
        return Subject.from_key(key).key if key else ""
    except InvalidRecordError:
        return ""


def _part(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = raw.get(name)
    return part if isinstance(part, Mapping) else {}


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidRecordError(f"`{name}` must be a string")
    return value


def _name(arn: str) -> str:
    """The last part of an ARN: a rule's, a schedule's or a machine's name."""
    return arn.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
