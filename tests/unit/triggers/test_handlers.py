"""The deployed functions, with a ledger on loopback that answers, fails, hangs, or is not named."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from cognito_standby.core.domain.metrics import Metric
from cognito_standby.triggers.adapters.origins import CLIENT
from cognito_standby.triggers.ports import RefusedError
from cognito_standby.triggers.services.origin_claim import MARGIN, SECONDS
from cognito_standby.triggers.services.slots import COLD_START
from cognito_standby.triggers.settings import (
    Fence,
    FenceSettings,
    Parts,
    SlotSettings,
    TokenSettings,
)
from tasks import fence, pre_sign_up, pre_token_generation
from tests.unit.loopback import FAILS, HANGS, TAKES, Service, serving
from tests.unit.triggers.events import ORIGIN, PERSONAL, SUB, Context, attributes, event, tokens

CLAIM = {"claimsOverrideDetails": {"claimsToAddOrOverride": {"origin_sub": ORIGIN}}}
FOUND = [{"subject": {"S": f"#sub#{SUB}"}, "origin_sub": {"S": ORIGIN}}]


@pytest.fixture
def ledger(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with serving(getattr(request, "param", TAKES)) as service:
        service.answer = {"Responses": {"ledger": FOUND}, "UnprocessedKeys": {}}
        told = TokenSettings(Parts("", "origin_sub", marked=True), "ledger").to_env()
        off = Fence(False, "standby", "us-east-1", "us-west-2", "records", "ledger")
        told |= FenceSettings(off, 5.0).to_env()
        told |= {
            "AWS_ENDPOINT_URL_DYNAMODB": service.url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
        }
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        forget()
        yield service
        forget()


def forget() -> None:
    """As in a new process."""
    pre_token_generation._slot.cache_clear()
    pre_token_generation._origins.cache_clear()
    pre_sign_up._slot.cache_clear()


def counted(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """The metrics that were written. Nothing that was written names a person."""
    written = capsys.readouterr().out
    assert not [value for value in (*PERSONAL, SUB, ORIGIN) if value in written]
    documents = [json.loads(line) for line in written.splitlines() if '"_aws"' in line]
    metrics = [document["_aws"]["CloudWatchMetrics"][0]["Metrics"] for document in documents]
    return {metric["Name"] for each in metrics for metric in each}


def test_the_claim_is_read_consistently(
    ledger: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = pre_token_generation.handler(tokens(), Context())
    assert answer["response"] == CLAIM
    (asked,) = ledger.bodies
    keys = [{"subject": {"S": key}} for key in (f"#sub#{SUB}", SUB)]
    assert asked["RequestItems"] == {"ledger": {"Keys": keys, "ConsistentRead": True}}
    assert counted(capsys) == {Metric.CLAIMS_ADDED}


def test_a_copy_that_is_not_bound(ledger: Service, capsys: pytest.CaptureFixture[str]) -> None:
    ledger.answer = {"Responses": {"ledger": []}, "UnprocessedKeys": {}}
    given = tokens(**{"custom:origin_sub": ORIGIN})
    assert pre_token_generation.handler(given, Context()) == given
    assert counted(capsys) == {Metric.CLAIMS_WITHHELD}


def test_cold_starts_import_no_more_of_the_sdk_than_they_need() -> None:
    """As PostConfirmation's (`test_post_confirmation`)."""
    tasks = "tasks.pre_sign_up, tasks.pre_token_generation, tasks.pre_authentication"
    unwanted = "{'boto3', 's3transfer'} & {*sys.modules}"
    code = f"import sys, {tasks}, tasks.custom_message; print({unwanted})"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "set()"


@pytest.mark.parametrize("ledger", [FAILS, HANGS], indirect=True)
def test_a_ledger_that_fails_or_hangs_fails_no_sign_in(
    ledger: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    """In less than its time: a call that hangs is left when the time of the claim is over."""
    given = tokens()
    hurried = Context(COLD_START + MARGIN + 0.1)
    assert pre_token_generation.handler(given, hurried) == given
    assert ledger.bodies
    assert counted(capsys) == {Metric.CLAIMS_UNREAD}


def test_a_ledger_that_is_not_named_fails_no_sign_in(
    ledger: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LEDGER_TABLE")
    assert pre_token_generation.handler(tokens(), Context()) == tokens()
    assert not ledger.bodies
    assert counted(capsys) == {Metric.CLAIMS_UNREAD}


def test_a_log_that_is_broken_fails_no_sign_in(
    ledger: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr("tasks.trigger_slot.report", broken)
    assert pre_token_generation.handler(tokens(), Context())["response"] == CLAIM


def test_nothing_is_claimed_where_the_config_names_no_claim(
    ledger: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTS", SlotSettings(Parts()).to_env()["PARTS"])
    forget()
    assert pre_token_generation.handler(tokens(), Context()) == tokens()
    assert not ledger.bodies


def test_a_sign_up_that_names_an_origin_sub(
    ledger: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    given = event("PreSignUp_SignUp", attributes(**{"custom:origin_sub": ORIGIN}))
    with pytest.raises(RefusedError):
        pre_sign_up.handler(given, Context())
    assert counted(capsys) == {Metric.SIGN_UPS_REFUSED}
    plain = event("PreSignUp_SignUp", attributes())
    assert pre_sign_up.handler(plain, Context()) == plain
    assert counted(capsys) == set()
    assert not ledger.bodies, "it asks nobody"


def test_everything_fits_into_what_cognito_waits() -> None:
    """Added up, not measured: what a busy machine takes says nothing."""
    told: Any = CLIENT
    one = told.connect_timeout + told.read_timeout
    assert one <= SECONDS, "one try at least is whole"
    owner = 5 - COLD_START - fence.RESERVED
    assert owner == 3, "what the configuration's page says"
    assert owner + fence.RESERVED + COLD_START <= 5
