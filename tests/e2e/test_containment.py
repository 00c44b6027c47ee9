"""What fails is told of once and made safe, also where the event about it was lost."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from local.demo.people import Crowd
from local.faults import Fault, FaultKind
from local.faults.remote import RemoteFaults
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, until
from tests.e2e.world import executions, ledger_row, person, put_raw_record, standby_user

pytestmark = pytest.mark.local_aws

Record = Callable[[str, object], None]


def letters(stage: RemoteStage, region: RegionOutputs, subject: str) -> list[dict[str, Any]]:
    """The letters about a subject, left where they are."""
    client = stage.client("sqs", region.region)
    found: dict[str, str] = {}
    for _ in range(20):
        answer = client.receive_message(
            QueueUrl=region.dead_letter_queue_url, MaxNumberOfMessages=10, VisibilityTimeout=0
        )
        new = {m["MessageId"]: m["Body"] for m in answer.get("Messages", [])}
        if set(new) <= set(found):
            break
        found |= new
    told = [json.loads(text) for text in found.values() if subject in text]
    return [letter for letter in told if letter.get("subject") == subject]


def treatment(stage: RemoteStage, region: RegionOutputs, arn: str) -> list[dict[str, Any]]:
    """Executions of contain_failure about an execution."""
    found = executions(stage, region, "contain_failure")
    return [each for each in found if json.loads(each["input"])["execution_arn"] == arn]


def poisoned(stage: RemoteStage, subject: str) -> None:
    """A record of the primary Region that no release can read."""
    primary = stage.outputs.primary
    item = {"origin_sub": subject, "region": primary.region, "fields": "not a map"}
    put_raw_record(stage, primary, item)


def failed_about(stage: RemoteStage, region: RegionOutputs, subject: str) -> dict[str, Any] | None:
    for each in executions(stage, region, "sync_user"):
        if subject in each["input"] and each["status"] != "RUNNING":
            return each
    return None


@pytest.fixture(scope="module")
def timed_out(stage: RemoteStage) -> dict[str, Any]:
    """The letter about a replay that the machine's time limit cut off, before the person could
    recover. On a busy machine it may be cut off before the person was made: then with more time."""
    backup = stage.outputs.backup
    faults = RemoteFaults(stage.outputs.endpoint)
    operation = {"service": "cognito-idp", "operation": "AdminSetUserPassword"}
    fault = faults.add(Fault(FaultKind.ERROR, region=backup.region, code="throttled", **operation))  # type: ignore[arg-type]
    try:
        for seconds in (12, 36, 108):
            letter = _cut_off(stage, seconds)
            if standby_user(stage, letter["subject"]) is not None:
                return letter
    finally:
        faults.clear(fault)
    raise AssertionError("nobody was made in time")


def _cut_off(stage: RemoteStage, seconds: int) -> dict[str, Any]:
    """The letter about somebody who signs up while the machine has so much time."""
    backup = stage.outputs.backup
    client = stage.client("stepfunctions", backup.region)
    machine = backup.state_machines["sync_user"]
    text = client.describe_state_machine(stateMachineArn=machine)["definition"]
    short = json.dumps({**json.loads(text), "TimeoutSeconds": seconds})
    client.update_state_machine(stateMachineArn=machine, definition=short)
    try:
        who = person(f"timed-out-after-{seconds}")
        sub = Crowd(stage, stage.outputs.primary, "username").sign_up(who)
        (letter,) = until("a letter", lambda: letters(stage, backup, sub))
    finally:
        client.update_state_machine(stateMachineArn=machine, definition=text)
    return dict(letter)


@pytest.mark.needs_local_aws
def test_an_execution_that_times_out_is_told_of(
    stage: RemoteStage, timed_out: dict[str, Any]
) -> None:
    assert (timed_out["status"], timed_out["error"]) == ("TIMED_OUT", "States.Timeout")
    states = stage.client("stepfunctions", stage.outputs.backup.region)
    described = states.describe_execution(executionArn=timed_out["execution_arn"])
    assert described["status"] == "TIMED_OUT"


def test_a_failure_is_told_of_once_and_settled(stage: RemoteStage, record_property: Record) -> None:
    backup = stage.outputs.backup
    poisoned(stage, "poison-told")
    (letter,) = until("a letter", lambda: letters(stage, backup, "poison-told"))
    heard = datetime.now(UTC)
    failed = failed_about(stage, backup, "poison-told")
    assert failed is not None
    seconds = (heard - datetime.fromisoformat(letter["failed_at"])).total_seconds()
    record_property("seconds_from_failure_to_letter", seconds)
    print(f"from failure to letter: {seconds:.2f} s")  # noqa: T201 - a figure to report
    assert letter == {
        "kind": "failed_execution",
        "execution_arn": failed["executionArn"],
        "machine": "sync_user",
        "status": "FAILED",
        "error": "InvalidRecordError",
        "subject": "poison-told",
        "change_id": letter["change_id"],
        "region": backup.region,
        "redrive_count": 0,
        "failed_at": letter["failed_at"],
    }
    (run,) = until(
        "contained",
        lambda: [
            each
            for each in treatment(stage, backup, failed["executionArn"])
            if each["status"] != "RUNNING"
        ],
    )
    assert run["status"] == "SUCCEEDED"
    row = ledger_row(stage, backup, "poison-told")
    assert (row["state"], row["attention"]) == ("failed", "failed")
    assert row["reason"] == "InvalidRecordError"
    assert "lease_holder" not in row
    again = stage.client("stepfunctions", backup.region).start_execution(
        stateMachineArn=backup.state_machines["contain_failure"], input=run["input"]
    )["executionArn"]
    client = stage.client("stepfunctions", backup.region)
    until(
        "a second event about it ends",
        lambda: client.describe_execution(executionArn=again)["status"] == "SUCCEEDED",
    )
    assert len(letters(stage, backup, "poison-told")) == 1


@pytest.mark.needs_local_aws
def test_what_timed_out_is_contained_and_redriven(
    stage: RemoteStage, standby: Standby, timed_out: dict[str, Any]
) -> None:
    """Its lease ran out during the test before this one."""
    backup, sub = stage.outputs.backup, timed_out["subject"]
    row = until(
        "contained",
        lambda: (
            row if (row := ledger_row(stage, backup, sub)).get("state") == "quarantined" else {}
        ),
    )
    assert row["reason"] == "States.Timeout"
    user = standby_user(stage, sub)
    assert user is not None
    assert not user.enabled, "who was never completed is locked until somebody redrives"
    done = standby("redrive", timed_out["execution_arn"])
    assert "resolved: in sync" in done.stdout, done.stdout + done.stderr
    user = standby_user(stage, sub)
    assert user is not None
    assert user.enabled


def test_a_stopped_execution_is_told_of(stage: RemoteStage) -> None:
    backup, subject = stage.outputs.backup, "stopped-by-hand"
    table = stage.client("dynamodb", backup.region)
    held = {"subject": {"S": subject}, "lease_holder": {"S": "somebody"}}
    held["lease_expires_at"] = {"N": str(int(time.time()) + 600)}
    table.put_item(TableName=backup.ledger_table, Item=held)
    client = stage.client("stepfunctions", backup.region)
    try:
        arn = client.start_execution(
            stateMachineArn=backup.state_machines["sync_user"],
            input=json.dumps({"origin_sub": subject, "change_id": "stopped-1"}),
        )["executionArn"]
        client.stop_execution(executionArn=arn)
        (letter,) = until("a letter", lambda: letters(stage, backup, subject))
    finally:
        table.delete_item(TableName=backup.ledger_table, Key={"subject": {"S": subject}})
    assert (letter["status"], letter["error"]) == ("ABORTED", "")
    assert (letter["execution_arn"], letter["change_id"]) == (arn, "stopped-1")


def test_the_sweep_finds_what_the_event_missed(stage: RemoteStage) -> None:
    backup, subject = stage.outputs.backup, "poison-swept"
    rules = stage.client("events", backup.region)
    name = next(r["Name"] for r in rules.list_rules()["Rules"] if r["Name"].endswith("-failures"))
    rules.disable_rule(Name=name)
    try:
        poisoned(stage, subject)
        until("it failed", lambda: failed_about(stage, backup, subject))
        for _ in range(2):
            _swept(stage, backup)
            until("a letter", lambda: letters(stage, backup, subject))
    finally:
        rules.enable_rule(Name=name)
    assert len(letters(stage, backup, subject)) == 1


def _swept(stage: RemoteStage, region: RegionOutputs) -> None:
    client = stage.client("stepfunctions", region.region)
    run = client.start_execution(stateMachineArn=region.state_machines["sweep_failures"])
    arn = run["executionArn"]
    until("swept", lambda: client.describe_execution(executionArn=arn)["status"] == "SUCCEEDED")


def measured(stage: RemoteStage, region: RegionOutputs) -> dict[str, Any]:
    """What one run of the canary answers."""
    client = stage.client("stepfunctions", region.region)
    arn = client.start_execution(stateMachineArn=region.state_machines["measure_rpo"])
    run: Callable[[], Any] = lambda: client.describe_execution(  # noqa: E731
        executionArn=arn["executionArn"]
    )
    until("the canary's run", lambda: run()["status"] == "SUCCEEDED")
    answer: dict[str, Any] = json.loads(run()["output"])
    return answer


def test_the_canary_measures_the_rpo(stage: RemoteStage) -> None:
    primary, backup = stage.outputs.primary, stage.outputs.backup
    assert measured(stage, primary) == {"active": True, "lag_seconds": None}
    at_rest = {"active": False, "lag_seconds": 0.0}

    def in_time() -> bool:
        return measured(stage, primary)["active"] and measured(stage, backup) == at_rest

    until("the canary in the standby", in_time)
    before = canary(stage, backup)
    measured(stage, primary)
    until("the canary's change", lambda: canary(stage, backup) != before)


def canary(stage: RemoteStage, region: RegionOutputs) -> str:
    found = stage.client("cognito-idp", region.region).admin_get_user(
        UserPoolId=region.user_pool_id, Username="standby-canary"
    )
    return str(next(a["Value"] for a in found["UserAttributes"] if a["Name"] == "profile"))
