"""PostConfirmation with an owner's function: the two do not wait for each other."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import NoRegionError

from cognito_standby.triggers.ports import OwnerFunctionError
from cognito_standby.triggers.services.slots import COLD_START, Slot
from tasks import post_confirmation
from tests.unit.loopback import REFUSES, TAKES
from tests.unit.replication.test_post_confirmation import EVENT, SUB, Outside, outside
from tests.unit.triggers.events import Context

__all__ = ["outside"]


class Owner:
    """The owner's function."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer
        self.asked: list[tuple[Mapping[str, Any], float]] = []

    def ask(self, event: Mapping[str, Any], seconds: float) -> Any:
        self.asked.append((event, seconds))
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Owner]:
    def with_owner(answer: Any) -> Owner:
        owner = Owner(answer)
        monkeypatch.setattr(post_confirmation, "_slot", lambda: Slot((), owner))
        return owner

    return with_owner


def test_its_answer_stands_and_the_hint_goes_out(outside: Outside, asking: Any) -> None:
    told = {**EVENT, "response": {"welcome": "yes"}}
    owner = asking(told)
    event = copy.deepcopy(EVENT)
    assert post_confirmation.handler(event, Context()) == told
    assert owner.asked == [(EVENT, 5 - COLD_START)]
    assert [hint.local_sub for hint in outside.hints()[0]] == [SUB]


def test_its_error_is_shown_and_the_hint_goes_out_all_the_same(
    outside: Outside, asking: Any
) -> None:
    asking(OwnerFunctionError("not on Sundays"))
    with pytest.raises(OwnerFunctionError, match="not on Sundays"):
        post_confirmation.handler(copy.deepcopy(EVENT), Context())
    assert [hint.local_sub for hint in outside.hints()[0]] == [SUB]


@pytest.mark.parametrize("outside", [(REFUSES, REFUSES), (REFUSES, TAKES)], indirect=True)
def test_what_becomes_of_the_hint_is_nothing_to_it(outside: Outside, asking: Any) -> None:
    owner = asking(EVENT)
    assert post_confirmation.handler(copy.deepcopy(EVENT), Context()) == EVENT
    assert len(owner.asked) == 1


def test_it_is_asked_only_where_the_environment_names_it(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_confirmation._slot.cache_clear()
    assert post_confirmation._slot() is None
    post_confirmation._slot.cache_clear()
    monkeypatch.setenv("OWNER_FUNCTION", "arn:aws:lambda:us-east-1:111111111111:function:hello")
    assert post_confirmation._slot() is not None
    post_confirmation._slot.cache_clear()


def test_an_empty_name_is_no_owner(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER_FUNCTION", "")
    post_confirmation._slot.cache_clear()
    assert post_confirmation.handler(copy.deepcopy(EVENT), Context()) == EVENT
    assert [hint.local_sub for hint in outside.hints()[0]] == [SUB]


def test_an_owner_that_cannot_be_asked_is_told_and_the_hint_goes_out(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner's function may be what makes a sign-up whole: to leave it out silently is worse."""

    def unreachable() -> Slot:
        raise NoRegionError

    monkeypatch.setattr(post_confirmation, "_slot", unreachable)
    with pytest.raises(NoRegionError):
        post_confirmation.handler(copy.deepcopy(EVENT), Context())
    assert [hint.local_sub for hint in outside.hints()[0]] == [SUB]


def test_a_call_that_cognito_repeats_asks_the_owner_again(outside: Outside, asking: Any) -> None:
    """As it would without ours in between; a second hint of somebody changes nothing."""
    owner = asking(EVENT)
    for _ in range(2):
        assert post_confirmation.handler(copy.deepcopy(EVENT), Context()) == EVENT
    assert [event for event, _ in owner.asked] == [EVENT, EVENT]
    hints = [hint.local_sub for sent in outside.hints() for hint in sent]
    assert hints == [SUB, SUB]
