"""UserMigration's part: who is asked about whom, and that whatever is wrong makes nobody."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.roles import Reason
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.domain.on_demand import Comer, Coming, Made, Refusal
from cognito_standby.triggers.domain.vouching import Vouched, token_claims, vouched_of
from cognito_standby.triggers.ports import StandsByError
from cognito_standby.triggers.services.arrivals import FORGOT, RESERVED, SIGN_IN, Arrival
from cognito_standby.triggers.services.slots import Slot
from tests.unit.triggers.events import PLENTY, POOL, call

HER_PASSWORD = "Hers-alone-99"
ANN = Made(Subject.user("ann-s-sub"), "", {"email": "ann@example.org"}, confirmed=True)
ANSWER = {
    "userAttributes": {"email": "ann@example.org"},
    "finalUserStatus": "CONFIRMED",
    "messageAction": "SUPPRESS",
    "forceAliasCreation": False,
}


def question(source: str, name: Any = "ann", **request: Any) -> dict[str, Any]:
    return {
        "triggerSource": source,
        "userPoolId": POOL,
        "userName": name,
        "request": {"password": HER_PASSWORD if source == SIGN_IN else None, **request},
        "response": {"userAttributes": None, "finalUserStatus": None},
    }


@dataclass
class Former:
    """The pool that people come from. `says`: whom it lets in, nobody, or an error."""

    says: Any
    region: str = "us-east-1"
    id: str = "us-east-1_Former"
    asked: list[tuple[str, str, float]] = field(default_factory=list)

    def let_in(self, name: str, password: str, seconds: float) -> Vouched | None:
        self.asked.append((name, password, seconds))
        if isinstance(self.says, Exception):
            raise self.says
        return self.says if password == HER_PASSWORD else None


@dataclass
class Door:
    """The part, with all that it asks."""

    former: Former | None = None
    answer: Any = ANN
    mapped: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    met: list[tuple[str, Comer]] = field(default_factory=list)
    told: list[tuple[str, Any, str]] = field(default_factory=list)

    def ask(self, event: dict[str, Any], seconds: float = PLENTY) -> Any:
        part = Arrival(
            self._meet,
            lambda _, sub: self.mapped.get(sub),
            lambda *told: self.told.append(told),
            self.former,
            (self._fence,),
        )
        return Slot((part,)).answer(call(event, seconds))["response"]

    def _meet(self, pool: str, comer: Comer, _: float) -> Any:
        self.met.append((pool, comer))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def _fence(self, *_: Any) -> Any:
        if self.closed:
            raise StandsByError("stands by", Reason.STANDBY)
        return {}


def test_whoever_forgot_is_looked_for_and_no_password_is_asked_about() -> None:
    door = Door(Former(Vouched("s")))
    assert door.ask(question(FORGOT)) == ANSWER
    assert door.met == [(POOL, Comer("ann", Coming.FORGOT))]
    assert not door.former.asked  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("who", "mapped", "origin"),
    [
        (Vouched("born-there"), {}, "born-there"),
        (Vouched("a-copy", "ann-s-sub"), {}, "ann-s-sub"),
        (Vouched("once-here", "forged"), {"once-here": "ann-s-sub"}, "ann-s-sub"),
    ],
)
def test_a_password_counts_for_whom_the_former_pool_lets_in(
    who: Vouched, mapped: dict[str, str], origin: str
) -> None:
    former = Former(who)
    door = Door(former, mapped=mapped)
    assert door.ask(question(SIGN_IN)) == ANSWER
    assert door.met == [(POOL, Comer("ann", Coming.VOUCHED, origin, "us-east-1", former.id))]
    assert former.asked == [("ann", HER_PASSWORD, PLENTY - RESERVED)]


@pytest.mark.parametrize(
    ("former", "event", "seconds"),
    [
        (None, question(SIGN_IN), PLENTY),
        (Former(Vouched("s")), question(SIGN_IN, password="Wr0ng!Wr0ng!"), PLENTY),
        (Former(None), question(SIGN_IN), PLENTY),
        (Former(Vouched("s")), question(SIGN_IN, password=None), PLENTY),
        (Former(Vouched("s")), question(SIGN_IN, password=""), PLENTY),
        (Former(Vouched("s")), question(SIGN_IN, password=["x"]), PLENTY),
        (Former(Vouched("s")), question(SIGN_IN), RESERVED),
        (Former(Vouched("s")), question("UserMigration_Passkey"), PLENTY),
    ],
    ids=["nobody asks", "wrong", "challenge", "none", "blank", "odd", "late", "unknown source"],
)
def test_a_password_that_no_pool_takes_makes_nobody(
    former: Former | None, event: dict[str, Any], seconds: float
) -> None:
    door = Door(former)
    assert door.ask(event, seconds) == {}
    assert not door.met
    assert [answer for _, answer, _ in door.told] == [Refusal.UNVOUCHED]


@pytest.mark.parametrize("name", [None, "", 7, ["ann"]])
def test_a_question_about_nobody_makes_nobody(name: Any) -> None:
    door = Door(Former(Vouched("s")))
    assert door.ask(question(FORGOT, name)) == {}
    assert not door.met


def test_a_closed_door_makes_nobody_and_asks_no_pool() -> None:
    door = Door(Former(Vouched("s")), closed=True)
    assert door.ask(question(SIGN_IN)) == {}
    assert not door.former.asked  # type: ignore[union-attr]
    assert door.told == [(SIGN_IN, Refusal.STANDS_BY, "")]


@pytest.mark.parametrize("fault", [ServiceUnavailableError("dark"), TimeoutError(), KeyError("x")])
def test_whatever_cannot_be_read_makes_nobody_and_is_told(fault: Exception) -> None:
    for door in (Door(Former(fault)), Door(Former(Vouched("s")), answer=fault)):
        assert door.ask(question(SIGN_IN)) == {}
        assert door.told == [(SIGN_IN, Refusal.UNREAD, type(fault).__name__)]


def test_a_refusal_is_as_if_there_were_no_trigger() -> None:
    assert Door(answer=Refusal.DISABLED).ask(question(FORGOT)) == {}


def token(claims: Any) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.signature"


@pytest.mark.parametrize("text", ["", "a", "a.b.c", "a.!!.c", token([1]), token("x")])
def test_a_token_that_cannot_be_read_has_no_claims(text: str) -> None:
    assert token_claims(text) == {}
    assert vouched_of(text, {"sub": "s"}) is None


def test_the_pool_lets_in_whom_the_token_is_of() -> None:
    mark = {"custom:origin_sub": "ann-s-sub"}
    assert vouched_of(token({"sub": "s"}), {"sub": "s", **mark}) == Vouched("s", "ann-s-sub")
    assert vouched_of(token({"sub": "s"}), {"sub": "another", **mark}) is None
    assert vouched_of(token({}), mark) is None
