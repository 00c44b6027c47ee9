"""One function a trigger: the owner's first, then ours in order; who refuses, refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from cognito_standby.triggers.domain.sign_ups import BY_ADMINISTRATOR
from cognito_standby.triggers.ports import OwnerFunctionError, RefusedError
from cognito_standby.triggers.services.sign_up import refuse_origin_sub
from cognito_standby.triggers.services.slots import Call, Response, Slot
from tests.unit.triggers.events import ORIGIN, SUB, attributes, call, event

CLAIMED = attributes(**{"custom:origin_sub": ORIGIN})


@dataclass
class Owner:
    """Answers as told."""

    answer: Any
    seconds: list[float] = field(default_factory=list)

    def ask(self, event: Mapping[str, Any], seconds: float) -> Any:
        self.seconds.append(seconds)
        if isinstance(self.answer, Exception):
            raise self.answer
        return {**event, "response": self.answer} if isinstance(self.answer, dict) else self.answer


def noting(name: str) -> Any:
    def part(_: Call, response: Response) -> Response:
        return {**response, "seen": [*response.get("seen", ()), name]}

    return part


def test_the_parts_see_what_those_before_them_answered() -> None:
    slot = Slot((noting("fence"), noting("claim")), Owner({"autoConfirmUser": True}))
    given = event("PreSignUp_SignUp", attributes())
    answer = slot.answer(call(given))
    assert answer["response"] == {"autoConfirmUser": True, "seen": ["fence", "claim"]}
    assert answer["request"] == given["request"]


def test_without_an_owner_the_event_is_answered() -> None:
    given = event("PreSignUp_SignUp", attributes(), autoConfirmUser=False)
    assert Slot((), guards=(refuse_origin_sub,)).answer(call(given)) == given


def test_what_the_owner_changes_of_the_question_is_not_believed() -> None:
    """Cognito reads the response alone; ours read the question as Cognito put it."""

    class Forging(Owner):
        def ask(self, event: Mapping[str, Any], seconds: float) -> Any:
            return {"request": {"userAttributes": {"sub": "another"}}, "response": {}}

    seen: list[str] = []

    def part(asked: Call, response: Response) -> Response:
        seen.append(asked.attributes["sub"])
        return response

    Slot((part,), Forging({})).answer(call(event("PreSignUp_SignUp", attributes())))
    assert seen == [SUB]


def test_an_owner_that_refuses_ends_it() -> None:
    slot = Slot((noting("never"),), Owner(OwnerFunctionError("not from here")))
    with pytest.raises(OwnerFunctionError, match=r"^not from here$"):
        slot.answer(call(event("PreSignUp_SignUp", attributes())))


@pytest.mark.parametrize("answer", [None, "text", ["a"]])
def test_an_answer_that_is_none_is_passed_on(answer: Any) -> None:
    slot = Slot((noting("never"),), Owner(answer))
    assert slot.answer(call(event("PreSignUp_SignUp", attributes()))) == answer


class Answering(Owner):
    """Answers with the whole event as told."""

    def ask(self, event: Mapping[str, Any], seconds: float) -> Any:
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [None, "text", ["a"], {}, {"response": 5}, {"response": "text"}, {"response": None}],
)
def test_no_answer_of_an_owner_gets_anybody_past_a_guard(answer: Any) -> None:
    def closed(_: Call, __: Response) -> Response:
        raise RefusedError("this Region stands by")

    for slot in (
        Slot((), Answering(answer), guards=(closed,)),
        Slot((noting("never"),), Answering(answer), guards=(noting("passes"), closed)),
    ):
        with pytest.raises(RefusedError):
            slot.answer(call(event("PreSignUp_SignUp", attributes())))


def test_a_guard_answers_nothing() -> None:
    slot = Slot((noting("claim"),), Owner({}), guards=(noting("fence"),))
    answer = slot.answer(call(event("PreSignUp_SignUp", attributes())))
    assert answer["response"] == {"seen": ["claim"]}


def test_the_owner_leaves_time_for_ours() -> None:
    owner = Owner({})
    Slot((), owner, reserved=1.0).answer(call(event("x", {}), 4.0))
    Slot((), owner, reserved=1.0).answer(call(event("x", {}), 0.5))
    assert owner.seconds == [3.0, 0.05]


@pytest.mark.parametrize("source", ["PreSignUp_SignUp", "PreSignUp_ExternalProvider"])
def test_a_callers_origin_sub_is_refused(source: str) -> None:
    with pytest.raises(RefusedError, match="custom:origin_sub is set by the service alone") as told:
        Slot((), guards=(refuse_origin_sub,)).answer(call(event(source, CLAIMED)))
    assert ORIGIN not in str(told.value)


@pytest.mark.parametrize(
    "given",
    [
        event(BY_ADMINISTRATOR, CLAIMED),
        event("PreSignUp_SignUp", attributes(), autoVerifyEmail=False),
        event("PreSignUp_SignUp", attributes(**{"custom:origin_sub": ""})),
    ],
)
def test_everybody_else_passes_unchanged(given: dict[str, Any]) -> None:
    assert Slot((), guards=(refuse_origin_sub,)).answer(call(given)) == given
