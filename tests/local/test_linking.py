"""Identities of providers linked to profiles, on the local AWS.

Sources: API reference, AdminLinkProviderForUser, AdminDisableProviderForUser; developer guide,
"Linking federated users to an existing user profile".
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.control import ProviderSignInError
from local.emulator import LocalAws
from tests.local.conftest import function
from tests.local.pools import PASSWORD, TestPool
from tests.local.test_federation import ANN, enter, with_google

pytestmark = pytest.mark.local_aws
OIDC = {
    "ProviderName": "Acme",
    "ProviderType": "OIDC",
    "ProviderDetails": {"client_id": "c", "oidc_issuer": "https://acme.example.org"},
    "AttributeMapping": {"email": "email", "custom:staff": "employee"},
}
STAFF = {"Name": "staff", "AttributeDataType": "String", "Mutable": True}
BORN = {"Name": "born", "AttributeDataType": "String", "Mutable": False}
LINKS = """
import boto3
def handler(event, context):
    boto3.client("cognito-idp").admin_link_provider_for_user(
        UserPoolId=event["userPoolId"],
        DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "ann"},
        SourceUser={
            "ProviderName": "Google",
            "ProviderAttributeName": "Cognito_Subject",
            "ProviderAttributeValue": event["userName"].split("_", 1)[1],
        },
    )
    return event
"""


@pytest.fixture
def pool(aws: LocalAws) -> TestPool:
    made = with_google(TestPool(aws, settings={"Schema": [STAFF, BORN]}))
    made.admin("create_identity_provider", **OIDC)
    made.create("ann", email="old@example.org", email_verified="true")
    made.admin("admin_set_user_password", Username="ann", Password=PASSWORD, Permanent=True)
    return made


def link(
    pool: TestPool,
    value: str = "1029",
    provider: str = "Google",
    by: str = "Cognito_Subject",
    to: tuple[str, str] = ("Cognito", "ann"),
) -> None:
    pool.admin(
        "admin_link_provider_for_user",
        DestinationUser={"ProviderName": to[0], "ProviderAttributeValue": to[1]},
        SourceUser=identity(value, provider, by),
    )


def identity(value: str, provider: str = "Google", by: str = "Cognito_Subject") -> dict[str, str]:
    return {
        "ProviderName": provider,
        "ProviderAttributeName": by,
        "ProviderAttributeValue": value,
    }


def identities(pool: TestPool, name: str = "ann") -> list[dict[str, Any]]:
    return list(json.loads(pool.user(name).get("identities", "[]")))


def test_a_linked_identity_lands_in_the_profile(pool: TestPool) -> None:
    link(pool)
    (shown,) = identities(pool)
    assert (shown["userId"], shown["providerName"], shown["primary"]) == ("1029", "Google", False)
    assert enter(pool)["Username"] == "ann"
    user = pool.user("ann")
    assert (user["status"], user["email"]) == ("CONFIRMED", ANN["email"])
    assert user["email_verified"] == "false", "the mapping writes over what was verified"
    assert pool.token("ann"), "and the password is as it was"
    assert len(pool.admin("list_users")["Users"]) == 1


def test_a_link_by_an_attribute_becomes_one_by_the_subject(pool: TestPool) -> None:
    link(pool, "E-7", "Acme", "custom:staff")
    told = {"email": "ann@acme.example.org", "employee": "E-7"}
    assert enter(pool, "s-1", provider="Acme", claims=told)["Username"] == "ann"
    assert [each["userId"] for each in identities(pool)] == ["s-1"]
    moved = {**told, "employee": "E-8"}
    assert enter(pool, "s-1", provider="Acme", claims=moved)["Username"] == "ann"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        pool.admin("admin_disable_provider_for_user", User=identity("E-7", "Acme", "custom:staff"))
    pool.admin("admin_disable_provider_for_user", User=identity("s-1", "Acme"))
    assert identities(pool) == []
    assert enter(pool, "s-1", provider="Acme", claims=told)["Username"] == "Acme_s-1"


def test_a_profile_of_a_provider_can_be_linked_to(pool: TestPool) -> None:
    enter(pool, "77")
    link(pool, "s-1", "Acme", to=("Google", "77"))
    entered = enter(pool, "s-1", provider="Acme", claims={"email": "ann@example.org"})
    assert entered["Username"] == "Google_77"
    primary = {each["providerName"]: each["primary"] for each in identities(pool, "Google_77")}
    assert primary == {"Google": True, "Acme": False}


def test_links_that_are_refused(pool: TestPool) -> None:
    enter(pool, "77")
    with pytest.raises(ClientError, match=r"InvalidParameterException.*Merging is not currently"):
        link(pool, "77")
    pool.admin("admin_delete_user", Username="Google_77")
    link(pool, "77")
    pool.create("ben")
    with pytest.raises(ClientError, match=r"InvalidParameterException.*already linked"):
        link(pool, "77", to=("Cognito", "ben"))
    with pytest.raises(ClientError, match="UserNotFoundException"):
        link(pool, "78", to=("Cognito", "nobody"))
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        link(pool, "78", "Facebook")
    with pytest.raises(ClientError, match=r"InvalidParameterException.*Cognito_Subject"):
        link(pool, "ann@example.org", by="email")
    with pytest.raises(ClientError, match=r"InvalidParameterException.*not mapped"):
        link(pool, "Ann", "Acme", "given_name")
    with pytest.raises(ClientError, match="InvalidParameterException"):
        link(pool, "ben", "Cognito")
    pool.create("cyd", **{"custom:born": "2000"})
    with pytest.raises(ClientError, match=r"InvalidParameterException.*immutable"):
        link(pool, "79", to=("Cognito", "cyd"))


def test_five_identities_are_the_most(pool: TestPool) -> None:
    for number in range(5):
        link(pool, str(number))
    with pytest.raises(ClientError, match="LimitExceededException"):
        link(pool, "5")
    assert len(identities(pool)) == 5


def test_a_link_ends_with_its_user(pool: TestPool) -> None:
    link(pool)
    pool.admin("admin_delete_user", Username="ann")
    pool.create("ann")
    assert enter(pool)["Username"] == "Google_1029"
    assert identities(pool) == []


def test_a_password_can_be_taken_away_as_a_way_in(pool: TestPool) -> None:
    pool.admin("admin_disable_provider_for_user", User=identity("ann", "Cognito"))
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        pool.token("ann")


def test_an_immutable_mapped_attribute_keeps_a_linked_person_out(aws: LocalAws) -> None:
    email = {"Name": "email", "AttributeDataType": "String", "Mutable": False}
    pool = with_google(TestPool(aws, settings={"Schema": [email]}))
    pool.create("ann", email=ANN["email"])
    link(pool)
    with pytest.raises(ProviderSignInError, match="Attribute cannot be updated"):
        enter(pool)


def test_a_pre_sign_up_trigger_links_on_the_way(aws: LocalAws) -> None:
    pool = with_google(TestPool(aws))
    pool.create("ann", email="old@example.org")
    pool.admin("update_user_pool", LambdaConfig={"PreSignUp": function(aws, LINKS)})
    assert enter(pool)["Username"] == "ann"
    assert [user["Username"] for user in pool.admin("list_users")["Users"]] == ["ann"]
    assert identities(pool)[0]["userId"] == "1029"
