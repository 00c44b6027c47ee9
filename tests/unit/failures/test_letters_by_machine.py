"""The machine that writes letters says what `failures/domain` says, and both ends fit together."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import Any

import pytest

import workflows
from cognito_standby.core.domain.ledger_keys import LETTER
from cognito_standby.failures.adapters.failures import DynamoFailureNotes
from cognito_standby.failures.domain import letters
from cognito_standby.failures.domain.failures import MarkerStage
from cognito_standby.failures.domain.letter_reader import parse_letter
from cognito_standby.failures.domain.letters import FailedExecution
from tests.twins.clock import ManualClock
from tests.unit.failures.failure_region import FailureRegion, failed

STATES: dict[str, Any] = json.loads(workflows.load("contain_failure").text)["States"]
_READ = re.compile(r"\$states\.(?:result\.Payload|input)\.(\w+)")
_WORD = re.compile(r"'(\w+)'")


def _answer() -> dict[str, Any]:
    region = FailureRegion()
    region.executions.executions = [failed(region.clock, redrive_count=2)]
    return region.note().answer("alpha", "us-west-2")


def test_the_machine_reads_what_note_failure_answers() -> None:
    read = set(_READ.findall(json.dumps(STATES)))
    assert read == set(_answer()) - {"reason"}


def test_the_letter_that_is_sent_is_the_one_that_is_read() -> None:
    assert "$string($states.input.letter)" in STATES["Send Letter"]["Arguments"]["MessageBody"]
    letter = parse_letter(json.dumps(_answer()["letter"]), {})
    assert isinstance(letter, FailedExecution)
    assert letter.to_dict() == _answer()["letter"]
    unsaid = [each.name for each in fields(letter) if not getattr(letter, each.name)]
    assert unsaid == []


class _Table:
    """Remembers what is put."""

    item: dict[str, Any]

    def put_item(self, **request: Any) -> dict[str, Any]:
        self.item = request["Item"]
        return {}

    def get_item(self, **_: Any) -> dict[str, Any]:
        return {}


def test_the_machine_moves_the_marker_that_was_claimed() -> None:
    region, table = FailureRegion(), _Table()
    region.executions.executions = [failed(region.clock)]
    noted = region.note()
    assert noted.failure is not None
    marker = region.notes.read(noted.failure.key)
    assert marker is not None
    store = DynamoFailureNotes(table, "ledger", ManualClock(), 60)  # type: ignore[arg-type]
    assert store.claim(noted.failure.key, None, marker)
    told = STATES["Mark Letter"]["Arguments"]
    assert list(told["Key"]) == ["subject"]
    assert table.item["subject"] == {"S": noted.answer("alpha", "us-west-2")["marker"]}
    assert table.item["subject"]["S"].startswith(LETTER)
    assert table.item["stage"] == {"S": MarkerStage.SENDING.value}
    assert told["UpdateExpression"] == "SET stage = :stage"
    words = _WORD.findall(json.dumps(told["ExpressionAttributeValues"]))
    assert words == [MarkerStage.SENT.value, MarkerStage.SETTLED.value]


@pytest.mark.parametrize(
    "kind", [letters.HINT, letters.CHANGE, letters.API_CALL, letters.STATUS_CHANGE]
)
def test_what_rules_choose_is_known_to_the_reader(kind: letters.EventKind) -> None:
    sub = "11111111-2222-4333-8444-555555555555"
    detail = {"local_sub": sub, "change_id": "c-1", "executionArn": "arn", "eventName": "E"}
    part, name = letters.CLOUDTRAIL_SUB
    body = {"source": kind.source, "detail-type": kind.detail_type}
    letter = parse_letter(json.dumps({**body, "detail": {**detail, part: {name: sub}}}), {})
    assert not isinstance(letter, letters.Unreadable)
