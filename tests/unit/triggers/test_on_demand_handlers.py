"""The deployed functions of a pool that is filled on demand, on loopback: wired, and silent of what
they were told."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from botocore.config import Config

from cognito_standby.core.domain.after_failover import AfterFailover
from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.domain.sign_in_names import SignInNames
from cognito_standby.core.settings import Filled, FilledSettings, SyncSettings
from cognito_standby.replication.domain.on_demand import Refusal
from cognito_standby.triggers.domain.sign_ups import BY_ADMINISTRATOR
from cognito_standby.triggers.ports import RefusedError
from cognito_standby.triggers.services import binding, kept_names, origin_claim
from cognito_standby.triggers.services.arrivals import FORGOT, SIGN_IN
from cognito_standby.triggers.services.binding import REFUSAL
from cognito_standby.triggers.services.kept_names import NOT_NOW
from cognito_standby.triggers.settings import (
    Fence,
    FenceSettings,
    OldPool,
    OldPoolSettings,
    Parts,
    SignInSettings,
    TokenSettings,
)
from tasks import on_demand, pre_sign_up, pre_token_generation, reporting, user_migration
from tests.unit.loopback import FAILS, TAKES, Service, serving
from tests.unit.triggers.events import (
    ORIGIN,
    PERSONAL,
    POOL,
    SUB,
    Context,
    attributes,
    event,
    tokens,
)

HER_PASSWORD = "Hers-alone-99"
REGION = "us-east-1"
SERVICES = {
    "dynamodb": "DYNAMODB",
    "secretsmanager": "SECRETS_MANAGER",
    "cognito-idp": "COGNITO_IDENTITY_PROVIDER",
    "events": "EVENTBRIDGE",
}
PLENTY = 60.0
SIGN_UP = "PreSignUp_SignUp"
MARK = {"custom:origin_sub": ORIGIN}


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Service]]:
    """All that they ask; the functions' processes are new."""
    with ExitStack() as stack:
        found = {name: stack.enter_context(serving(TAKES)) for name in SERVICES}
        sync = SyncSettings(
            *(REGION, "us-west-2", "standby-records", "ledger", "any", "hints", 90, {}),
            AfterFailover.RESET,
            FederatedWay.ON_SIGN_IN,
            {},
        ).to_env()
        del sync["USER_POOL_ID"]
        fence = Fence(False, "standby", REGION, "us-west-2", "standby-records", "ledger")
        told = {
            **sync,
            **FilledSettings(Filled.ON_DEMAND).to_env(),
            **FenceSettings(fence, 5.0).to_env(),
            **TokenSettings(Parts("", "origin_sub", marked=True), "ledger").to_env(),
            **OldPoolSettings(OldPool("us-east-1_Former", "client")).to_env(),
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
            **{f"AWS_ENDPOINT_URL_{SERVICES[name]}": each.url for name, each in found.items()},
            **dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing"),
        }
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        patient(monkeypatch)
        found["secretsmanager"].answer = {"SecretString": "a key"}
        found["dynamodb"].answer = {"Items": [], "Responses": {}, "UnprocessedKeys": {}}
        forget()
        yield found
        forget()


@pytest.fixture(autouse=True)
def every_line(caplog: pytest.LogCaptureFixture) -> None:
    """The process's logger may be of a local AWS that was begun here, which logs errors alone."""
    caplog.set_level(logging.INFO, logger=reporting.logger().name)


def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their limits of time are about AWS, and this machine may be slow."""
    for module in (binding, kept_names, origin_claim):
        monkeypatch.setattr(module, "SECONDS", PLENTY)
    for task in (on_demand, pre_token_generation, user_migration):
        waits = Config(connect_timeout=PLENTY, read_timeout=PLENTY)
        monkeypatch.setattr(task, "CLIENT", task.CLIENT.merge(waits))


def forget() -> None:
    """As in a new process."""
    for task in (pre_sign_up, pre_token_generation, user_migration):
        task._slot.cache_clear()
    pre_token_generation._origins.cache_clear()
    user_migration._context.cache_clear()
    on_demand._context.cache_clear()
    on_demand._names_of.cache_clear()


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Message and reason of each line; no line names anybody or has a password."""
    lines = [vars(record) for record in caplog.records]
    secrets = (*PERSONAL, SUB, ORIGIN, HER_PASSWORD)
    assert not [value for value in secrets if value in str(lines)]
    return [(line["message"], str(line.get("reason", ""))) for line in lines]


def question(source: str) -> dict[str, Any]:
    password = {"password": HER_PASSWORD} if source == SIGN_IN else {}
    return {
        "triggerSource": source,
        "userPoolId": POOL,
        "userName": PERSONAL[2],
        "request": password,
        "response": {"userAttributes": None},
    }


def test_a_stranger_whom_no_record_names_is_nobody(
    services: dict[str, Service], caplog: pytest.LogCaptureFixture
) -> None:
    services["cognito-idp"].answer = {
        "UserPool": {"Id": POOL, "SchemaAttributes": []},
        "Providers": [],
    }
    answer = user_migration.handler(question(FORGOT), Context(PLENTY))
    assert answer["response"] == {}
    (asked,) = services["dynamodb"].bodies
    assert asked["TableName"] == "standby-records", "the index, and no more"
    assert told(caplog) == [("user_migration: nobody", Refusal.UNKNOWN)]


def test_where_all_is_dark_nobody_is_made_and_nothing_is_raised(
    services: dict[str, Service], caplog: pytest.LogCaptureFixture
) -> None:
    for service in services.values():
        service.behaviour = FAILS
    for source in (FORGOT, SIGN_IN):
        assert user_migration.handler(question(source), Context(PLENTY))["response"] == {}
    assert told(caplog) == [("user_migration: nobody", Refusal.UNREAD)] * 2


def test_a_password_goes_to_the_former_pool_alone(
    services: dict[str, Service], caplog: pytest.LogCaptureFixture
) -> None:
    services["cognito-idp"].answer = {"ChallengeName": "SMS_MFA", "Session": "s"}
    assert user_migration.handler(question(SIGN_IN), Context(PLENTY))["response"] == {}
    (asked,) = services["cognito-idp"].bodies
    assert (asked["UserPoolId"], asked["ClientId"]) == ("us-east-1_Former", "client")
    assert not services["dynamodb"].bodies
    assert told(caplog) == [("user_migration: nobody", Refusal.UNVOUCHED)]


def test_a_sign_up_asks_the_index_and_fails_with_it(services: dict[str, Service]) -> None:
    given = event(SIGN_UP, attributes())
    assert pre_sign_up.handler(given, Context(PLENTY)) == given
    assert len(services["dynamodb"].bodies) == 2, "the username and the address"
    services["dynamodb"].behaviour = FAILS
    with pytest.raises(RefusedError, match=NOT_NOW):
        pre_sign_up.handler(given, Context(PLENTY))


NICKED = event(BY_ADMINISTRATOR, {"preferred_username": "annie"}) | {"userName": "eve"}
ALIAS = SignInNames(aliases=("preferred_username",))


@pytest.mark.parametrize(("pool", "names"), [(ALIAS, 2), (SignInNames(("email",)), 1)])
def test_an_existing_pool_is_asked_once_what_it_signs_in_by(
    services: dict[str, Service], pool: SignInNames, names: int
) -> None:
    """Only where an administrator gives a preferred username, which may be a name there."""
    told = {"UsernameAttributes": [*pool.usernames], "AliasAttributes": [*pool.aliases]}
    services["cognito-idp"].answer = {"UserPool": told}
    pre_sign_up.handler(event(SIGN_UP, attributes()), Context(PLENTY))
    assert not services["cognito-idp"].bodies, "no cold start waits for it"
    services["dynamodb"].bodies.clear()
    for _ in range(2):
        pre_sign_up.handler(NICKED, Context(PLENTY))
    assert services["cognito-idp"].bodies == [{"UserPoolId": POOL}]
    assert len(services["dynamodb"].bodies) == 2 * names
    services["cognito-idp"].behaviour = FAILS
    pre_sign_up.handler(NICKED, Context(PLENTY))
    forget()
    with pytest.raises(RefusedError, match=NOT_NOW):
        pre_sign_up.handler(NICKED, Context(PLENTY))


@pytest.mark.parametrize(("pool", "names"), [(ALIAS, 2), (SignInNames(), 1)])
def test_of_a_created_pool_it_is_told(
    services: dict[str, Service], monkeypatch: pytest.MonkeyPatch, pool: SignInNames, names: int
) -> None:
    for name, value in SignInSettings(pool).to_env().items():
        monkeypatch.setenv(name, value)
    pre_sign_up.handler(NICKED, Context(PLENTY))
    assert len(services["dynamodb"].bodies) == names
    assert not services["cognito-idp"].bodies


def test_whose_sub_is_not_noted_gets_no_token(services: dict[str, Service]) -> None:
    with pytest.raises(RefusedError, match=REFUSAL):
        pre_token_generation.handler(tokens(**MARK), Context(PLENTY))
    found = {"subject": {"S": f"#sub#{SUB}"}, "origin_sub": {"S": ORIGIN}}
    services["dynamodb"].answer = {"Responses": {"ledger": [found]}, "UnprocessedKeys": {}}
    answer = pre_token_generation.handler(tokens(**MARK), Context(PLENTY))
    claims = answer["response"]["claimsOverrideDetails"]["claimsToAddOrOverride"]
    assert claims == {"origin_sub": ORIGIN}


def test_in_any_other_pool_they_ask_nobody(
    services: dict[str, Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FILLED")
    forget()
    given = event(SIGN_UP, attributes())
    assert pre_sign_up.handler(given, Context(PLENTY)) == given
    assert not services["dynamodb"].bodies
    assert pre_token_generation.handler(tokens(**MARK), Context(PLENTY)) == tokens(**MARK)
