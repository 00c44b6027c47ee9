"""`contain_failure`: who gets a letter, whom it makes safe, and what becomes of each error."""

from __future__ import annotations

import json
from typing import Any

from tests.workflows.judges import Answer, returns
from tests.workflows.scenarios import Call, Scenario, disturbances
from tests.workflows.scenarios.retries import (
    CALLED,
    INTEGRATION,
    PATIENTLY,
    PERMANENT,
    REPLANNED,
    UNEXPECTED,
)

FAILED = "arn:aws:states:us-east-1:111111111111:execution:alpha-sync_user:failed-1"
GIVEN = {"execution_arn": FAILED, "status": "FAILED"}
LETTER = {"kind": "failed_execution", "execution_arn": FAILED, "error": 'Odd"Error', "subject": ""}
MARKER = f"#letter#{FAILED}#1"
NOTE, SEND = "Note Failure", "Send Letter"
MARK, WAIT, CONTAIN = "Mark Letter", "Wait Out Task", "Contain Failure"
DUE, HALF, NOTHING = "Letter Is Due", "Pool May Be Half Written", "Nothing To Contain"

FUNCTIONS = {
    NOTE: "note_failure",
    SEND: "sqs:sendMessage",
    MARK: "dynamodb:updateItem",
    CONTAIN: "contain_failure",
}
DONE = {"subject": "origin-1", "done": "nothing was half written", "woken": False}


def noted(*, send: bool, contain: bool) -> dict[str, Any]:
    return {
        "send": send,
        "contain": contain,
        "reason": "",
        "marker": MARKER,
        "redrive_count": 1,
        "letter": LETTER,
    }


def call_of(step: str, *, contain: bool) -> Call:
    payloads: dict[str, Any] = {
        NOTE: {"execution_arn": FAILED, "owner": "EXECUTION"},
        SEND: {
            "QueueUrl": "dead_letters_url",
            "MessageBody": json.dumps(LETTER, separators=(",", ":")),
        },
        MARK: {
            "TableName": "ledger_table_name",
            "Key": {"subject": {"S": MARKER}},
            "UpdateExpression": "SET stage = :stage",
            "ExpressionAttributeValues": {":stage": {"S": "sent" if contain else "settled"}},
        },
        CONTAIN: {"execution_arn": FAILED, "redrive_count": 1, "holder": "EXECUTION#0"},
    }
    return FUNCTIONS[step], payloads[step]


def run(name: str, *, send: bool, contain: bool) -> Scenario:
    letter = [SEND, MARK] if send else []
    end = [WAIT, CONTAIN] if contain else [NOTHING]
    path = [NOTE, DUE, *letter, HALF, *end]
    answers: dict[str, Any] = {
        NOTE: noted(send=send, contain=contain),
        SEND: {"MessageId": "m-1"},
        MARK: {},
        CONTAIN: DONE,
    }
    steps = [step for step in path if step in FUNCTIONS]
    script: dict[str, list[Answer]] = {FUNCTIONS[step]: [returns(answers[step])] for step in steps}
    output = DONE if contain else ({} if send else answers[NOTE])
    calls = [call_of(step, contain=contain) for step in steps]
    return Scenario(name=name, given=GIVEN, script=script, path=path, calls=calls, output=output)


WHOLE = run("of sync_user: a letter, then contained", send=True, contain=True)

SCENARIOS = [
    WHOLE,
    run("of another machine: a letter only", send=True, contain=False),
    run("taken over after the letter was sent: contained", send=False, contain=True),
    run("somebody else is at it: nothing", send=False, contain=False),
    *disturbances(
        WHOLE,
        NOTE,
        "note_failure",
        CALLED,
        (*PERMANENT, *UNEXPECTED, "KeyError"),
    ),
    *disturbances(WHOLE, SEND, "sqs:sendMessage", INTEGRATION, ()),
    *disturbances(WHOLE, MARK, "dynamodb:updateItem", INTEGRATION, ()),
    *disturbances(
        WHOLE, CONTAIN, "contain_failure", PATIENTLY | REPLANNED, (*PERMANENT, "KeyError")
    ),
]
