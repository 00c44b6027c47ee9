"""A small account (`tests.local.account`): who is refused what."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from local.quotas.mail import REFUSAL
from local.quotas.remote import quotas_at
from tests.local.assemblies import reserving, status_of
from tests.local.conftest import (
    OTHER_REGION,
    REGION,
    ROLE,
    BareAws,
    eventually,
    finished,
    function,
    machine,
    unique,
)
from tests.local.pools import TestPool
from tests.local.two_accounts import InAccount

pytestmark = pytest.mark.local_aws
HOG = """
import os, time
def handler(event, context):
    while not os.path.exists(event["until"]):
        time.sleep(0.02)
"""
CONFIRMING = """
def handler(event, context):
    event["response"]["autoConfirmUser"] = event["userName"].startswith("known")
    return event
"""
TRIGGER = "def handler(event, context):\n    return event\n"


@pytest.fixture(scope="module")
def small() -> Iterator[LocalAws]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.local.account"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin and process.stdout
    yield cast(LocalAws, BareAws(process.stdout.readline().strip()))
    process.stdin.close()
    process.wait(timeout=300)


@pytest.fixture
def hogged(small: LocalAws, tmp_path: Path) -> Iterator[Path]:
    """Ten invocations run, and an eleventh waits; they end when the file is made."""
    end, client = tmp_path / "end", small.client("lambda", REGION)
    hog = function(small, HOG)
    for _ in range(11):
        payload = json.dumps({"until": str(end)})
        client.invoke(FunctionName=hog, InvocationType="Event", Payload=payload)
    name = hog.split(":")[-1]
    eventually(lambda: refusals(small, name) > 0 and running(small, name) == 10)
    yield end
    end.touch()


def running(small: Any, name: str) -> int:
    """The most that ever ran."""
    told = quotas_at(small.endpoint).state["concurrency"][REGION]
    return int(told["peaks"].get(name, 0))


def refusals(small: Any, name: str) -> int:
    return quotas_at(small.endpoint).refused("Lambda concurrency", lambda who: who == name)


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_who_waits_for_an_answer_is_refused_and_who_does_not_waits(
    small: LocalAws, hogged: Path
) -> None:
    other = function(small, TRIGGER)
    client = small.client("lambda", REGION)
    with pytest.raises(ClientError) as refused:
        client.invoke(FunctionName=other, Payload="{}")
    assert code_of(refused) == "TooManyRequestsException"

    states = {"T": {"Type": "Task", "Resource": other, "End": True}}
    started = small.client("stepfunctions", REGION).start_execution(
        stateMachineArn=machine(small, states), input="{}"
    )
    ended = finished(small, started["executionArn"])
    assert (ended["status"], ended["error"]) == ("FAILED", "Lambda.TooManyRequestsException")

    client.invoke(FunctionName=other, InvocationType="Event", Payload="{}")
    name = other.split(":")[-1]
    assert running(small, name) == 0
    hogged.touch()
    eventually(lambda: running(small, name) == 1)


def test_a_sign_up_fails_when_its_trigger_is_throttled(small: LocalAws, hogged: Path) -> None:
    trigger = function(small, TRIGGER)
    pool = TestPool(small, settings={"LambdaConfig": {"PostConfirmation": trigger}})
    pool.sign_up("ann")
    with pytest.raises(ClientError) as refused:
        pool.confirm("ann")
    assert code_of(refused) == "UnexpectedLambdaException"
    assert "TooManyRequestsException" in refused.value.response["Error"]["Message"]
    assert pool.user("ann")["status"] == "CONFIRMED", "as on AWS, only the answer fails"

    hogged.touch()
    eventually(lambda: signs_up(pool))


def signs_up(pool: TestPool) -> bool:
    name = unique("ben")
    pool.sign_up(name)
    try:
        pool.confirm(name)
    except ClientError:
        return False
    return True


def test_an_account_of_ten_reserves_nothing(small: LocalAws) -> None:
    name = function(small, TRIGGER).split(":")[-1]
    with pytest.raises(ClientError) as refused:
        small.client("lambda", REGION).put_function_concurrency(
            FunctionName=name, ReservedConcurrentExecutions=1
        )
    assert code_of(refused) == "InvalidParameterValueException"
    assert "below its minimum value of [10]" in refused.value.response["Error"]["Message"]

    stack, formation = unique("reserved"), small.client("cloudformation", REGION)
    formation.create_stack(StackName=stack, TemplateBody=reserving(stack, 1))
    eventually(lambda: "IN_PROGRESS" not in status_of(formation, stack))
    assert status_of(formation, stack) in ("ROLLBACK_COMPLETE", "CREATE_FAILED")
    told = formation.describe_stack_events(StackName=stack)["StackEvents"]
    reasons = " ".join(event.get("ResourceStatusReason", "") for event in told)
    assert "below its minimum value of [10]" in reasons


def test_a_rate_is_everybodys(small: LocalAws) -> None:
    pool = TestPool(small)
    before = quotas_at(small.endpoint)

    def describe(_: int) -> str:
        try:
            pool.admin("describe_user_pool")
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return ""

    answers: set[str] = set()
    with ThreadPoolExecutor(4) as threads:
        for _ in range(20):
            answers |= set(threads.map(describe, range(8)))
            if len(answers) > 1:
                break
    assert answers == {"", "TooManyRequestsException"}
    quota = "UserPoolRead: DescribeUserPool"
    after = quotas_at(small.endpoint)
    assert after.refused(quota, region=REGION) > before.refused(quota, region=REGION)


def test_the_fourth_mail_is_refused_unless_it_is_the_customers(small: LocalAws) -> None:
    pool = TestPool(small, settings={"AutoVerifiedAttributes": ["email"]})
    for number in range(3):
        pool.sign_up(f"ann{number}", email=f"ann{number}@example.org")
    with pytest.raises(ClientError) as refused:
        pool.sign_up("dora", email="dora@example.org")
    assert code_of(refused) == "LimitExceededException"
    assert refused.value.response["Error"]["Message"] == REFUSAL
    with pytest.raises(ClientError):
        pool.app("resend_confirmation_code", Username="ann0")
    second = cast(LocalAws, InAccount(small))
    elsewhere = TestPool(second, settings={"AutoVerifiedAttributes": ["email"]})
    assert elsewhere.sign_up("dora", email="dora@example.org"), "another account has its own day"

    arn = "arn:aws:ses:us-east-1:111111111111:identity/example.org"
    own = {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn}
    other = TestPool(
        small, settings={"AutoVerifiedAttributes": ["email"], "EmailConfiguration": own}
    )
    assert other.sign_up("dora", email="dora@example.org")


def test_a_sign_up_that_a_trigger_confirms_needs_no_mail(small: LocalAws) -> None:
    trigger = function(small, CONFIRMING, OTHER_REGION)
    settings = {"AutoVerifiedAttributes": ["email"], "LambdaConfig": {"PreSignUp": trigger}}
    pool = TestPool(small, OTHER_REGION, settings)

    def sign_up(name: str) -> None:
        pool.sign_up(name, email=f"{name}@example.org")

    sign_up("known0")
    for number in range(3):
        sign_up(f"ann{number}")
    with pytest.raises(ClientError) as refused:
        sign_up("dora")
    assert code_of(refused) == "LimitExceededException"
    with pytest.raises(ClientError) as missing:
        pool.user("dora")
    assert code_of(missing) == "UserNotFoundException"
    sign_up("known1")
    assert pool.user("known1")["status"] == "CONFIRMED"


def test_starts_are_refused_and_a_rule_tries_again(small: LocalAws) -> None:
    other, kept = (machine(small, {"Keep": {"Type": "Pass", "End": True}}) for _ in range(2))
    client, events = small.client("stepfunctions", REGION), small.client("events", REGION)
    bus = unique("bus")
    events.create_event_bus(Name=bus)
    rule = {"Name": unique("rule"), "EventBusName": bus}
    events.put_rule(**rule, EventPattern=json.dumps({"source": ["trial"]}))
    target = {"Id": "machine", "Arn": kept, "RoleArn": ROLE}
    events.put_targets(Rule=rule["Name"], EventBusName=bus, Targets=[target])
    entry = {"Source": "trial", "DetailType": "x", "Detail": "{}", "EventBusName": bus}
    sent = 0

    def refused() -> bool:
        """The bucket fills while the event is on its way: empty it again until it was empty."""
        nonlocal sent
        drain(client, other)
        events.put_events(Entries=[entry])
        sent += 1
        return starts_refused(small, kept) > 0

    eventually(refused)
    assert starts_refused(small, other) > 0
    eventually(lambda: len(client.list_executions(stateMachineArn=kept)["executions"]) == sent)


def drain(client: Any, arn: str) -> None:
    """Start until a start is refused."""
    while True:
        try:
            client.start_execution(stateMachineArn=arn, input="{}")
        except ClientError as error:
            assert error.response["Error"]["Code"] == "ThrottlingException"
            return


def starts_refused(small: LocalAws, arn: str) -> int:
    name = arn.rsplit(":", maxsplit=1)[-1]
    return quotas_at(small.endpoint).refused("StartExecution", lambda who: who == name)
