"""The fence on the wire: what it asks tables and parameter, and what it makes of their answers;
and the four deployed functions with a door that is closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest

from cognito_standby.core.adapters import trigger_clients
from cognito_standby.core.domain.epochs import Epoch, Installation
from cognito_standby.core.domain.errors import MisconfiguredError, StandbyError
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.domain.roles import Active
from cognito_standby.triggers.adapters.fence import check, connected
from cognito_standby.triggers.adapters.roles import (
    CLIENT,
    ClaimItems,
    LedgerIntents,
    PublishedRole,
)
from cognito_standby.triggers.adapters.roles import client as bounded
from cognito_standby.triggers.ports import StandsByError
from cognito_standby.triggers.services.role import SECONDS
from cognito_standby.triggers.settings import Fence, FenceSettings, Parts, SlotSettings, patience
from tasks import custom_message, fence, pre_authentication, pre_sign_up, pre_token_generation
from tests.unit.loopback import FAILS, HANGS, TAKES, Service, serving
from tests.unit.triggers.events import ORIGIN, PERSONAL, SUB, Context, attributes, event

HOME, AWAY = "us-east-1", "us-west-2"
REGIONS = Installation(HOME, AWAY)
TOLD = Fence(True, "standby", HOME, AWAY, "records", "ledger")
HANDLERS: dict[str, tuple[Callable[..., Any], str]] = {
    "PreSignUp_SignUp": (pre_sign_up.handler, Metric.SIGN_UPS_REFUSED),
    "PreAuthentication_Authentication": (pre_authentication.handler, Metric.SIGN_INS_REFUSED),
    "TokenGeneration_RefreshTokens": (pre_token_generation.handler, Metric.TOKENS_REFUSED),
    "CustomMessage_ForgotPassword": (custom_message.handler, Metric.MESSAGES_REFUSED),
}


def item(region: str, number: Any = 1, **more: str) -> dict[str, Any]:
    texts = {"origin_sub": "#claim", "region": region, **more}
    return {**{name: {"S": value} for name, value in texts.items()}, "epoch": {"N": str(number)}}


def answered(*items: dict[str, Any], **unprocessed: Any) -> dict[str, Any]:
    return {"Responses": {"records": list(items)}, "UnprocessedKeys": unprocessed}


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Service]]:
    """DynamoDB and SSM; the functions' processes are new."""
    with ExitStack() as stack:
        services = {name: stack.enter_context(serving(TAKES)) for name in ("dynamodb", "ssm")}
        told = SlotSettings(Parts(marked=True)).to_env() | FenceSettings(TOLD, 5.0).to_env()
        told |= {f"AWS_ENDPOINT_URL_{name.upper()}": each.url for name, each in services.items()}
        told |= {"AWS_DEFAULT_REGION": HOME, "AWS_REGION": HOME}
        told |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing")
        told |= {"AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled"}
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        services["dynamodb"].answer = answered()
        services["ssm"].answer = {"Parameter": {"Value": "{}"}}
        forget()
        yield services
        forget()


def forget() -> None:
    """As in a new process."""
    for task in (pre_sign_up, pre_authentication, pre_token_generation, custom_message):
        task._slot.cache_clear()


def client(service: str) -> Callable[[], Any]:
    return cache(lambda: trigger_clients.of(service, CLIENT))


def claims() -> ClaimItems:
    return ClaimItems(client("dynamodb"), "records", REGIONS)


@pytest.mark.parametrize(
    ("items", "active"),
    [
        ((), Active(Epoch(1, HOME))),
        ((item(AWAY, 2),), Active(Epoch(2, AWAY))),
        ((item(HOME, 1, stood_down=AWAY),), Active(Epoch(1, HOME), AWAY)),
        ((item(HOME, 3), item(AWAY, 2, stood_down=HOME)), Active(Epoch(3, HOME))),
    ],
)
def test_both_claims_in_one_consistent_read(
    tables: dict[str, Service], items: tuple[Any, ...], active: Active
) -> None:
    tables["dynamodb"].answer = answered(*items)
    assert claims().read(SECONDS) == active
    (asked,) = tables["dynamodb"].bodies
    keys = [{"origin_sub": {"S": "#claim"}, "region": {"S": each}} for each in (HOME, AWAY)]
    assert asked["RequestItems"] == {"records": {"Keys": keys, "ConsistentRead": True}}


@pytest.mark.parametrize(
    "answer",
    [
        answered(records={"Keys": [{"origin_sub": {"S": "#claim"}}]}),
        answered({"origin_sub": {"S": "#claim"}, "region": {"S": HOME}}),
        answered(item(HOME, "many")),
    ],
)
def test_claims_that_are_not_told_whole(tables: dict[str, Service], answer: Any) -> None:
    tables["dynamodb"].answer = answer
    with pytest.raises((StandbyError, ValueError)):
        claims().read(SECONDS)


@pytest.mark.parametrize(("behaviour", "error"), [(FAILS, StandbyError), (HANGS, TimeoutError)])
def test_a_table_that_fails_or_hangs(
    tables: dict[str, Service], behaviour: str, error: type[Exception]
) -> None:
    tables["dynamodb"].behaviour = behaviour
    with pytest.raises(error):
        claims().read(0.2)
    assert len(tables["dynamodb"].bodies) == 1, "one try"


def test_the_published_document(tables: dict[str, Service]) -> None:
    published = PublishedRole(client("ssm"), "/standby/active", REGIONS)
    document = {"version": 1, "epoch": [2, AWAY], "region": AWAY, "clients": {}}
    tables["ssm"].answer = {"Parameter": {"Value": json.dumps(document)}}
    assert published.read(SECONDS) == Active(Epoch(2, AWAY))
    assert tables["ssm"].bodies == [{"Name": "/standby/active"}]
    for wrong in ({}, {**document, "epoch": [9, "eu-west-3"]}):
        tables["ssm"].answer = {"Parameter": {"Value": json.dumps(wrong)}}
        with pytest.raises(ValueError):
            published.read(SECONDS)


@pytest.mark.parametrize(
    ("row", "intended"),
    [
        ({}, False),
        ({"target": {"M": {"present": {"S": "x"}}}, "lease_expires_at": {"N": "90"}}, True),
        ({"target": {"M": {"present": {"S": "x"}}}, "lease_expires_at": {"N": "10"}}, False),
        ({"target": {"M": {"present": {"S": "x"}}}}, False),
        ({"target": {"M": {}}, "lease_expires_at": {"N": "90"}}, False),
        ({"base": {"M": {"present": {"S": "x"}}}, "lease_expires_at": {"N": "90"}}, False),
    ],
)
def test_an_intent_is_a_target_under_a_living_lease(
    tables: dict[str, Service], row: dict[str, Any], intended: bool
) -> None:
    tables["dynamodb"].answer = {"Item": row} if row else {"ConsumedCapacity": {}}
    intents = LedgerIntents(client("dynamodb"), "ledger", lambda: 50.0)
    assert intents.creates(ORIGIN, SECONDS) is intended
    (asked,) = tables["dynamodb"].bodies
    wanted = {"TableName": "ledger", "Key": {"subject": {"S": ORIGIN}}, "ConsistentRead": True}
    assert asked == wanted


def counted(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The metrics that were written, in order. Nothing that was written names a person."""
    written = capsys.readouterr().out
    assert not [value for value in (*PERSONAL, SUB, ORIGIN) if value in written]
    documents = [json.loads(line) for line in written.splitlines() if '"_aws"' in line]
    metrics = [document["_aws"]["CloudWatchMetrics"][0]["Metrics"] for document in documents]
    return [metric["Name"] for each in metrics for metric in each]


@pytest.mark.parametrize("source", HANDLERS)
def test_each_function_before_and_after_a_failover(
    tables: dict[str, Service], source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    handler, metric = HANDLERS[source]
    given = event(source, attributes())
    assert handler(given, Context()) == given
    assert counted(capsys) == []
    tables["dynamodb"].answer = answered(item(AWAY, 2))
    assert handler(given, Context()) == given, "for some seconds more"
    assert len(tables["dynamodb"].bodies) == 1, "a second call asks nobody"
    forget()
    with pytest.raises(StandsByError, match=f"{HOME} stands by"):
        handler(given, Context())
    assert counted(capsys) == [metric]


@pytest.mark.parametrize("source", HANDLERS)
def test_each_function_that_finds_out_nothing_goes_by_the_deployment(
    tables: dict[str, Service],
    source: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    handler, metric = HANDLERS[source]
    given = event(source, attributes())
    tables["dynamodb"].behaviour = tables["ssm"].behaviour = FAILS
    assert handler(given, Context()) == given
    assert counted(capsys) == [Metric.ROLES_UNREAD] * 2
    monkeypatch.setenv("AWS_REGION", AWAY)
    forget()
    with pytest.raises(StandsByError, match=f"{AWAY} stands by"):
        handler(given, Context())
    assert counted(capsys) == [Metric.ROLES_UNREAD] * 2 + [metric]


@pytest.mark.parametrize("source", HANDLERS)
def test_without_a_fence_nobody_is_asked(
    tables: dict[str, Service],
    source: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Switched off; or an environment of a release that had none, while it is being replaced."""
    off = FenceSettings(Fence(False, "standby", HOME, AWAY, "records", "ledger"), 5.0)
    given = event(source, attributes())
    for told, metrics in ((off.to_env()["FENCE"], []), ("", [Metric.ROLES_UNREAD])):
        monkeypatch.setenv("FENCE", told)
        forget()
        assert HANDLERS[source][0](given, Context()) == given
        assert counted(capsys) == metrics
    assert not tables["dynamodb"].bodies + tables["ssm"].bodies


def test_for_a_function_of_one_s_own(tables: dict[str, Service]) -> None:
    tables["dynamodb"].answer = answered(item(AWAY, 2))
    own = connected(FenceSettings(TOLD, 5.0), HOME, lambda _: None, marked=True)
    with pytest.raises(StandsByError):
        check(own, event("PreAuthentication_Authentication", attributes()), lambda: 4.0)


def test_a_machine_that_runs_everything_is_given_more_time(
    tables: dict[str, Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FENCE_PATIENCE", raising=False)  # a local AWS of this process sets it
    assert patience() == 1
    monkeypatch.setenv("FENCE_PATIENCE", "8")
    assert patience() == 8
    given: Any = bounded(patience())
    assert (given.connect_timeout, given.read_timeout) == (2.4, 3.2)
    role = connected(FenceSettings(TOLD, 5.0), HOME, lambda _: None, marked=True, patience=8)
    assert role.look_seconds == 4.0
    monkeypatch.setenv("FENCE_PATIENCE", "much")
    with pytest.raises(MisconfiguredError, match="FENCE_PATIENCE"):
        patience()


def test_the_owner_has_as_long_as_the_configuration_s_page_says() -> None:
    from cognito_standby.triggers.services.slots import COLD_START  # noqa: PLC0415

    assert 5 - COLD_START - fence.RESERVED == 3
    told: Any = CLIENT
    assert told.connect_timeout <= SECONDS
    assert told.read_timeout <= SECONDS
