"""What a person meets at the pool that stands by: nothing. And after a failover the other way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.control import ProviderSignInError, sign_in_through
from local.demo.people import CODE, PASSWORD, Crowd, Person
from local.demo.roles import claim, in_charge, stand_down
from local.faults.model import Fault, FaultKind
from local.faults.remote import RemoteFaults
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.e2e.admin_client import AdminClient
from tests.e2e.conftest import until_confirmed, until_equal
from tests.e2e.world import letters_about, person, sign_in

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]
NEW = "Another-password-99"
Act = Callable[[], Any]


def _acts(stage: RemoteStage, region: RegionOutputs, who: Person, tokens: Any) -> dict[str, Act]:
    """By what people come into a pool, or are sent a code with which they could."""
    pool, client_id = stage.client("cognito-idp", region.region), region.client_id
    client = {"ClientId": client_id}
    by_name = {**client, "Username": who.username}
    stranger = person(f"stranger-of-{who.username}-{region.region}")
    renewal = {"REFRESH_TOKEN": tokens["RefreshToken"]}
    invited = {"UserPoolId": region.user_pool_id, "Username": stranger.username}
    subject = f"at-{region.region}"
    assert stage.outputs.endpoint
    return {
        "sign-up": partial(
            pool.sign_up,
            **client,
            Username=stranger.username,
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": stranger.email}],
        ),
        "first sign-in by a provider": partial(
            sign_in_through,
            *(stage.outputs.endpoint, "Google", subject),
            pool=region.user_pool_id,
            claims={"email": f"{subject}@example.org"},
        ),
        "creation by an administrator": partial(
            pool.admin_create_user, **invited, MessageAction="SUPPRESS"
        ),
        "sign-in": partial(sign_in, stage, region, who, NEW),
        "renewed session": partial(
            pool.initiate_auth, **client, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=renewal
        ),
        "renewed session, the other call": partial(
            pool.get_tokens_from_refresh_token, **client, RefreshToken=tokens["RefreshToken"]
        ),
        "forgotten password": partial(pool.forgot_password, **by_name),
        "reset by an administrator": partial(
            pool.admin_reset_user_password,
            UserPoolId=region.user_pool_id,
            Username=who.username,
        ),
        "code for an address": partial(
            pool.get_user_attribute_verification_code,
            AccessToken=tokens["AccessToken"],
            AttributeName="email",
        ),
    }


def _refused(acts: dict[str, Act], region: RegionOutputs) -> None:
    for name, act in acts.items():
        with pytest.raises((ClientError, ProviderSignInError)) as refused:
            act()
        assert f"{region.region} stands by" in str(refused.value), name


@pytest.mark.full
def test_each_pool_in_both_roles(stage: RemoteStage) -> None:
    primary, backup = stage.outputs.primary, stage.outputs.backup
    ann = person("ann-at-the-fence")
    at_home, there = (Crowd(stage, each, "username") for each in (primary, backup))
    sub = at_home.sign_up(ann)
    until_confirmed(stage, sub)
    with in_charge(stage, backup):
        there.recover_and_sign_in(ann, NEW)
        away = sign_in(stage, backup, ann, NEW)
        at_home_then = {"AccessToken": away["AccessToken"], "RefreshToken": "none"}
        closed = _acts(stage, primary, ann, at_home_then)
        for name in [each for each in closed if "session" in each or "code" in each]:
            del closed[name]  # no session of the primary's pool is at hand here
        del closed["reset by an administrator"]  # it would be needed at home, message or not
        _refused(closed, primary)
        until_equal(stage)
    _refused(_acts(stage, backup, ann, away), backup)
    assert sign_in(stage, primary, ann, PASSWORD)
    at_home.admin("admin_delete_user", ann)
    until_equal(stage)
    assert letters_about(stage, sub) == []


def test_a_region_that_stands_down_closes_and_replicates(stage: RemoteStage) -> None:
    """Before the other one has claimed; and opens again, where the failover is given up."""
    primary, backup = stage.outputs.primary, stage.outputs.backup
    ben = person("ben-at-the-fence")
    crowd, api = Crowd(stage, primary, "username"), AdminClient(stage, primary)
    crowd.sign_up(ben)
    claim(stage, primary)
    try:
        stand_down(stage, primary, backup)
        for region in (primary, backup):
            with pytest.raises(ClientError, match=f"{region.region} stands by"):
                sign_in(stage, region, ben, PASSWORD)
        until_equal(stage)
        refused = api.call("PATCH", f"/users/{ben.username}", {"enabled": False})
        assert (refused.status, refused.code) == (503, "stood_down"), refused.text
        assert refused.json["region"] == backup.region
        assert int(refused.headers["Retry-After"]) > 0
        read = api.call("GET", f"/users/{ben.username}")
        assert (read.status, read.json["enabled"]) == (200, True), "reading goes on"
    finally:
        stand_down(stage, primary, None)
    assert sign_in(stage, primary, ben, PASSWORD)
    assert api.call("PATCH", f"/users/{ben.username}", {"enabled": True}).status in (200, 202)
    crowd.admin("admin_delete_user", ben)
    until_equal(stage)


@pytest.mark.full
def test_what_asks_no_trigger_passes_and_loses(stage: RemoteStage) -> None:
    """With a session or a code from before: the pool is put back by the protocol."""
    primary, backup = stage.outputs.primary, stage.outputs.backup
    pool = stage.client("cognito-idp", backup.region)
    cy, dee = (person(f"{name}-at-the-fence") for name in ("cy", "dee"))
    crowd, there = (Crowd(stage, each, "username") for each in (primary, backup))
    until_confirmed(stage, *[crowd.sign_up(each) for each in (cy, dee)])
    with in_charge(stage, backup):
        for each in (cy, dee):
            there.recover_and_sign_in(each, NEW)
        tokens, hers = (sign_in(stage, backup, each, NEW) for each in (cy, dee))
        pool.forgot_password(ClientId=backup.client_id, Username=cy.username)
        until_equal(stage)
    session = {"AccessToken": tokens["AccessToken"]}
    pool.update_user_attributes(**session, UserAttributes=[{"Name": "nickname", "Value": "nobody"}])
    changed = {"PreviousPassword": NEW, "ProposedPassword": f"{NEW}-1"}
    pool.change_password(**session, **changed)
    pool.confirm_forgot_password(
        ClientId=backup.client_id,
        Username=cy.username,
        ConfirmationCode=CODE,
        Password=f"{NEW}-2",
    )
    off = {"Enabled": False, "PreferredMfa": False}
    pool.set_user_mfa_preference(**session, SMSMfaSettings=off)
    pool.revoke_token(Token=tokens["RefreshToken"], ClientId=backup.client_id)
    pool.global_sign_out(**session)
    pool.delete_user(AccessToken=hers["AccessToken"])
    for each in (cy, dee):
        with pytest.raises(ClientError, match="stands by"):
            sign_in(stage, backup, each, f"{NEW}-2")
    both = until_equal(stage)
    rows = {row.name: row for row in both.rows}
    assert all(rows[each.username].active for each in (cy, dee)), "nobody was lost at home"
    for each in (cy, dee):
        assert sign_in(stage, primary, each, PASSWORD)
        crowd.admin("admin_delete_user", each)
    until_equal(stage)


def test_an_unreadable_table_closes_no_active_region(stage: RemoteStage) -> None:
    """Nothing is published yet, and a new process has seen nothing: the deployment counts."""
    primary, backup = stage.outputs.primary, stage.outputs.backup
    eve = person("eve-at-the-fence")
    crowd = Crowd(stage, primary, "username")
    crowd.sign_up(eve)
    until_equal(stage)
    faults = RemoteFaults(stage.outputs.endpoint)
    for function in ("pre_authentication", "pre_token_generation"):
        faults.add(
            Fault(
                FaultKind.ERROR,
                service="dynamodb",
                operation="BatchGetItem",
                function=f"*{function}",
            )
        )
    try:
        assert sign_in(stage, primary, eve, PASSWORD)
        with pytest.raises(ClientError, match=f"{backup.region} stands by"):
            sign_in(stage, backup, eve, PASSWORD)
    finally:
        faults.clear()
    crowd.admin("admin_delete_user", eve)
    until_equal(stage)
