"""People who come through an identity provider, and local users to whom one is linked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.demo.people import Crowd
from local.demo.roles import in_charge
from local.remote import RemoteStage
from tests.e2e.conftest import until, until_equal
from tests.e2e.world import (
    attributes_of,
    enter,
    ledger_row,
    letters_about,
    person,
    records,
    standby_user,
)

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]


def _settled(stage: RemoteStage, sub: str, deleted: bool) -> dict[str, Any]:
    """The standby's row, once it has confirmed the record as it is."""
    item = records(stage, sub).get(stage.outputs.primary.region, {})
    row = ledger_row(stage, stage.outputs.backup, sub)
    same = item and row.get("confirmed_revision") == item["revision"]
    return row if same and item["deleted"] is deleted else {}


def test_a_federated_user_is_recorded_and_nobody_is_made(stage: RemoteStage) -> None:
    primary, backup = stage.outputs.primary, stage.outputs.backup
    name = str(enter(stage, primary, "1029", "Ann")["Username"])
    sub = attributes_of(stage, primary, name)["sub"]
    row = until("confirmed", lambda: _settled(stage, sub, deleted=False))
    assert row["skipped"] == {
        "present": "federated: only a sign-in through the provider makes the user"
    }
    fields = records(stage, sub)[primary.region]["fields"]
    assert json.loads(fields["federated"]) == ["Google", "1029"]
    assert fields["attr:given_name"] == "Ann"
    with in_charge(stage, backup):
        entered = enter(stage, backup, "1029", "Ann")
        assert entered["Username"] == name, "no native user has the name"
        stage.client("cognito-idp", backup.region).admin_delete_user(
            UserPoolId=backup.user_pool_id, Username=name
        )
    stage.client("cognito-idp", primary.region).admin_delete_user(
        UserPoolId=primary.user_pool_id, Username=name
    )
    until("deleted", lambda: _settled(stage, sub, deleted=True))
    until_equal(stage)
    assert letters_about(stage, sub) == []


def test_a_link_travels_and_lets_the_person_in_there(stage: RemoteStage) -> None:
    primary, backup = stage.outputs.primary, stage.outputs.backup
    ann = person("linked-ann")
    crowd = Crowd(stage, primary, "username")
    sub = crowd.sign_up(ann)
    identity = {"ProviderName": "Google", "ProviderAttributeName": "Cognito_Subject"}
    identity["ProviderAttributeValue"] = "2048"
    client = stage.client("cognito-idp", primary.region)
    client.admin_link_provider_for_user(
        UserPoolId=primary.user_pool_id,
        DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": ann.username},
        SourceUser=identity,
    )
    crowd.set_attributes(ann, {"nickname": "linked"})  # whether a link's own event tells whom it is
    until("linked", lambda: "2048" in _told(stage, sub))  # about is not known
    with in_charge(stage, backup):
        assert enter(stage, backup, "2048", "Ann")["Username"] == ann.username
    client.admin_disable_provider_for_user(UserPoolId=primary.user_pool_id, User=identity)
    crowd.set_attributes(ann, {"nickname": "no longer"})
    until("unlinked", lambda: "2048" not in _told(stage, sub))
    client.admin_delete_user(UserPoolId=primary.user_pool_id, Username=ann.username)
    until_equal(stage)
    assert letters_about(stage, sub) == []


def _told(stage: RemoteStage, sub: str) -> str:
    user = standby_user(stage, sub)
    return user.attributes.get("identities", "") if user else ""
