"""Who is let in through which question, while the door is open and while it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from cognito_standby.core.domain.roles import Door, DoorState, Reason
from cognito_standby.triggers.ports import RefusedError, StandsByError
from cognito_standby.triggers.services.fence import Fence
from cognito_standby.triggers.services.slots import Slot
from tests.unit.triggers.events import ORIGIN, PERSONAL, SUB, attributes, call, event

OPEN = Door(DoorState.OPEN, Reason.ACTIVE)
CLOSED = Door(DoorState.CLOSED, Reason.STANDBY)
BY_ADMINISTRATOR = "PreSignUp_AdminCreateUser"
REFUSED = (
    *("PreSignUp_SignUp", "PreSignUp_ExternalProvider", "PreAuthentication_Authentication"),
    *(
        f"TokenGeneration_{how}"
        for how in (
            *("HostedAuth", "Authentication", "NewPasswordChallenge", "AuthenticateDevice"),
            "RefreshTokens",
        )
    ),
    *(
        f"CustomMessage_{what}"
        for what in (
            *("SignUp", "AdminCreateUser", "ResendCode", "ForgotPassword", "UpdateUserAttribute"),
            *("VerifyUserAttribute", "Authentication"),
        )
    ),
    "Something_ThatCognitoLearns",
)


@dataclass
class Ledger:
    """Intends what it is told to."""

    intends: bool | Exception = False
    asked: list[tuple[str, float]] = field(default_factory=list)

    def creates(self, origin_sub: str, seconds: float) -> bool:
        self.asked.append((origin_sub, seconds))
        if isinstance(self.intends, Exception):
            raise self.intends
        return self.intends


def fence(door: Door, ledger: Ledger | None = None, *, marked: bool = True) -> Fence:
    return Fence("eu-west-1", lambda _: door, ledger or Ledger(), marked)


@pytest.mark.parametrize("source", [*REFUSED, BY_ADMINISTRATOR])
def test_an_open_door_lets_in(source: str) -> None:
    ledger = Ledger()
    answer = {"autoConfirmUser": True}
    assert fence(OPEN, ledger)(call(event(source, attributes())), answer) == answer
    assert not ledger.asked, "an open door asks for no intent"


@pytest.mark.parametrize("source", REFUSED)
def test_a_closed_door_refuses_and_says_which_region(source: str) -> None:
    with pytest.raises(StandsByError, match="eu-west-1 stands by") as refused:
        fence(CLOSED)(call(event(source, attributes())), {})
    assert isinstance(refused.value, RefusedError)
    assert not [value for value in (*PERSONAL, SUB) if value in str(refused.value)]


def test_a_token_of_an_app_is_nobody_s_sign_in() -> None:
    def never(_: Any) -> Door:
        raise AssertionError("nobody asks for the door")

    given = event("TokenGeneration_ClientCredentials", {})
    assert Fence("eu-west-1", never, Ledger(), True)(call(given), {}) == {}


@pytest.mark.parametrize(
    ("given", "intends", "marked", "passes"),
    [
        ({"custom:origin_sub": ORIGIN}, True, True, True),
        ({"custom:origin_sub": ORIGIN}, False, True, False),
        ({"custom:origin_sub": ORIGIN}, False, False, False),
        ({"custom:origin_sub": ORIGIN}, TimeoutError(), True, True),
        ({}, True, True, False),
        ({}, False, False, True),
    ],
)
def test_a_creation_by_an_administrator_s_call(
    given: Mapping[str, str], intends: bool | Exception, marked: bool, passes: bool
) -> None:
    ledger = Ledger(intends)
    asked = call(event(BY_ADMINISTRATOR, dict(given)))
    if passes:
        assert fence(CLOSED, ledger, marked=marked)(asked, {}) == {}
    else:
        with pytest.raises(StandsByError):
            fence(CLOSED, ledger, marked=marked)(asked, {})
    assert [origin for origin, _ in ledger.asked] == list(given.values())


def test_without_time_for_the_ledger_a_creation_passes() -> None:
    ledger = Ledger()
    hurried = call(event(BY_ADMINISTRATOR, {"custom:origin_sub": ORIGIN}), 0.1)
    assert fence(CLOSED, ledger)(hurried, {}) == {}
    assert not ledger.asked


def test_who_is_refused_is_not_seen_by_the_parts_behind() -> None:
    def never(*_: Any) -> Any:
        raise AssertionError("behind a closed door")

    with pytest.raises(StandsByError):
        Slot((never,), guards=(fence(CLOSED),)).answer(
            call(event("PreSignUp_SignUp", attributes()))
        )
