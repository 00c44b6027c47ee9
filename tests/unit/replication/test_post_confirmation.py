"""The trigger returns the event unchanged and in time, whatever is wrong behind it, and what leaves
it names nobody."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from cognito_standby.core.domain.hints import DETAIL_TYPE, SOURCE, Hint
from tasks import post_confirmation, reporting
from tests.unit.core.test_bad_input_hints import anything
from tests.unit.loopback import FAILS, HANGS, REFUSES, TAKES, Service, serving

SUB, POOL = "0aaa-sub", "us-east-1_Pool"
PERSONAL = ("ann.smith@example.com", "Ann Smith", "+33612345678", "ann-the-user", "se cret")
EVENT: dict[str, Any] = {
    "version": "1",
    "triggerSource": "PostConfirmation_ConfirmSignUp",
    "region": "us-east-1",
    "userPoolId": POOL,
    "userName": PERSONAL[3],
    "callerContext": {"awsSdkVersion": "any", "clientId": "client"},
    "request": {
        "userAttributes": {
            "sub": SUB,
            "email": PERSONAL[0],
            "name": PERSONAL[1],
            "phone_number": PERSONAL[2],
            "custom:note": PERSONAL[4],
        },
        "clientMetadata": {"invited_by": PERSONAL[0]},
    },
    "response": {},
}
SECONDS = 4.0
"""Of the 5 that Cognito gives a trigger; a cold start needs the rest."""


@dataclass
class Outside:
    bus: Service
    queue: Service

    def hints(self) -> tuple[list[Hint], list[Hint]]:
        """What was put on the bus, and what was parked."""
        entries = [entry for body in self.bus.bodies for entry in body["Entries"]]
        assert all((e["Source"], e["DetailType"]) == (SOURCE, DETAIL_TYPE) for e in entries)
        return (
            [Hint.from_dict(json.loads(entry["Detail"])) for entry in entries],
            [Hint.from_dict(json.loads(body["MessageBody"])) for body in self.queue.bodies],
        )


@pytest.fixture
def outside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    behaviours = getattr(request, "param", (TAKES, TAKES))
    with ExitStack() as services:
        bus, queue = (services.enter_context(serving(each)) for each in behaviours)
        environment = {
            "AWS_ENDPOINT_URL_EVENTBRIDGE": bus.url,
            "AWS_ENDPOINT_URL_SQS": queue.url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "BUS_NAME": "bus",
            "PARKED_HINTS_URL": f"{queue.url}/111111111111/parked",
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        forget()
        yield Outside(bus, queue)
        forget()


def forget() -> None:
    """As in a new process."""
    post_confirmation._bus.cache_clear()
    post_confirmation._parking.cache_clear()


def triggered(event: Any = EVENT) -> None:
    """The trigger returned the event unchanged."""
    given_event = copy.deepcopy(event)
    assert post_confirmation.handler(given_event, None) is given_event
    assert given_event == event


def test_the_longest_way_leaves_time_for_a_cold_start() -> None:
    """Added up, not measured: what a busy machine takes says nothing."""
    limits: Any = post_confirmation._CLIENT
    assert limits.retries == {"total_max_attempts": 1}
    one_round = 2 * (limits.connect_timeout + limits.read_timeout)
    last_begins = post_confirmation._QUICKLY + max(post_confirmation._PAUSES)
    assert last_begins + one_round < SECONDS


def test_a_cold_start_imports_no_more_of_the_sdk_than_it_needs() -> None:
    """boto3 brings s3transfer: with it, imports and the first client take a quarter longer."""
    unwanted = "{'boto3', 's3transfer'} & {*sys.modules}"
    code = f"import sys, tasks.post_confirmation; print({unwanted})"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "set()"


def counted(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """The metrics that were written. Nothing that was written names a person."""
    written = capsys.readouterr().out
    assert not [value for value in (*PERSONAL, SUB) if value in written]
    documents = [json.loads(line) for line in written.splitlines() if '"_aws"' in line]
    metrics = [document["_aws"]["CloudWatchMetrics"][0]["Metrics"] for document in documents]
    return {metric["Name"] for each in metrics for metric in each}


def test_a_sign_up_becomes_one_hint(outside: Outside, capsys: pytest.CaptureFixture[str]) -> None:
    triggered()
    (hint,), parked = outside.hints()
    assert parked == []
    assert (hint.local_sub, hint.user_pool_id, hint.created) == (SUB, POOL, True)
    assert hint.cause == EVENT["triggerSource"]
    assert hint.change_id
    assert counted(capsys) == {"HintsPublished"}


def test_a_recovered_password_is_no_creation(outside: Outside) -> None:
    triggered({**EVENT, "triggerSource": "PostConfirmation_ConfirmForgotPassword"})
    assert not outside.hints()[0][0].created


@pytest.mark.parametrize(
    "outside", [(each, TAKES) for each in (REFUSES, FAILS, HANGS)], indirect=True
)
def test_what_the_bus_does_not_take_is_parked(
    outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    triggered()
    sent, (parked,) = outside.hints()
    assert sent == [parked]
    assert counted(capsys) == {"HintsParked"}


def test_a_missing_setting_of_the_bus_does_not_take_the_queue_with_it(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("BUS_NAME")
    triggered()
    sent, (parked,) = outside.hints()
    assert (sent, parked.local_sub) == ([], SUB)
    assert counted(capsys) == {"HintsParked"}


def test_an_unreachable_bus_is_no_different(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_EVENTBRIDGE", "http://127.0.0.1:1")
    triggered()
    assert len(outside.hints()[1]) == 1


@pytest.mark.parametrize(
    "outside", [(REFUSES, FAILS), (FAILS, HANGS), (HANGS, HANGS)], indirect=True
)
def test_where_nothing_takes_the_hint_the_sign_up_still_succeeds(
    outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    triggered()
    assert len(outside.bus.bodies) == len(outside.queue.bodies) <= 3
    assert counted(capsys) == {"HintsLost"}


@pytest.mark.parametrize("outside", [(FAILS, FAILS), (REFUSES, FAILS)], indirect=True)
def test_both_are_tried_again_while_there_is_time(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outside.queue.recovers_after = 1
    # A busy machine must not make the first round a slow one.
    monkeypatch.setattr(post_confirmation, "_QUICKLY", 600)
    triggered()
    assert len(outside.bus.bodies) == len(outside.queue.bodies) == 2
    assert counted(capsys) == {"HintsParked"}


@pytest.mark.parametrize("outside", [(FAILS, FAILS)], indirect=True)
def test_after_a_slow_round_there_is_no_other(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(post_confirmation, "_QUICKLY", 0)
    triggered()
    assert len(outside.bus.bodies) == len(outside.queue.bodies) == 1
    assert counted(capsys) == {"HintsLost"}


def test_without_any_setting_it_still_succeeds(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("BUS_NAME", "PARKED_HINTS_URL", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name)
    triggered()
    assert counted(capsys) == {"HintsLost"}


@pytest.mark.parametrize("outside", [(TAKES, TAKES), (REFUSES, TAKES)], indirect=True)
def test_a_report_that_fails_costs_neither_the_hint_nor_the_sign_up(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("the log is full")

    monkeypatch.setattr("tasks.trigger_slot.report", broken)
    triggered()
    sent, parked = outside.hints()
    assert len(sent) == 1
    assert len(parked) == (0 if outside.bus.behaviour == TAKES else 1)


@pytest.mark.parametrize("outside", [(TAKES, TAKES), (REFUSES, TAKES)], indirect=True)
def test_what_leaves_names_nobody(outside: Outside) -> None:
    triggered()
    sent = json.dumps([outside.bus.bodies, outside.queue.bodies], ensure_ascii=False)
    assert not [value for value in PERSONAL if value in sent]
    assert SUB in sent


MALFORMED: dict[str, Any] = {
    "nothing": None,
    "text": "event",
    "empty": {},
    "no sub": {**EVENT, "request": {"userAttributes": {"email": PERSONAL[0]}}},
    "odd sub": {**EVENT, "request": {"userAttributes": {"sub": 5}}},
    "no attributes": {**EVENT, "request": {}},
    "no pool": {name: value for name, value in EVENT.items() if name != "userPoolId"},
}


@pytest.mark.parametrize("event", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_event_is_counted_and_returned(
    event: Any, outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    triggered(event)
    assert outside.hints() == ([], [])
    assert counted(capsys) == {"HintsLost"}


@given(event=anything)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_comes_is_returned(event: Any, outside: Outside) -> None:
    triggered(event)


def test_metrics_are_flushed_after_each_event(
    outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    triggered()
    triggered()
    assert capsys.readouterr().out.count('"_aws"') == 2
    assert not reporting.metrics().metric_set
