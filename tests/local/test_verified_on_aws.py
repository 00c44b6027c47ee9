"""What others saw AWS do: the behaviours that moto's tests marked `aws_verified` assert of Cognito.

Each test re-states one of the 15 in tests/test_cognitoidp of github.com/getmoto/moto, which its
maintainers ran against AWS, and names it. The local AWS has to behave likewise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from local.emulator import LocalAws
from tests.local.conftest import unique
from tests.local.pools import PASSWORD, claims, listed
from tests.local.proofs import Srp, secret_hash, token_code

pytestmark = pytest.mark.local_aws
TEMPORARY = "Temp0rary!Passw0rd"
MAIL = "test@test.com"
BY_MAIL = {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]}


@dataclass
class App:
    """A pool and its client, with a secret or without, as an app uses them."""

    cognito: Any
    pool: str
    client: str
    secret: str

    def hashed(self, name: str) -> dict[str, str]:
        return {"SECRET_HASH": secret_hash(name, self.client, self.secret)} if self.secret else {}

    def sign_up(self, name: str, **attributes: str) -> Any:
        more = {"SecretHash": self.hashed(name)["SECRET_HASH"]} if self.secret else {}
        return self.cognito.sign_up(
            ClientId=self.client,
            Username=name,
            Password=PASSWORD,
            UserAttributes=listed(attributes),
            **more,
        )

    def confirmed(self, name: str) -> str:
        self.sign_up(name)
        self.cognito.admin_confirm_sign_up(UserPoolId=self.pool, Username=name)
        return name

    def created(self, name: str, **attributes: str) -> str:
        self.cognito.admin_create_user(
            UserPoolId=self.pool,
            Username=name,
            TemporaryPassword=TEMPORARY,
            UserAttributes=listed(attributes),
        )
        return name

    def start(self, flow: str, name: str, **parameters: str) -> Any:
        return self.cognito.initiate_auth(
            ClientId=self.client,
            AuthFlow=flow,
            AuthParameters={**parameters, **self.hashed(name)},
        )

    def answer(self, asked: Any, name: str, **responses: str) -> Any:
        session = {"Session": asked["Session"]} if asked.get("Session") else {}
        return self.cognito.respond_to_auth_challenge(
            ClientId=self.client,
            ChallengeName=asked["ChallengeName"],
            ChallengeResponses={"USERNAME": name, **responses, **self.hashed(name)},
            **session,
        )

    def by_password(self, name: str, password: str = PASSWORD) -> Any:
        return self.start("USER_PASSWORD_AUTH", name, USERNAME=name, PASSWORD=password)

    def by_srp(self, name: str, password: str = PASSWORD) -> Any:
        proof = Srp(self.pool, password)
        asked = self.start("USER_SRP_AUTH", name, USERNAME=name, SRP_A=proof.public)
        assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
        responses = proof.responses(asked["ChallengeParameters"])
        return self.answer(asked, **{"name": name, **responses})

    def first_password(self, name: str, password: str = PASSWORD) -> Any:
        """An administrator's sign-in with the temporary password, and the new one."""
        about = {"UserPoolId": self.pool, "ClientId": self.client}
        given = {"USERNAME": name, "PASSWORD": TEMPORARY, **self.hashed(name)}
        asked = self.cognito.admin_initiate_auth(
            AuthFlow="ADMIN_NO_SRP_AUTH", AuthParameters=given, **about
        )
        assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        assert asked["Session"]
        return self.cognito.admin_respond_to_auth_challenge(
            ChallengeName=asked["ChallengeName"],
            Session=asked["Session"],
            ChallengeResponses={
                "USERNAME": name,
                "NEW_PASSWORD": password,
                **self.hashed(name),
            },
            **about,
        )["AuthenticationResult"]

    def set_up_a_token(self, asked: Any) -> tuple[str, Any]:
        """Returns the token's secret and the answer about it."""
        begun = self.cognito.associate_software_token(Session=asked["Session"])
        proved = self.cognito.verify_software_token(
            Session=begun["Session"], UserCode=token_code(begun["SecretCode"])
        )
        assert proved["Status"] == "SUCCESS"
        return begun["SecretCode"], proved


def app(
    aws: LocalAws, *, secret: bool = False, flows: tuple[str, ...] = (), mfa: str = "", **pool: Any
) -> App:
    cognito = aws.client("cognito-idp", "us-east-1")
    pool_id = cognito.create_user_pool(PoolName=unique("pool"), **pool)["UserPool"]["Id"]
    if mfa:
        cognito.set_user_pool_mfa_config(
            UserPoolId=pool_id,
            SoftwareTokenMfaConfiguration={"Enabled": True},
            MfaConfiguration=mfa,
        )
    client = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="app",
        GenerateSecret=secret,
        **({"ExplicitAuthFlows": list(flows)} if flows else {}),
    )["UserPoolClient"]
    return App(cognito, pool_id, client["ClientId"], client.get("ClientSecret", ""))


def signed_in(answer: Any) -> bool:
    result = answer["AuthenticationResult"]
    return all(result[name] for name in ("AccessToken", "IdToken", "RefreshToken"))


def test_a_temporary_password_proved_by_srp_asks_for_a_new_one(aws: LocalAws) -> None:
    """test_authorize_user_with_force_password_change_status"""
    one = app(aws)
    asked = one.by_srp(one.created(MAIL), TEMPORARY)
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert asked["Session"]


def test_groups_are_in_the_access_token(aws: LocalAws) -> None:
    """test_group_in_access_token"""
    one = app(aws, flows=("ADMIN_NO_SRP_AUTH",))
    one.cognito.create_group(UserPoolId=one.pool, GroupName="staff")
    one.created("ann", given_name="Ann")
    one.cognito.admin_add_user_to_group(UserPoolId=one.pool, Username="ann", GroupName="staff")
    assert claims(one.first_password("ann")["AccessToken"])["cognito:groups"] == ["staff"]


def test_the_access_token_has_the_scope_of_the_api(aws: LocalAws) -> None:
    """test_scope_in_access_token"""
    one = app(aws, flows=("ADMIN_NO_SRP_AUTH",))
    result = one.first_password(one.created("ann", given_name="Ann"))
    assert claims(result["AccessToken"])["scope"] == "aws.cognito.signin.user.admin"


def test_tokens_of_a_session_share_their_origin_and_nothing_else(aws: LocalAws) -> None:
    """test_jti_in_tokens"""
    one = app(aws, secret=True, flows=("ADMIN_NO_SRP_AUTH",))
    first = one.first_password(one.created("ann", given_name="Ann"))
    renewed = one.start("REFRESH_TOKEN", "ann", REFRESH_TOKEN=first["RefreshToken"])
    again = renewed["AuthenticationResult"]
    tokens = [claims(r[n]) for r in (first, again) for n in ("AccessToken", "IdToken")]
    assert len({str(UUID(token["origin_jti"])) for token in tokens}) == 1
    assert len({str(UUID(token["jti"])) for token in tokens}) == 4


def test_required_mfa_asks_whoever_has_no_factor_to_set_one_up(aws: LocalAws) -> None:
    """test_user_authentication_flow_mfa_on"""
    one = app(aws, secret=True, mfa="ON")
    asked = one.by_srp(one.confirmed("ann"))
    assert asked["ChallengeName"] == "MFA_SETUP"
    secret, _ = one.set_up_a_token(asked)
    asked = one.by_srp("ann")
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert signed_in(one.answer(asked, "ann", SOFTWARE_TOKEN_MFA_CODE=token_code(secret)))


def test_optional_mfa_asks_for_a_factor_that_is_there(aws: LocalAws) -> None:
    """test_user_authentication_flow_mfa_optional"""
    one = app(aws, secret=True, mfa="OPTIONAL")
    token = one.by_srp(one.confirmed("ann"))["AuthenticationResult"]["AccessToken"]
    secret = one.cognito.associate_software_token(AccessToken=token)["SecretCode"]
    proved = one.cognito.verify_software_token(AccessToken=token, UserCode=token_code(secret))
    assert proved["Status"] == "SUCCESS"
    one.cognito.set_user_mfa_preference(
        AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    asked = one.by_srp("ann")
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert signed_in(one.answer(asked, "ann", SOFTWARE_TOKEN_MFA_CODE=token_code(secret)))


def test_a_recovery_tells_the_masked_address(aws: LocalAws) -> None:
    """test_forgot_password_with_email_delivery_details"""
    one = app(aws, AccountRecoverySetting=BY_MAIL)
    one.created("ann", email=MAIL, email_verified="True")
    one.cognito.admin_set_user_password(
        UserPoolId=one.pool, Username="ann", Password=PASSWORD, Permanent=True
    )
    told = one.cognito.forgot_password(ClientId=one.client, Username="ann")["CodeDeliveryDetails"]
    assert told == MASKED


MASKED = {"Destination": "t***@t***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}


@pytest.mark.parametrize(
    ("pool", "attributes", "delivery"),
    [
        pytest.param({}, {}, None, id="test_sign_up"),
        pytest.param({}, {"email": MAIL}, None, id="test_sign_up_with_unverified_email"),
        pytest.param(
            {"AutoVerifiedAttributes": ["email"]},
            {"email": MAIL},
            MASKED,
            id="test_sign_up_with_verified_email",
        ),
        pytest.param(
            {"AutoVerifiedAttributes": ["email"]},
            {},
            None,
            id="test_sign_up_with_verified_but_not_supplied_email",
        ),
    ],
)
def test_a_sign_up_tells_where_its_code_went(
    aws: LocalAws, pool: Any, attributes: dict[str, str], delivery: Any
) -> None:
    told = app(aws, AccountRecoverySetting=BY_MAIL, **pool).sign_up("ann", **attributes)
    assert told["UserConfirmed"] is False
    assert told["UserSub"]
    assert told.get("CodeDeliveryDetails") == delivery


def test_a_renewed_session_is_the_same_persons(aws: LocalAws) -> None:
    """test_initiate_auth_REFRESH_TOKEN"""
    one = app(aws, secret=True)
    first = one.by_srp(one.confirmed("ann"))["AuthenticationResult"]
    renewed = one.start("REFRESH_TOKEN", "ann", REFRESH_TOKEN=first["RefreshToken"])
    result = renewed["AuthenticationResult"]
    access, identity = claims(result["AccessToken"]), claims(result["IdToken"])
    assert (access["username"], access["client_id"]) == ("ann", one.client)
    assert (identity["cognito:username"], identity["aud"]) == ("ann", one.client)
    assert identity["sub"] == access["sub"]


def test_a_password_gives_tokens_without_an_address_that_is_not_there(aws: LocalAws) -> None:
    """test_initiate_auth_USER_PASSWORD_AUTH"""
    one = app(aws, secret=True, flows=("USER_PASSWORD_AUTH",))
    one.confirmed("ann")
    one.cognito.admin_set_user_mfa_preference(
        UserPoolId=one.pool,
        Username="ann",
        SoftwareTokenMfaSettings={"Enabled": False, "PreferredMfa": False},
    )
    seen = one.cognito.admin_get_user(UserPoolId=one.pool, Username="ann")
    assert not seen.get("UserMFASettingList")
    assert not seen.get("PreferredMfaSetting")
    result = one.by_password("ann")["AuthenticationResult"]
    assert (bool(result["RefreshToken"]), result["TokenType"]) == (True, "Bearer")
    access, identity = claims(result["AccessToken"]), claims(result["IdToken"])
    assert (access["username"], access["client_id"]) == ("ann", one.client)
    assert (identity["cognito:username"], identity["aud"]) == ("ann", one.client)
    assert identity["sub"] == access["sub"]
    assert not {"email"} & {*access, *identity}


def test_where_addresses_are_usernames_tokens_name_the_sub(aws: LocalAws) -> None:
    """test_initiate_auth_USER_PASSWORD_AUTH_with_email"""
    flows = ("USER_PASSWORD_AUTH",)
    one = app(aws, secret=True, flows=flows, UsernameAttributes=["email"])
    result = one.by_password(one.confirmed(MAIL))["AuthenticationResult"]
    access, identity = claims(result["AccessToken"]), claims(result["IdToken"])
    sub = access["sub"]
    assert (access["username"], access["client_id"], "email" in access) == (sub, one.client, False)
    assert (identity["cognito:username"], identity["sub"]) == (sub, sub)
    assert (identity["aud"], identity["email"]) == (one.client, MAIL)


def test_a_new_password_comes_before_the_set_up_of_a_factor(aws: LocalAws) -> None:
    """test_initiate_mfa_auth_USER_PASSWORD_AUTH_with_FORCE_CHANGE_PASSWORD_status"""
    one = app(aws, flows=("USER_PASSWORD_AUTH",), mfa="ON")
    asked = one.by_password(one.created("ann"), TEMPORARY)
    assert (asked["ChallengeName"], "AuthenticationResult" in asked) == (
        "NEW_PASSWORD_REQUIRED",
        False,
    )
    asked = one.answer(asked, "ann", NEW_PASSWORD=PASSWORD)
    assert asked["ChallengeName"] == "MFA_SETUP"
    secret, proved = one.set_up_a_token(asked)
    proved["ChallengeName"] = "MFA_SETUP"
    answer = one.answer(proved, "ann", SOFTWARE_TOKEN_MFA_CODE=token_code(secret))
    assert answer["ChallengeParameters"] == {}
    assert signed_in(answer)
    asked = one.by_password("ann")
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert signed_in(one.answer(asked, "ann", SOFTWARE_TOKEN_MFA_CODE=token_code(secret)))
