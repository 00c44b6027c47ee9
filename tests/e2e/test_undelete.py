"""`standby undelete` on a running installation: deleted, seen by the standby, and back."""

from __future__ import annotations

import time

import pytest

from local.demo.people import Crowd, Person
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, until, until_equal
from tests.e2e.world import ledger_row, records, standby_user

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]


def enabled_there(stage: RemoteStage, sub: str) -> bool:
    """Whether the standby lets them in."""
    user = standby_user(stage, sub)
    return user is not None and user.enabled


def test_somebody_deleted_comes_back_in_both_pools(stage: RemoteStage, standby: Standby) -> None:
    here, there = stage.outputs.primary, stage.outputs.backup
    pool = stage.client("cognito-idp", here.region)
    name = f"undelete{time.monotonic_ns()}"
    person = Person(name, f"{name}@example.org", "Ann Undeleted")
    sub = Crowd(stage, here, "username").sign_up(person)
    pool.create_group(UserPoolId=here.user_pool_id, GroupName=name)
    pool.admin_add_user_to_group(UserPoolId=here.user_pool_id, Username=name, GroupName=name)
    until_equal(stage)
    until("known there", lambda: ledger_row(stage, there, sub).get("state") == "in_sync")

    pool.admin_delete_user(UserPoolId=here.user_pool_id, Username=name)
    until("disabled there", lambda: not enabled_there(stage, sub))

    done = standby("undelete", f"{name}@example.org", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"undeleted in {here.region}" in done.stdout

    made = pool.admin_get_user(UserPoolId=here.user_pool_id, Username=name)
    told = {each["Name"]: each["Value"] for each in made["UserAttributes"]}
    assert made["Enabled"] and made["UserStatus"] == "CONFIRMED"
    assert told["sub"] != sub and told["custom:origin_sub"] == sub
    assert told["email_verified"] == "true"
    until("enabled there", lambda: enabled_there(stage, sub))
    until_equal(stage)
    assert not records(stage, sub)[here.region]["deleted"]

    again = standby("undelete", sub, "--yes")
    assert again.returncode == 0 and "not deleted" in again.stdout
