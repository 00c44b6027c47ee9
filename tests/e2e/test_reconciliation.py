"""Reconciliation on the deployed machine: what events missed is found, named and repaired.

The tests go on from each other: one stage, one pool, its events cut off.
"""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.demo.compare import compare
from local.demo.roles import in_charge
from local.faults.model import Fault, FaultKind
from tests.e2e.conftest import until
from tests.e2e.local_stage import deployed
from tests.e2e.operator_command import run_standby
from tests.e2e.reconciling import OPTIONS, Reconciled, found_in
from tests.e2e.world import put_raw_record

pytestmark = [
    pytest.mark.local_aws,
    pytest.mark.needs_local_aws,
    pytest.mark.timeout(2400),
]
PEOPLE = [f"p{number:03d}" for number in range(60)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reconciled]:
    with deployed("username", tmp_path_factory.mktemp("reconcile"), *OPTIONS) as stage:
        world = Reconciled(stage)
        world.cut_events()
        yield world


@pytest.fixture(scope="module")
def subs(world: Reconciled) -> dict[str, str]:
    """People who were there before the system: nobody has ever heard of them. Name -> sub."""
    found = world.create_many(world.primary, PEOPLE)
    cognito = world.users(world.primary)
    cognito.create_group(UserPoolId=world.primary.user_pool_id, GroupName="staff")
    for name in PEOPLE[:5]:
        world.admin(world.primary, "add_user_to_group", name, GroupName="staff")
    return found


def test_a_first_filling_of_an_existing_pool(world: Reconciled, subs: dict[str, str]) -> None:
    filled = world.run(world.primary, seeding=True)
    assert found_in(filled) == {"missing record": len(subs), "group definition": 1}
    assert filled["verdict"] == "all drift repaired"
    assert len(world.items(world.primary)) == len(subs) + 1
    assert not world.stage.client("cognito-idp", world.backup.region).list_users(
        UserPoolId=world.backup.user_pool_id
    )["Users"], "records of a filling start no execution each"


def test_an_interrupted_run_is_resumed(world: Reconciled, subs: dict[str, str]) -> None:
    backup = world.backup
    arn = world.start(backup, seeding=True)
    run_id = arn.rsplit(":", 1)[-1]
    until("some are repaired", lambda: _parts(world, run_id))
    world.stage.client("stepfunctions", backup.region).stop_execution(executionArn=arn)
    before = world.files(backup, run_id)
    resumed = world.ended(backup, world.start(backup, resume=run_id))
    assert resumed["status"] == "SUCCEEDED", resumed
    assert resumed["output"]["run"] == run_id
    after = world.files(backup, run_id)
    work = [name for name in before if re.search(r"\.rows$|/compare/\w\w\.json$|/part-", name)]
    assert len(work) > len(PEOPLE) / 2
    assert not [name for name in work if after[name] != before[name]], "done is not done again"
    report = world.report(backup, resumed["output"]["report"])
    assert found_in(report)["user missing in the pool"] == len(subs)
    assert compare(world.stage).agree


def _parts(world: Reconciled, run_id: str) -> list[str]:
    return [name for name in world.files(world.backup, run_id) if "/repair/" in name]


def drifted(world: Reconciled, subs: dict[str, str]) -> tuple[set[str], set[str]]:
    """Every kind of drift, made behind the system's back: kinds of the primary and the backup."""
    primary, backup = world.primary, world.backup
    world.create(primary, "newcomer")
    world.rename(primary, "p010", "Renamed")
    world.admin(primary, "delete_user", "p011")
    world.users(primary).update_group(
        UserPoolId=primary.user_pool_id, GroupName="staff", Description="changed"
    )
    world.forget_row(primary, subs["p012"])
    lost = next(i for i in world.items(primary) if i["origin_sub"]["S"] == subs["p013"])
    put_raw_record(
        world.stage,
        primary,
        {"origin_sub": "unread", "region": primary.region, "shard_id": "00", "schema_version": 99},
    )
    world.stage.client("dynamodb", primary.region).update_item(
        TableName=world.stage.outputs.records_table,
        Key={name: lost[name] for name in ("origin_sub", "region")},
        UpdateExpression="REMOVE shard_id",
    )
    world.admin(backup, "delete_user", "p020")
    world.rename(backup, "p021", "Renamed there")
    world.admin(backup, "add_user_to_group", "p022", GroupName="staff")
    world.admin(backup, "disable_user", "p023")
    with in_charge(world.stage, backup):  # the fence lets nobody be made there otherwise
        world.create(backup, "stranger")
    world.change_row(backup, subs["p024"], state="applying", attention="applying")
    world.change_row(backup, subs["p025"], state="quarantined", attention="quarantined")
    return (
        {
            *("missing record", "stale record", "record of a deleted user", "group definition"),
            *("ledger out of step", "unreadable record"),
        },
        {
            *("user missing in the pool", "stale attributes", "wrong groups"),
            *("wrong enabled flag", "user that nobody should have", "group definition"),
            *("changed directly in the standby pool", "half applied", "quarantined"),
            "unreadable record",
        },
    )


def test_every_kind_of_drift_is_found_named_and_repaired(
    world: Reconciled, subs: dict[str, str]
) -> None:
    in_primary, in_backup = drifted(world, subs)
    tables = [world.items(region) for region in (world.primary, world.backup)]
    looked = world.run(world.primary, dry_run=True)
    assert (looked["verdict"], set(found_in(looked))) == (
        "drift found, nothing changed",
        in_primary,
    )
    assert [world.items(region) for region in (world.primary, world.backup)] == tables

    first = world.run(world.primary)
    assert set(found_in(first)) == in_primary
    second = world.run(world.backup)
    assert set(found_in(second)) == in_backup
    for report in (first, second):
        for finding in report["findings"]:
            if finding["kind"] != "unreadable record":
                assert finding["outcomes"].get("left", 0) == 0, finding
    _forget(world, "unread")
    # Who was made in the standby is a person like any other: captured there, and taken over here.
    assert found_in(world.run(world.primary)) == {"user missing in the pool": 1}
    assert compare(world.stage).agree, compare(world.stage).problems
    assert world.run(world.primary)["verdict"] == "in sync"
    assert world.run(world.backup)["verdict"] == "in sync"


def _forget(world: Reconciled, key: str) -> None:
    region = world.primary.region
    world.stage.client("dynamodb", region).delete_item(
        TableName=world.stage.outputs.records_table,
        Key={"origin_sub": {"S": key}, "region": {"S": region}},
    )


def test_wrong_input_and_a_bucket_that_refuses_are_told(world: Reconciled) -> None:
    primary = world.primary
    wrong = world.ended(primary, world.start(primary, shards=["zz"]))
    assert (wrong["status"], wrong["error"]) == ("FAILED", "InvalidRecordError")
    assert "'zz' is not two hex digits, 00 to ff" in wrong["cause"]
    refusing = Fault(
        kind=FaultKind.ERROR,
        service="s3",
        operation="PUT *",
        code="AccessDenied",
        status=403,
        rate=1.0,
    )
    number = world.faults.add(refusing)
    try:
        refused = world.ended(primary, world.start(primary, shards=["00"]))
    finally:
        world.faults.clear(number)
    assert (refused["status"], refused["error"]) == ("FAILED", "MisconfiguredError")
    assert f"the bucket {primary.reconcile_bucket}: PutObject: AccessDenied" in refused["cause"]
    after = world.run(primary, shards=["00"])
    assert after["run"]["shards"] == 1, "the lock of the run that failed was taken over"


def asked(world: Reconciled) -> str:
    """A run that waits for an answer."""
    arn = world.start(world.primary)
    until(
        "the brake asks",
        lambda: "Ask Operator" in world.states(world.primary, arn) and _question(world, arn),
    )
    return arn


def _question(world: Reconciled, arn: str) -> Any:
    run_id = arn.rsplit(":", 1)[-1]
    return (
        world.stage.client("dynamodb", world.primary.region)
        .get_item(
            TableName=world.primary.ledger_table, Key={"subject": {"S": f"#question#{run_id}"}}
        )
        .get("Item")
    )


def operator(world: Reconciled, tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run_standby(world.stage.outputs, tmp_path, *words)


def test_a_mass_deletion_waits_for_an_operator(
    world: Reconciled, subs: dict[str, str], tmp_path: Path
) -> None:
    primary, gone = world.primary, PEOPLE[40:52]
    for name in gone:
        world.admin(primary, "delete_user", name)
    before = world.items(primary)

    arn = asked(world)
    overlapping = world.ended(primary, world.start(primary))
    assert overlapping["output"]["opened"] is False
    assert overlapping["output"]["running"] == arn
    told = operator(world, tmp_path, "reject", arn.rsplit(":", 1)[-1], "--yes")
    assert told.returncode == 0, told.stdout + told.stderr
    rejected = world.ended(primary, arn)
    assert rejected["output"]["verdict"] == "stopped by the brake"
    assert world.items(primary) == before

    _answer_within(world, 2)
    expired = world.ended(primary, world.start(primary))
    _answer_within(world, 3600)
    report = world.report(primary, expired["output"]["report"])
    assert (report["verdict"], report["brake"]["answer"]) == ("stopped by the brake", "expired")
    assert world.items(primary) == before

    arn = asked(world)
    told = operator(world, tmp_path, "approve", arn.rsplit(":", 1)[-1], "--yes")
    assert told.returncode == 0, told.stdout + told.stderr
    approved = world.ended(primary, arn)
    assert approved["output"]["verdict"] == "all drift repaired"
    tombs = {i["origin_sub"]["S"] for i in world.items(primary) if i["deleted"]["BOOL"]}
    assert {subs[name] for name in gone} <= tombs
    assert _question(world, arn) is None


def _answer_within(world: Reconciled, seconds: int) -> None:
    """Change how long a question waits."""
    client = world.stage.client("lambda", world.primary.region)
    name = (
        f"{world.primary.state_machines['reconcile_pool'].split(':')[-1].split('-')[0]}-judge_drift"
    )
    told = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    client.update_function_configuration(
        FunctionName=name, Environment={"Variables": {**told, "APPROVAL_SECONDS": str(seconds)}}
    )
    time.sleep(0.2)
    assert json.dumps(told)
