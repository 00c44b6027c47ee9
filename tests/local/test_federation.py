"""People who come through an identity provider, on the local AWS.

Sources: developer guide, "Adding user pool sign-in through a third party", "Mapping IdP attributes
to profiles and tokens"; API reference, AdminSetUserPassword (federated users).
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.control import ProviderSignInError, sign_in_through
from local.emulator import LocalAws
from tests.local.pools import PASSWORD, TestPool, claims
from tests.local.test_triggers import (
    trigger as trigger,  # noqa: PLC0414 - a fixture
)
from tests.local.test_triggers import watched

pytestmark = pytest.mark.local_aws
GOOGLE = {
    "ProviderName": "Google",
    "ProviderType": "Google",
    "ProviderDetails": {"client_id": "c", "client_secret": "s", "authorize_scopes": "openid"},
    "AttributeMapping": {"email": "email", "given_name": "given_name", "username": "sub"},
}
ANN = {"email": "ann@example.org", "given_name": "Ann", "hd": "not mapped"}


def with_google(pool: TestPool, **more: Any) -> TestPool:
    pool.admin("create_identity_provider", **{**GOOGLE, **more})
    return pool


def enter(pool: TestPool, subject: str = "1029", **wanted: Any) -> dict[str, Any]:
    provider, told = wanted.pop("provider", "Google"), wanted.pop("claims", ANN)
    return sign_in_through(
        pool.aws.endpoint, provider, subject, pool=pool.id, claims=told, **wanted
    )


def groups(pool: TestPool, name: str) -> list[str]:
    told = pool.admin("admin_list_groups_for_user", Username=name)["Groups"]
    return [group["GroupName"] for group in told]


@pytest.fixture
def pool(aws: LocalAws) -> TestPool:
    return with_google(TestPool(aws, settings={"AutoVerifiedAttributes": ["email"]}))


def test_a_first_sign_in_makes_a_profile(pool: TestPool) -> None:
    entered = enter(pool)
    assert entered["Username"] == "Google_1029"
    user = pool.user("Google_1029")
    assert user["status"] == "EXTERNAL_PROVIDER"
    assert (user["email"], user["given_name"]) == ("ann@example.org", "Ann")
    assert user["email_verified"] == "false", "nobody mapped the mark"
    assert "hd" not in user
    (identity,) = json.loads(user["identities"])
    assert isinstance(identity.pop("dateCreated"), int)
    assert identity == {
        "userId": "1029",
        "providerName": "Google",
        "providerType": "Google",
        "issuer": None,
        "primary": True,
    }
    assert groups(pool, "Google_1029") == [f"{pool.id}_Google"]
    group = pool.admin("get_group", GroupName=f"{pool.id}_Google")["Group"]
    assert "Google" in group["Description"]
    identities = claims(entered["AuthenticationResult"]["IdToken"])["identities"]
    assert (identities[0]["userId"], identities[0]["primary"]) == ("1029", "true")
    access = entered["AuthenticationResult"]["AccessToken"]
    assert pool.cognito.get_user(AccessToken=access)["Username"] == "Google_1029"


def test_each_sign_in_writes_what_is_mapped(pool: TestPool) -> None:
    enter(pool)
    before = pool.user("Google_1029")
    enter(pool, claims={"email": "new@example.org"})
    after = pool.user("Google_1029")
    assert after["sub"] == before["sub"]
    assert (after["email"], after["given_name"]) == ("new@example.org", "Ann")
    assert len(pool.admin("list_users")["Users"]) == 1


def test_an_immutable_attribute_lets_nobody_in_twice(aws: LocalAws) -> None:
    email = {"Name": "email", "AttributeDataType": "String", "Mutable": False, "Required": True}
    pool = with_google(TestPool(aws, settings={"Schema": [email]}))
    enter(pool)
    with pytest.raises(ProviderSignInError, match=r"user\.email: Attribute cannot be updated"):
        enter(pool)
    with pytest.raises(ProviderSignInError, match=r"attributes required: \[email\]"):
        enter(pool, "2", claims={})
    assert len(pool.admin("list_users")["Users"]) == 1


def test_capitals_go_where_they_do_not_matter(aws: LocalAws) -> None:
    insensitive = {"UsernameConfiguration": {"CaseSensitive": False}}
    pool = with_google(TestPool(aws, settings=insensitive))
    assert enter(pool, "AbC")["Username"] == "google_abc"
    assert groups(pool, "google_abc") == [f"{pool.id}_Google"]
    assert json.loads(pool.user("Google_AbC")["identities"])[0]["userId"] == "AbC"
    assert enter(pool, "AbC")["Username"] == "google_abc"


def test_a_native_user_of_that_name_keeps_the_person_out(pool: TestPool) -> None:
    pool.create("Google_1029")
    with pytest.raises(ProviderSignInError, match="Already found an entry for username Google_"):
        enter(pool)
    assert pool.user("Google_1029")["status"] == "FORCE_CHANGE_PASSWORD"


def test_who_is_not_let_in(pool: TestPool) -> None:
    with pytest.raises(ProviderSignInError, match="does not exist"):
        enter(pool, provider="Facebook")
    enter(pool)
    pool.admin("admin_disable_user", Username="Google_1029")
    with pytest.raises(ProviderSignInError, match="User is disabled"):
        enter(pool)
    pool.admin(
        "update_user_pool_client", ClientId=pool.client, SupportedIdentityProviders=["COGNITO"]
    )
    with pytest.raises(ProviderSignInError, match="does not support"):
        enter(pool, "2")


def test_there_is_no_password_until_an_administrator_sets_one(pool: TestPool) -> None:
    enter(pool)
    state = r"NotAuthorizedException.*cannot be reset in the current state"
    with pytest.raises(ClientError, match=state):
        pool.app("forgot_password", Username="Google_1029")
    with pytest.raises(ClientError, match=state):
        pool.admin("admin_reset_user_password", Username="Google_1029")
    for password in (PASSWORD, ""):
        parameters = {"USERNAME": "Google_1029", "PASSWORD": password or "x"}
        with pytest.raises(ClientError, match=r"NotAuthorizedException.*Incorrect"):
            pool.app("initiate_auth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    given = {"Username": "Google_1029", "Password": PASSWORD, "Permanent": True}
    pool.admin("admin_set_user_password", **given)
    assert pool.user("Google_1029")["status"] == "CONFIRMED"
    assert pool.token("Google_1029")
    assert enter(pool)["Username"] == "Google_1029", "and through the provider as before"


def test_only_the_username_finds_them(aws: LocalAws) -> None:
    pool = with_google(TestPool(aws, settings={"UsernameAttributes": ["email"]}))
    enter(pool)
    sub = pool.user("Google_1029")["sub"]
    for name in (sub, "ann@example.org"):
        with pytest.raises(ClientError, match="UserNotFoundException"):
            pool.user(name)
    native = pool.create("ann@example.org", email="ann@example.org")
    assert pool.user("ann@example.org")["username"] == native, "the address was nobody's"


def test_the_triggers_of_a_first_sign_in_and_of_a_second(aws: LocalAws, trigger: str) -> None:
    pool = watched(aws, trigger)
    with_google(pool)
    pool.moods(PreSignUp_ExternalProvider={"autoVerifyEmail": True})
    enter(pool)
    assert pool.sources() == [
        "PreSignUp_ExternalProvider",
        "PostConfirmation_ConfirmSignUp",
        "PostAuthentication_Authentication",
        "TokenGeneration_HostedAuth",
    ]
    before = pool.told("PreSignUp_ExternalProvider")
    assert before["userName"] == "Google_1029"
    assert before["request"]["userAttributes"]["email"] == "ann@example.org"
    made = pool.told("PostConfirmation_ConfirmSignUp")["request"]["userAttributes"]
    assert made["cognito:user_status"] == "EXTERNAL_PROVIDER"
    assert json.loads(made["identities"])[0]["userId"] == "1029"
    assert pool.user("Google_1029")["email_verified"] == "true"
    details = {"claimsToAddOrOverride": {"plan": "gold"}}
    pool.moods(TokenGeneration_HostedAuth={"claimsOverrideDetails": details})
    result = enter(pool)["AuthenticationResult"]
    assert pool.sources() == ["PostAuthentication_Authentication", "TokenGeneration_HostedAuth"]
    assert claims(result["IdToken"])["plan"] == "gold"
    assert claims(result["IdToken"])["cognito:groups"] == [f"{pool.id}_Google"]


def test_a_first_sign_in_can_be_refused(aws: LocalAws, trigger: str) -> None:
    pool = watched(aws, trigger)
    with_google(pool)
    pool.moods(PreSignUp_ExternalProvider="fail")
    with pytest.raises(ProviderSignInError, match=r"PreSignUp failed with error no thanks\."):
        enter(pool)
    assert pool.admin("list_users")["Users"] == []
    pool.moods(PostConfirmation_ConfirmSignUp="fail")
    with pytest.raises(ProviderSignInError, match="PostConfirmation failed with error"):
        enter(pool)
    assert pool.user("Google_1029")["status"] == "EXTERNAL_PROVIDER", "made all the same"


@pytest.mark.parametrize(
    "wrong",
    [
        {"ProviderName": "Gaggle"},
        {"ProviderName": "Google", "ProviderType": "OIDC"},
        {"ProviderName": "_oidc", "ProviderType": "OIDC"},
        {"ProviderName": "ab", "ProviderType": "OIDC"},
        {"ProviderName": "Cognito", "ProviderType": "SAML"},
        {"AttributeMapping": {"custom:none": "x"}},
    ],
)
def test_a_provider_that_cannot_be(aws: LocalAws, wrong: dict[str, Any]) -> None:
    pool = TestPool(aws)
    # botocore knows some of these rules, too.
    with pytest.raises(ClientError, match="InvalidParameterException"):
        with_google(pool, **wrong)
    assert pool.admin("list_identity_providers")["Providers"] == []
