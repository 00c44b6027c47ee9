"""Dead letters: who writes them, and the words of each. Writers and readers both take the words
from here; tests compare machines and templates with them.

One queue takes all letters, so a letter is told apart by its message attributes and its shape:

    attribute SCHEDULE_ARN      a schedule that could not start its target
    "kind": "failed_execution"  written by the machine `contain_failure`
    "DDBStreamBatchInfo"        records of the replica's stream that a pipe gave up on
    "detail-type", "detail"     an event that a rule could not deliver
    attribute TARGET_ARN        which machine a rule could not start, where one event has two rules
    {"change_id": id} alone     a rule's transformed input: an administrator's change
    execution_arn and status    a rule's transformed input: a failure
    otherwise                   a hint: from the parking queue, or a rule's transformed input

Shapes with their sources: tests/unit/operator/letters.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from cognito_standby.changes.domain import changes
from cognito_standby.core.domain import hints
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.plain import to_plain

FAILED_EXECUTION = "failed_execution"
"""`kind` of the letter that we write ourselves."""

STREAM_RECORDS = "DDBStreamBatchInfo"
"""Where a pipe says which records it gave up on."""

PARKING_QUEUE = "parking queue"
"""The sender of a hint that no rule sent."""


class Attribute(StrEnum):
    """What EventBridge says beside a letter of a rule or a schedule."""

    RULE_ARN = "RULE_ARN"
    TARGET_ARN = "TARGET_ARN"
    """The machine that could not be started."""
    ERROR_CODE = "ERROR_CODE"
    SCHEDULE_ARN = "SCHEDULE_ARN"
    SCHEDULED_TIME = "SCHEDULED_TIME"


class EventKind(NamedTuple):
    """Source and detail type, by which rules choose events; in a rule's letter they say what it
    carries."""

    source: str
    detail_type: str


HINT = EventKind(hints.SOURCE, hints.DETAIL_TYPE)
CHANGE = EventKind(changes.SOURCE, changes.DETAIL_TYPE)
API_CALL = EventKind("aws.cognito-idp", "AWS API Call via CloudTrail")
PAGE = EventKind(API_CALL.source, "AWS Service Event via CloudTrail")
"""What somebody did on a page of managed login."""
STATUS_CHANGE = EventKind("aws.states", "Step Functions Execution Status Change")
SCHEDULED = EventKind("aws.events", "Scheduled Event")

CLOUDTRAIL_HINT: Mapping[str, str] = {
    "cause": "eventName",
    "change_id": "eventID",
    "hinted_at": "eventTime",
}
"""Field of a hint -> of an API call's detail."""

CHALLENGES = frozenset({"RespondToAuthChallenge", "AdminRespondToAuthChallenge"})
CLOUDTRAIL_CHALLENGE = ("requestParameters", "challengeName")
"""API calls of which the challenge is the cause, and where their detail says it: the answer to one
of them sets a password."""

CLOUDTRAIL_SUB = ("additionalEventData", "sub")
CLOUDTRAIL_GROUP = ("requestParameters", "groupName")
"""Where an API call's detail says whom it was about."""

CLOUDTRAIL_SUB_OF_A_FORM = ("additionalEventData", "requestParameters", "sub")
"""Where a page's may say it instead: a list, as each field of a form."""

RECOVERY = "StartPointInTimeRecovery"
"""The API call that is about a whole pool: a reconciliation follows it."""


class LetterKind(StrEnum):
    """For people."""

    FAILED_EXECUTION = "failed execution"
    UNDELIVERED_HINT = "undelivered hint"
    UNDELIVERED_CHANGE = "undelivered change"
    UNDELIVERED_RUN = "undelivered reconciliation"
    UNDELIVERED_RECORDS = "undelivered stream record"
    MISSED_SCHEDULE = "missed schedule"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class FailedExecution:
    """An execution that ended in failure. `subject` is a record key, "" when it is not known;
    `error` a class, never a text."""

    kind: ClassVar[LetterKind] = LetterKind.FAILED_EXECUTION

    execution_arn: str
    machine: str
    status: str
    error: str = ""
    subject: str = ""
    change_id: str = ""
    region: str = ""
    redrive_count: int = 0
    failed_at: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The letter as `contain_failure` sends it."""
        return {"kind": FAILED_EXECUTION, **to_plain(self)}


@dataclass(frozen=True)
class UntreatedFailure(FailedExecution):
    """A failed execution, from the event that a rule could not deliver. Nobody has noted this
    failure, so `subject` is only what the execution's input says, and "" for an administrator's
    change."""


@dataclass(frozen=True)
class UndeliveredHint:
    """A hint that started no execution. `sender`: the rule's name, or "parking queue"; `machine`:
    the one that was not started, "" for `sync_user`."""

    kind: ClassVar[LetterKind] = LetterKind.UNDELIVERED_HINT

    hint: Hint
    sender: str
    error: str = ""
    machine: str = ""


@dataclass(frozen=True)
class UndeliveredRun:
    """A recovery of the pool after which no reconciliation could be started. `event`: the event's
    id, "" if the letter does not have it."""

    kind: ClassVar[LetterKind] = LetterKind.UNDELIVERED_RUN

    event: str
    sender: str
    error: str = ""


@dataclass(frozen=True)
class UndeliveredChange:
    """An administrator's change that started no execution."""

    kind: ClassVar[LetterKind] = LetterKind.UNDELIVERED_CHANGE

    change_id: str
    sender: str
    error: str = ""


@dataclass(frozen=True)
class UndeliveredRecords:
    """Places on a stream; what the records said must be read there, within 24 hours."""

    kind: ClassVar[LetterKind] = LetterKind.UNDELIVERED_RECORDS

    stream_arn: str
    shard_id: str
    first: str
    last: str
    condition: str = ""


@dataclass(frozen=True)
class MissedSchedule:
    """A scheduled run that never began. The next one does its work."""

    kind: ClassVar[LetterKind] = LetterKind.MISSED_SCHEDULE

    schedule: str
    scheduled_for: str = ""
    error: str = ""


@dataclass(frozen=True)
class Unreadable:
    """Anything else. It stays in the queue until somebody has looked at it."""

    kind: ClassVar[LetterKind] = LetterKind.UNREADABLE

    reason: str


Letter = (
    FailedExecution
    | UndeliveredHint
    | UndeliveredChange
    | UndeliveredRun
    | UndeliveredRecords
    | MissedSchedule
    | Unreadable
)
