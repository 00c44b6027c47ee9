"""`standby restore` on a running installation: by a table as of a time, and by the tombstone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from cognito_standby.recovery.domain.past_tables import key_of
from local.demo.people import Crowd, Person
from local.faults.model import Fault, FaultKind
from local.faults.remote import RemoteFaults
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, a_second_that_passes, until, until_equal
from tests.e2e.world import attributes_of, ledger_row, records, standby_user
from tests.local.rights import holders

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]


@pytest.mark.parametrize(
    "option", ["--deleted-since", pytest.param("--as-of", marks=pytest.mark.full)]
)
def test_somebody_deleted_is_restored(stage: RemoteStage, standby: Standby, option: str) -> None:
    here, there = stage.outputs.primary, stage.outputs.backup
    pool = stage.client("cognito-idp", here.region)
    name = f"restore{time.monotonic_ns()}"
    sub = Crowd(stage, here, "username").sign_up(
        Person(name, f"{name}@example.org", "Ann Restored")
    )
    until_equal(stage)
    until("known there", lambda: ledger_row(stage, there, sub).get("state") == "in_sync")

    def gone() -> None:
        pool.admin_delete_user(UserPoolId=here.user_pool_id, Username=name)
        until("a tombstone here", lambda: records(stage, sub)[here.region]["deleted"])

    def restored(*since: str) -> dict[str, Any]:
        asked = ("--region", here.region, "--user", sub, *since, "--yes", "--json")
        done = standby("restore", *asked)
        assert done.returncode == 0, done.stdout + done.stderr
        assert attributes_of(stage, here, name)["custom:origin_sub"] == sub
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def lacks_table(moment: datetime) -> bool:
        names = stage.client("dynamodb", here.region).list_tables()["TableNames"]
        return not any(name.endswith(f".past.{key_of(moment)}") for name in names)

    moment = a_second_that_passes()
    gone()
    told = restored(option, moment.isoformat())
    until("no table of that time", lambda: lacks_table(moment))
    assert told["outcomes"] == {"restored": 1} and told["plan"]["actions"] == {"undelete": 1}
    until_equal(stage)

    user = standby_user(stage, sub)
    assert user is not None and user.enabled
    looked = standby("restore", "--region", there.region, "--user", sub, "--dry-run")
    assert looked.returncode == 0 and "leave: 1" in looked.stdout, looked.stdout


@pytest.mark.full
def test_a_pool_outside_of_the_installation_is_filled(stage: RemoteStage, standby: Standby) -> None:
    here = stage.outputs.primary
    cognito = stage.client("cognito-idp", here.region)
    marked = [{"Name": "origin_sub", "AttributeDataType": "String", "Mutable": True}]
    made = cognito.create_user_pool(PoolName="elsewhere", Schema=marked)["UserPool"]
    name = f"into{time.monotonic_ns()}"
    sub = Crowd(stage, here, "username").sign_up(Person(name, f"{name}@example.org", "Ann"))
    until("the record is there", lambda: records(stage, sub))
    into = ("--region", here.region, "--into", made["Id"], "--user", sub, "--yes")
    try:
        for _ in range(2):
            done = standby("restore", *into)
            assert done.returncode == 0, done.stdout + done.stderr
        user = cognito.admin_get_user(UserPoolId=made["Id"], Username=name)
        told = {each["Name"]: each["Value"] for each in user["UserAttributes"]}
        assert (told["custom:origin_sub"], user["UserStatus"]) == (sub, "CONFIRMED")
    finally:
        cognito.delete_user_pool(UserPoolId=made["Id"])


@pytest.fixture
def faults(stage: RemoteStage) -> Iterator[RemoteFaults]:
    at = RemoteFaults(stage.outputs.endpoint)
    yield at
    at.clear()


@pytest.fixture
def role(stage: RemoteStage) -> str:
    """The role that docs/import-export.md describes."""
    groups = f"arn:aws:logs:*:{stage.outputs.account}:log-group:/aws/cognito/*"
    return holders.role(stage, holders.allow(holders.LOGS_OF_IMPORTS, groups), trusts="cognito-idp")


@pytest.mark.full
def test_who_never_was_in_a_standby_comes_by_an_import_job(
    stage: RemoteStage, standby: Standby, faults: RemoteFaults, role: str
) -> None:
    """Replication would make them first: in the standby, no execution is started for a record."""
    here, there = stage.outputs.primary, stage.outputs.backup
    faults.add(Fault(FaultKind.EDGE, edge="pipe->machine", rate=1.0, region=there.region))
    pool, group = stage.client("cognito-idp", here.region), f"jobs{time.monotonic_ns()}"
    pool.create_group(UserPoolId=here.user_pool_id, GroupName=group)
    people = {f"{group}a": "Doe, Ann", f"{group}b": 'the "first"'}
    for name, told in people.items():
        sub = Crowd(stage, here, "username").sign_up(Person(name, f"{name}@example.org", told))
        pool.admin_add_user_to_group(UserPoolId=here.user_pool_id, Username=name, GroupName=group)
        until("recorded as a member", lambda sub=sub: group in str(records(stage, sub)))  # type: ignore[misc]
    until("the group is recorded", lambda: records(stage, f"#group#{group}"))

    asked = ("restore", "--region", there.region, "--group", group)
    done = standby(*asked, "--strategy", "import", "--role", role, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 made by import jobs, 0 passed over" in done.stdout

    copies, where = stage.client("cognito-idp", there.region), {"UserPoolId": there.user_pool_id}
    states = [copies.admin_get_user(**where, Username=each)["UserStatus"] for each in people]
    assert states == ["RESET_REQUIRED", "CONFIRMED"], "by the job, and by calls"
    members = copies.list_users_in_group(**where, GroupName=group)["Users"]
    assert {each["Username"] for each in members} == set(people)
    exports = stage.client("s3", there.region).list_objects_v2(
        Bucket=there.reconcile_bucket, Prefix="runs/exports/restore-"
    )
    assert not exports.get("Contents"), "nobody's data is left behind"
    looked = standby(*asked, "--dry-run")
    assert "nobody has to be restored" in looked.stdout, looked.stdout + looked.stderr
    faults.clear()
    until_equal(stage)


@pytest.mark.full
def test_whom_a_replay_has_begun_with_is_waited_for(
    stage: RemoteStage, standby: Standby, faults: RemoteFaults
) -> None:
    """One that died, so that its lease runs out: whoever is alive ends sooner."""
    here, there = stage.outputs.primary, stage.outputs.backup
    faults.add(Fault(FaultKind.EDGE, edge="pipe->machine", rate=1.0, region=there.region))
    name = f"begun{time.monotonic_ns()}"
    sub = Crowd(stage, here, "username").sign_up(Person(name, f"{name}@example.org", "Ann"))
    until("recorded", lambda: records(stage, sub))
    held = {"subject": {"S": sub}, "lease_holder": {"S": "died#0"}}
    held["lease_expires_at"] = {"N": str(int(time.time()) + 45)}
    stage.client("dynamodb", there.region).put_item(TableName=there.ledger_table, Item=held)
    done = standby("restore", "--region", there.region, "--user", sub, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 restored" in done.stdout, done.stdout
    faults.clear()
    until_equal(stage)
