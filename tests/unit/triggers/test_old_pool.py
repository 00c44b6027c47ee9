"""The former pool on the wire: what it is asked, and what of its answers lets somebody in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from botocore.config import Config

from cognito_standby.core.adapters import trigger_clients
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.triggers.adapters.old_pool import CLIENT, CognitoOldPool
from cognito_standby.triggers.domain.vouching import Vouched
from cognito_standby.triggers.settings import OldPool
from tests.unit.loopback import FAILS, HANGS, TAKES, Service, serving
from tests.unit.triggers.test_arrivals import HER_PASSWORD, token

POOL = OldPool("eu-west-1_Former", "client")
LET_IN = {"AccessToken": token({"sub": "s", "username": "ann"})}
SHOWN = {
    "Username": "ann",
    "UserAttributes": [
        {"Name": "sub", "Value": "s"},
        {"Name": "custom:origin_sub", "Value": "ann-s-sub"},
    ],
}


@pytest.fixture
def former(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Answers both calls at once: each takes what it knows."""
    with serving(getattr(request, "param", TAKES)) as service:
        monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", service.url)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        service.answer = {"AuthenticationResult": LET_IN, **SHOWN}
        yield service


def asked(seconds: float = 60.0) -> Vouched | None:
    """With as many tries as the function has, and without its limits of time: a machine may be
    slow."""
    config = CLIENT.merge(Config(connect_timeout=60, read_timeout=60))
    client = cache(lambda: trigger_clients.of("cognito-idp", config, POOL.region))
    return CognitoOldPool(client, POOL).let_in("ann", HER_PASSWORD, seconds)


def test_it_is_asked_as_an_administrator_asks_and_says_who_it_is(former: Service) -> None:
    assert asked() == Vouched("s", "ann-s-sub")
    sign_in, look = former.bodies
    assert sign_in == {
        "UserPoolId": "eu-west-1_Former",
        "ClientId": "client",
        "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "ann", "PASSWORD": HER_PASSWORD},
    }
    assert look == {"UserPoolId": "eu-west-1_Former", "Username": "ann"}


@pytest.mark.parametrize(
    "answer",
    [
        {"ChallengeName": "SMS_MFA", "Session": "x"},
        {"ChallengeName": "NEW_PASSWORD_REQUIRED", "AuthenticationResult": LET_IN},
        {"AuthenticationResult": {}},
        {"AuthenticationResult": {"AccessToken": token({"sub": "another"})}},
        {"AuthenticationResult": {"AccessToken": "no token"}},
    ],
)
def test_nothing_but_tokens_of_the_very_user_lets_in(
    former: Service, answer: dict[str, Any]
) -> None:
    former.answer = {**answer, **SHOWN}
    assert asked() is None


@pytest.mark.parametrize("former", [FAILS], indirect=True)
def test_a_pool_that_fails_is_no_answer_and_not_asked_again(former: Service) -> None:
    with pytest.raises(StandbyError):
        asked()
    assert len(former.bodies) == 1, "a failed sign-in counts"


@pytest.mark.parametrize("former", [HANGS], indirect=True)
def test_a_pool_that_hangs_is_not_waited_for(former: Service) -> None:
    assert former.behaviour == HANGS
    with pytest.raises(TimeoutError):
        asked(0.05)
