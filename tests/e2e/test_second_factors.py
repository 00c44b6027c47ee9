"""Somebody with a second factor comes back in the standby, and is asked for it there."""

from __future__ import annotations

import time
from typing import Any

import pytest

from local.demo.people import CODE, Crowd
from local.demo.roles import in_charge
from local.remote import RemoteStage
from tests.e2e.conftest import until, until_equal
from tests.e2e.world import ledger_row, person

pytestmark = pytest.mark.local_aws
NEW = "Another-password-99"


def test_who_has_sms_recovers_by_mail_and_is_asked_for_the_code(stage: RemoteStage) -> None:
    primary, backup = stage.outputs.primary, stage.outputs.backup
    crowd, here = Crowd(stage, primary, "username"), stage.client("cognito-idp", primary.region)
    ann = person(f"sms{time.monotonic_ns()}")
    sub = crowd.sign_up(ann)
    crowd.set_attributes(ann, {"phone_number": "+12065550100", "phone_number_verified": "true"})
    crowd.admin(
        "admin_set_user_mfa_preference",
        ann,
        SMSMfaSettings={"Enabled": True, "PreferredMfa": True},
    )
    there = stage.client("cognito-idp", backup.region)
    assert here.admin_get_user(UserPoolId=primary.user_pool_id, Username=ann.username)[
        "PreferredMfaSetting"
    ]

    def preferred() -> Any:
        if ledger_row(stage, backup, sub).get("state") != "in_sync":
            return None
        seen = there.admin_get_user(UserPoolId=backup.user_pool_id, Username=ann.username)
        return seen.get("PreferredMfaSetting")

    assert until("the preference", preferred) == "SMS_MFA"
    with in_charge(stage, backup):
        client = {"ClientId": backup.client_id}
        there.forgot_password(**client, Username=ann.username)
        there.confirm_forgot_password(
            **client, Username=ann.username, ConfirmationCode=CODE, Password=NEW
        )
        asked = there.admin_initiate_auth(
            **client,
            UserPoolId=backup.user_pool_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": ann.username, "PASSWORD": NEW},
        )
        assert asked["ChallengeName"] == "SMS_MFA"
        answered = there.admin_respond_to_auth_challenge(
            **client,
            UserPoolId=backup.user_pool_id,
            ChallengeName="SMS_MFA",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": ann.username, "SMS_MFA_CODE": CODE},
        )
    assert answered["AuthenticationResult"]["AccessToken"]
    crowd.admin("admin_delete_user", ann)
    until_equal(stage)
