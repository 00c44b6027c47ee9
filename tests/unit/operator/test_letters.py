"""Every kind of dead letter is told apart, and nothing in a queue can stop the reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_standby.core.domain.hints import Hint
from cognito_standby.failures.domain import letters
from cognito_standby.failures.domain.letter_reader import parse_letter
from cognito_standby.failures.domain.letters import (
    FailedExecution,
    MissedSchedule,
    UndeliveredHint,
    UndeliveredRecords,
    Unreadable,
)

_FILE = Path(__file__).parent / "letters.json"
SAMPLES: dict[str, Any] = {each["name"]: each for each in json.loads(_FILE.read_text())["letters"]}
SUB = "11111111-2222-4333-8444-555555555555"


def parsed(name: str) -> letters.Letter:
    sample = SAMPLES[name]
    return parse_letter(json.dumps(sample["body"]), sample["attributes"])


@pytest.mark.parametrize("name", SAMPLES)
def test_every_kind_is_told_apart(name: str) -> None:
    assert type(parsed(name)).__name__ == SAMPLES[name]["letter"]


def test_a_failed_execution_says_everything() -> None:
    letter = parsed("failed_execution")
    assert isinstance(letter, FailedExecution)
    assert (letter.subject, letter.error, letter.redrive_count) == (SUB, "InvalidRecordError", 0)


def test_an_undelivered_hint_does_not_wait_for_a_new_user() -> None:
    letter = parsed("rule_hint")
    assert isinstance(letter, UndeliveredHint)
    assert letter.hint == Hint(
        local_sub=SUB, cause="PostConfirmation_ConfirmSignUp", change_id="c-1"
    )
    assert (letter.sender, letter.error) == ("standby-hints", "NO_PERMISSIONS")


@pytest.mark.parametrize(
    ("name", "sub", "group"),
    [
        ("rule_cloudtrail_user", SUB, ""),
        ("rule_cloudtrail_group", "", "editors"),
        ("rule_input", "", "editors"),
        ("parked_hint", SUB, ""),
    ],
)
def test_whom_a_hint_is_about(name: str, sub: str, group: str) -> None:
    letter = parsed(name)
    assert isinstance(letter, UndeliveredHint)
    assert (letter.hint.local_sub, letter.hint.group) == (sub, group)


def test_an_undelivered_status_change_is_the_failure_itself() -> None:
    letter = parsed("rule_status_change")
    assert isinstance(letter, FailedExecution)
    assert (letter.machine, letter.subject) == ("sync_user", SUB), "the execution's input tells it"


def test_records_are_named_by_their_place() -> None:
    letter = parsed("pipe_records")
    assert isinstance(letter, UndeliveredRecords)
    assert letter.first == letter.last == "800000000003126276362"
    assert letter.condition == "RetryAttemptsExhausted"


def test_a_lambda_style_context_is_read_too() -> None:
    body = dict(SAMPLES["pipe_records"]["body"])
    body["requestContext"] = body.pop("context")
    letter = parse_letter(json.dumps(body), {})
    assert isinstance(letter, UndeliveredRecords)
    assert letter.condition == "RetryAttemptsExhausted"


def test_a_schedule_is_told_by_its_attributes_whatever_its_body() -> None:
    letter = parse_letter("Hello, world!", SAMPLES["schedule"]["attributes"])
    assert isinstance(letter, MissedSchedule)
    assert letter.schedule == "standby-reconcile"


def test_a_poison_key_does_not_hide_its_execution() -> None:
    body = {**SAMPLES["failed_execution"]["body"], "subject": "#claim"}
    letter = parse_letter(json.dumps(body), {})
    assert isinstance(letter, FailedExecution)
    assert letter.subject == ""


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not JSON",
        "null",
        "[]",
        "7",
        '"text"',
        "{}",
        "[" * 100_000,
        '{"local_sub": "\\ud800"}',
        '{"kind": "failed_execution"}',
        '{"kind": "failed_execution", "execution_arn": 7}',
        '{"kind": "failed_execution", "execution_arn": "a", "redrive_count": "x"}',
        '{"DDBStreamBatchInfo": {}}',
        '{"DDBStreamBatchInfo": []}',
        '{"detail-type": "SubjectChanged", "source": "cognito-standby", "detail": 7}',
        '{"detail-type": 7}',
        '{"detail-type": "Something else", "source": "somebody", "detail": {}}',
        '{"local_sub": "a", "group": "b"}',
    ],
)
def test_what_cannot_be_read_says_why(body: str) -> None:
    letter = parse_letter(body, {})
    assert isinstance(letter, Unreadable)
    assert letter.reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["kind", "detail-type", "source", "detail", "DDBStreamBatchInfo", "local_sub", "execution_arn"]
)
BODIES = st.text(max_size=30) | st.dictionaries(
    KEYS | st.text(max_size=4), JSON | st.just("failed_execution"), max_size=5
).map(json.dumps)


@given(BODIES, st.dictionaries(KEYS | st.just("RULE_ARN"), st.text(max_size=10), max_size=2))
def test_nothing_raises(body: str, attributes: dict[str, str]) -> None:
    parse_letter(body, attributes)
