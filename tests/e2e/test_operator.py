"""An operator's commands against a running installation."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cognito_standby.core.domain.subjects import digest
from local.demo.people import Crowd, Person
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, until, until_equal
from tests.e2e.dark_region import dark
from tests.e2e.test_containment import letters
from tests.e2e.world import executions, ledger_row, letters_about, put_raw_record, records
from tests.e2e.world import letters as all_letters

pytestmark = pytest.mark.local_aws


@pytest.fixture
def ann(stage: RemoteStage) -> str:
    """Somebody who is in sync in the standby."""
    name = f"op{time.monotonic_ns()}"
    person = Person(name, f"{name}@example.org", "Ann Operator")
    sub = Crowd(stage, stage.outputs.primary, "username").sign_up(person)
    until_equal(stage)
    until("in sync", lambda: _state(stage, sub) == "in_sync")
    return sub


@pytest.fixture
def send(stage: RemoteStage) -> Iterator[Callable[..., None]]:
    """Puts letters into the standby Region's queue; what is left is removed in the end."""
    backup = stage.outputs.backup
    queue = stage.client("sqs", backup.region)

    def put(body: Any, **attributes: str) -> None:
        queue.send_message(
            QueueUrl=backup.dead_letter_queue_url,
            MessageBody=body if isinstance(body, str) else json.dumps(body),
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value}
                for name, value in attributes.items()
            },
        )

    yield put
    queue.purge_queue(QueueUrl=backup.dead_letter_queue_url)


def _state(stage: RemoteStage, sub: str) -> str:
    return str(ledger_row(stage, stage.outputs.backup, sub).get("state", ""))


def poisoned(stage: RemoteStage, sub: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Spoil the record; the good item, and the execution that failed on the bad one."""
    primary, backup = stage.outputs.primary, stage.outputs.backup
    good = records(stage, sub)[primary.region]
    put_raw_record(
        stage, primary, {**good, "fields": "not a map", "revision": good["revision"] + 1}
    )
    failed = until(
        "the poison failed",
        lambda: [
            each
            for each in executions(stage, backup, "sync_user")
            if each["status"] == "FAILED" and sub in each["input"]
        ],
    )
    return good, failed[0]


def _drained(standby: Standby, region: str, *more: str) -> subprocess.CompletedProcess[str]:
    """What came of all letters. On a busy machine the queue may answer too late for the command:
    then what it handed out stays hidden for half a minute."""

    def seen() -> subprocess.CompletedProcess[str] | None:
        done = standby("redrive", "--all", "--region", region, *more)
        unseen = "no dead letters" in done.stdout or "no letter can be seen" in done.stdout
        return None if unseen else done

    found: subprocess.CompletedProcess[str] = until("the letters are seen", seen)
    return found


def test_poison_is_left_until_it_is_repaired(
    stage: RemoteStage, standby: Standby, ann: str
) -> None:
    primary, backup = stage.outputs.primary, stage.outputs.backup
    good, execution = poisoned(stage, ann)
    until("the letter is there", lambda: len(letters(stage, backup, ann)) == 1)

    first = _drained(standby, backup.region)
    assert "failed again: InvalidRecordError" in first.stdout, first.stdout + first.stderr
    assert first.returncode == 2, "nothing could be done"
    until("and one about the redrive", lambda: len(letters(stage, backup, ann)) == 2)
    assert ann not in first.stdout
    assert digest(ann) in first.stdout

    put_raw_record(stage, primary, {**good, "revision": good["revision"] + 2})
    second = _drained(standby, backup.region)
    assert second.returncode == 0, second.stdout + second.stderr
    assert "resolved: in sync" in second.stdout
    assert not letters(stage, backup, ann)
    described = stage.client("stepfunctions", backup.region).describe_execution(
        executionArn=execution["executionArn"]
    )
    assert (described["status"], described["redriveCount"]) == ("SUCCEEDED", 2)
    assert standby("redrive", "--all", "--region", backup.region).returncode == 0, "once more"


def test_letters_of_every_kind(
    stage: RemoteStage, standby: Standby, ann: str, send: Callable[..., None]
) -> None:
    backup = stage.outputs.backup
    hint = {"origin_sub": ann, "cause": "a test"}
    event = {"source": "cognito-standby", "detail-type": "SubjectChanged", "detail": hint}
    send(event, RULE_ARN="arn:aws:events:us-west-2:1:rule/hints", ERROR_CODE="THROTTLING")
    send(hint)
    send(_stream_letter(stage, ann))
    send("{}", SCHEDULE_ARN="arn:aws:scheduler:us-west-2:1:schedule/default/sweep")
    send("not JSON")

    planned = _drained(standby, backup.region, "--dry-run")
    assert planned.returncode == 1, planned.stdout + planned.stderr
    assert "would be started afresh" in planned.stdout
    done = _drained(standby, backup.region)
    told = re.search(r"(\d+) of (\d+) resolved", done.stdout)
    assert told is not None, done.stdout + done.stderr
    resolved, seen = map(int, told.groups())
    assert 4 <= resolved < seen, "and what tests before left behind"
    assert "it is not JSON" in done.stdout
    assert done.returncode == 1
    left: list[str] = until(
        "the unreadable one stays",
        lambda: told if "not JSON" in (told := all_letters(stage, backup)) else [],
    )
    assert not [text for text in left if ann in text]
    mine = [e for e in executions(stage, backup, "sync_user") if '"redrive"' in e["input"]]
    assert len([each for each in mine if ann in each["input"]]) == 1, "one run for four letters"


def _stream_letter(stage: RemoteStage, sub: str) -> dict[str, Any]:
    """What the pipe writes about a record of that person."""
    region = stage.outputs.backup.region
    table = stage.client("dynamodb", region).describe_table(TableName=stage.outputs.records_table)
    arn = table["Table"]["LatestStreamArn"]
    streams = stage.client("dynamodbstreams", region)
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    number = next(
        record["dynamodb"]["SequenceNumber"]
        for record in streams.get_records(ShardIterator=iterator)["Records"]
        if record["dynamodb"]["Keys"]["origin_sub"]["S"] == sub
    )
    place = {"startSequenceNumber": number, "endSequenceNumber": number, "batchSize": 1}
    return {
        "context": {"condition": "RetryAttemptsExhausted"},
        "version": "1.0",
        "DDBStreamBatchInfo": {"streamArn": arn, "shardId": shard, **place},
    }


def test_an_execution_that_does_not_exist(stage: RemoteStage, standby: Standby) -> None:
    machine = stage.outputs.backup.state_machines["sync_user"]
    gone = machine.replace(":stateMachine:", ":execution:") + ":gone"
    result = standby("redrive", gone)
    assert result.returncode == 2
    assert "there is no such execution" in result.stdout


def test_status_of_both_regions(stage: RemoteStage, standby: Standby) -> None:
    def both() -> Any:
        report = json.loads(standby("status", "--json", at=stage.outputs).stdout)
        late = [view["unreachable"] for view in report["regions"]]
        return report if late == ["", ""] and report["regions"][0]["claims"] else None

    until("both answer in time", both)


def test_status_gives_a_dark_region_up(stage: RemoteStage, standby: Standby) -> None:
    primary, backup = stage.outputs.primary.region, stage.outputs.backup.region

    def told() -> Any:
        result = standby("status", "--json", at=outputs)
        report = json.loads(result.stdout)
        left = {view["region"]: not view["unreachable"] for view in report["regions"]}
        return left == {primary: True, backup: False} and (report["verdict"], result.returncode)

    with dark(stage.outputs, backup) as outputs:
        assert until("the other one answers in time", told) == ("degraded", 1)

    with dark(stage.outputs, primary) as outputs:
        assert standby("status", at=outputs).returncode == 2, "the active one is gone: broken"


def test_redrive_with_a_dark_region_goes_on_in_the_other(
    stage: RemoteStage, standby: Standby, ann: str, send: Callable[..., None]
) -> None:
    primary = stage.outputs.primary.region
    send({"origin_sub": ann, "cause": "a test"})
    with dark(stage.outputs, primary) as outputs:
        result = standby("redrive", "--all", at=outputs)
    assert f"{primary} could not be reached" in result.stdout
    assert re.search(r"[1-9]\d* of \d+ resolved", result.stdout), result.stdout + result.stderr
    assert letters_about(stage, ann) == []
    assert result.returncode == 1


def test_resending_twice_changes_nothing(stage: RemoteStage, standby: Standby, ann: str) -> None:
    primary = stage.outputs.primary.region
    stacks = stage.client("cloudformation", primary).describe_stacks()["Stacks"]
    keys = {each["OutputKey"] for stack in stacks for each in stack.get("Outputs", [])}
    if "ArchiveName" not in keys:
        pytest.skip("the stacks have no archive yet")
    before = records(stage, ann)
    ran = len(executions(stage, stage.outputs.primary, "sync_user"))
    for _ in range(2):
        result = standby("resend-events", "--since", "1h", "--region", primary)
        assert result.returncode == 0, result.stdout + result.stderr
    until(
        "the hints were sent again, twice",
        lambda: len(executions(stage, stage.outputs.primary, "sync_user")) >= ran + 2,
    )
    until_equal(stage)
    assert records(stage, ann) == before
