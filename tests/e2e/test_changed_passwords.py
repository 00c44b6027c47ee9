"""Passwords that are set are noted by way of CloudTrail, and the function that sets unknown ones
may do what it does. The backup stands for the Region that is about to open."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cognito_standby.core.domain.changed_passwords import PASSWORD_KEY
from local.demo.people import Crowd
from local.remote import RemoteStage
from tests.e2e.conftest import until, until_equal
from tests.e2e.world import executions, histories, ledger_row, person, records, sign_in

pytestmark = pytest.mark.local_aws
OLDER, NEWER = "An-older-password-11", "A-newer-password-22"
RESETTING = ("AdminSetUserPassword", "AdminUserGlobalSignOut")


def test_an_older_password_opens_the_backup_no_more(stage: RemoteStage) -> None:
    primary, backup = stage.outputs.primary, stage.outputs.backup
    crowd = Crowd(stage, primary, "username")
    ann = person(f"pw{time.monotonic_ns()}")
    sub = crowd.sign_up(ann)
    until("the copy", lambda: ledger_row(stage, backup, sub).get("state") == "in_sync")

    def noted() -> dict[str, dict[str, Any]]:
        return records(stage, PASSWORD_KEY + sub)

    def noted_in(region: str) -> bool:
        return region in noted()

    for region, password in ((backup, OLDER), (primary, NEWER)):
        stage.client("cognito-idp", region.region).admin_set_user_password(
            UserPoolId=region.user_pool_id,
            Username=ann.username,
            Password=password,
            Permanent=True,
        )
        until("the note", partial(noted_in, region.region))
    epochs = {region: item["epoch"] for region, item in noted().items()}
    assert set(epochs) == {primary.region, backup.region}
    assert epochs[primary.region] > epochs[backup.region], "of whoever is active the newer"

    client = stage.client("lambda", backup.region)
    (name,) = (
        each["FunctionName"]
        for page in client.get_paginator("list_functions").paginate()
        for each in page["Functions"]
        if each["FunctionName"].endswith("reset_changed_passwords")
    )
    local_sub = ledger_row(stage, backup, sub)["local_sub"]

    def hinted() -> int:
        """By calls like those of the function; a hint of her own acts may still be on its way."""
        inputs = [each["input"] for each in executions(stage, backup, "sync_user")]
        about = [each for each in inputs if sub in each or local_sub in each]
        return sum(any(call in each for call in RESETTING) for each in about)

    before = hinted()

    def reset() -> dict[str, Any]:
        answer = client.invoke(FunctionName=name, Payload=json.dumps({"holder": "a-failover#0"}))
        told: dict[str, Any] = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, told
        return told

    told = reset()
    assert told["done"]
    assert told["progress"]["counts"]["reset"] >= 1
    row = ledger_row(stage, backup, sub)
    assert (row["reset_epoch"], row["reset_region"]) == (epochs[primary.region], primary.region)
    assert row["reset_stage"] == "signed_out"
    assert "lease_holder" not in row
    with pytest.raises(ClientError) as refused:
        sign_in(stage, backup, ann, OLDER)
    assert refused.value.response["Error"]["Code"] != "AccessDeniedException"
    assert reset()["progress"]["counts"]["done_before"] >= 1
    assert noted()[backup.region]["epoch"] == epochs[backup.region], "our own calls are no hints"
    assert hinted() == before
    for password in (OLDER, NEWER):
        assert password not in histories(stage, backup, "sync_user")
    crowd.admin("admin_delete_user", ann)
    until_equal(stage)
