"""`standby restore` on a running installation: by a table as of a time, and by the tombstone."""

from __future__ import annotations

import json
import time
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from cognito_standby.recovery.domain.past_tables import key_of
from local.demo.people import Crowd, Person
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, a_second_that_passes, until, until_equal
from tests.e2e.world import attributes_of, ledger_row, records, standby_user

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]


def test_somebody_deleted_is_restored_as_of_a_time_and_by_the_tombstone(
    stage: RemoteStage, standby: Standby
) -> None:
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

    for option in ("--as-of", "--deleted-since"):
        moment = a_second_that_passes()
        gone()
        told = restored(option, moment.isoformat())
        until("no table of that time", partial(lacks_table, moment))
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
