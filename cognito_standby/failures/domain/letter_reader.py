"""What a message in a Region's dead letter queue is about. Pure. Any message becomes a letter
(`letters`), at worst an unreadable one with the reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.domain import letters
from cognito_standby.failures.domain.executions import change_in, hint_in
from cognito_standby.failures.domain.failures import (
    MEMBERS_MACHINE,
    RECONCILE_MACHINE,
    error_class,
    machine_named,
    machine_of,
)
from cognito_standby.failures.domain.letters import (
    Attribute,
    EventKind,
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


def parse_letter(body: str, attributes: Mapping[str, str]) -> Letter:
    """Read one message of the dead letter queue; never raises."""
    if schedule := attributes.get(Attribute.SCHEDULE_ARN):
        return MissedSchedule(
            _name(schedule),
            attributes.get(Attribute.SCHEDULED_TIME, ""),
            attributes.get(Attribute.ERROR_CODE, ""),
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
    if raw.get("kind") == letters.FAILED_EXECUTION:
        return _failed_execution(raw)
    if letters.STREAM_RECORDS in raw:
        return _records(raw)
    if _target(attributes) == RECONCILE_MACHINE:
        return _undelivered_run(_part(raw, "detail"), attributes)
    if "detail-type" in raw:
        return _event(raw, attributes)
    if set(raw) == {"execution_arn", "status"}:
        named = {"executionArn": raw["execution_arn"], "status": raw["status"]}
        return _status_change({}, named)
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
        region=_text(raw, "region"),
        redrive_count=count,
        failed_at=_text(raw, "failed_at"),
    )


def _records(raw: Mapping[str, Any]) -> UndeliveredRecords:
    info = _part(raw, letters.STREAM_RECORDS)
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
    kind, detail = EventKind(_text(raw, "source"), _text(raw, "detail-type")), _part(raw, "detail")
    if kind == letters.HINT:
        return _undelivered(Hint.from_dict(detail), attributes)
    if kind == letters.CHANGE:
        return _undelivered_change(detail, attributes)
    if kind == letters.API_CALL and _text(detail, "eventName") == letters.RECOVERY:
        return _undelivered_run(detail, attributes)
    if kind in (letters.API_CALL, letters.PAGE):
        return _undelivered(_cloudtrail_hint(detail), attributes)
    if kind == letters.STATUS_CHANGE:
        return _status_change(raw, detail)
    if kind == letters.SCHEDULED:
        rule = attributes.get(Attribute.RULE_ARN, "")
        return MissedSchedule(
            _name(rule), _text(raw, "time"), attributes.get(Attribute.ERROR_CODE, "")
        )
    raise InvalidRecordError("an event of a kind that this release does not know")


def _status_change(raw: Mapping[str, Any], detail: Mapping[str, Any]) -> UntreatedFailure:
    """A letter of the rule that could not start `contain_failure`: what has to be repaired is the
    failure in the event.

    It gives what `contain_failure` would have written, as far as the event says it; AWS leaves the
    input out of an event that would be too long.
    """
    arn = _text(detail, "executionArn")
    if not arn:
        raise InvalidRecordError("a status change without the execution's ARN")
    given, count, stopped = _text(detail, "input"), detail.get("redriveCount"), _stopped(detail)
    hint = hint_in(given)
    return UntreatedFailure(
        execution_arn=arn,
        machine=machine_named(machine_of(arn)),
        status=_text(detail, "status"),
        error=error_class(_text(detail, "error")),
        subject=_subject_of(hint) if hint else "",
        change_id=hint.change_id if hint else change_in(given),
        region=_text(raw, "region"),
        redrive_count=count if isinstance(count, int) else 0,
        failed_at=stopped.isoformat() if stopped else "",
    )


def _subject_of(hint: Hint) -> str:
    """Whom a hint is about; "": only the ledger tells."""
    return Subject.group(hint.group).key if hint.group else hint.origin_sub


def _stopped(detail: Mapping[str, Any]) -> datetime | None:
    """stopDate is in milliseconds."""
    moment = detail.get("stopDate")
    if not isinstance(moment, int | float):
        return None
    try:
        return datetime.fromtimestamp(moment / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _cloudtrail_hint(detail: Mapping[str, Any]) -> Hint:
    """The same hint as the rule's input: by sub, or by group for a group definition."""
    sub = _named(detail, letters.CLOUDTRAIL_SUB) or _of_a_form(detail)
    group = "" if sub else _named(detail, letters.CLOUDTRAIL_GROUP)
    told = {name: _text(detail, theirs) for name, theirs in letters.CLOUDTRAIL_HINT.items()}
    if told["cause"] in letters.CHALLENGES:
        told["cause"] = _named(detail, letters.CLOUDTRAIL_CHALLENGE) or told["cause"]
    return Hint.from_dict({**Hint(local_sub=sub, group=group).to_dict(), **told})


def _of_a_form(detail: Mapping[str, Any]) -> str:
    event, form, field = letters.CLOUDTRAIL_SUB_OF_A_FORM
    values = _part(_part(detail, event), form).get(field)
    return values[0] if isinstance(values, list) and values and isinstance(values[0], str) else ""


def _named(detail: Mapping[str, Any], path: tuple[str, str]) -> str:
    return _text(_part(detail, path[0]), path[1])


def _undelivered(hint: Hint, attributes: Mapping[str, str]) -> UndeliveredHint:
    """`created` is dropped, because it would make an execution wait for a user to become visible
    within seconds."""
    rule = attributes.get(Attribute.RULE_ARN, "")
    return UndeliveredHint(
        hint=replace(hint, created=False),
        sender=_name(rule) if rule else letters.PARKING_QUEUE,
        error=attributes.get(Attribute.ERROR_CODE, ""),
        machine=MEMBERS_MACHINE if _target(attributes) == MEMBERS_MACHINE else "",
    )


def _undelivered_run(detail: Mapping[str, Any], attributes: Mapping[str, str]) -> UndeliveredRun:
    sender = _name(attributes.get(Attribute.RULE_ARN, ""))
    error = attributes.get(Attribute.ERROR_CODE, "")
    return UndeliveredRun(_text(detail, "eventID"), sender, error)


def _target(attributes: Mapping[str, str]) -> str:
    """The machine that a rule could not start; "": it is not told."""
    return machine_named(_name(attributes.get(Attribute.TARGET_ARN, "")))


def _undelivered_change(
    detail: Mapping[str, Any], attributes: Mapping[str, str]
) -> UndeliveredChange:
    change_id = _text(detail, "change_id")
    if not change_id:
        raise InvalidRecordError("a change's letter without its id")
    sender = _name(attributes.get(Attribute.RULE_ARN, ""))
    return UndeliveredChange(change_id, sender, attributes.get(Attribute.ERROR_CODE, ""))


def _subject(key: str) -> str:
    """The key, or "" if it names neither a user nor a group: the key itself may be what is spoilt,
    and the execution can be redriven all the same."""
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
