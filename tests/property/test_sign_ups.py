"""Nobody who is awaited is ever locked out by a sign-up, in pools of every kind."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cognito_standby.core.domain.contacts import CONTACTS, PREFERRED
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.sign_in_names import SignInNames
from cognito_standby.core.domain.subjects import USERNAME
from cognito_standby.replication.domain import awaited_names
from cognito_standby.replication.services import on_demand
from cognito_standby.triggers.domain.sign_ups import BY_ADMINISTRATOR, Typed, names_typed
from tests.property import sign_ups
from tests.property.sign_ups import (
    BY_PERSON,
    HERS,
    MODES,
    Stranger,
    awaited,
    comes,
    her_names,
    sign_up,
)

EXAMPLES = 3 * int(os.environ.get("STANDBY_WORLDS", "15"))
_FRESH = {
    "username": "eve",
    "email": "eve@example.org",
    "phone_number": "+4915187654321",
    PREFERRED: "evie",
}
_FREE = ("username", PREFERRED)
"""Where anything can be typed."""
_flag = st.sampled_from(["true", "false"])
_bool = st.booleans()
_has = st.fixed_dictionaries({f"{each}_verified": _flag for each in CONTACTS}).map(
    lambda flags: {**HERS, **flags}
)


@st.composite
def _strangers(draw: st.DrawFn) -> Stranger:
    """By names of their own, but for one of hers, or two."""
    names = {name: value for name, value in _FRESH.items() if name == "username" or draw(_bool)}
    for place in draw(st.lists(st.sampled_from(sorted(HERS)), min_size=1, max_size=2)):
        whatever = sorted(HERS.values()) if place in _FREE else [HERS[place]]
        taken = draw(st.sampled_from(whatever))
        names[place] = taken.upper() if draw(_bool) else taken
    for each in CONTACTS:
        if each in names:
            names[f"{each}_verified"] = draw(_flag)
    return Stranger(draw(st.sampled_from([BY_ADMINISTRATOR, BY_PERSON])), names)


_some = st.lists(_strangers(), min_size=1, max_size=2)


def nobody_is_locked_out(examples: int, *phases: Phase) -> None:
    """AssertionError: she came in by this name, and does not after somebody's sign-up."""

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=phases or tuple(Phase),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(sorted(MODES)), _has, _some, st.data())
    def play(mode: str, has: dict[str, str], strangers: list[Stranger], data: Any) -> None:
        alone, sub = awaited(mode, has)
        name = data.draw(st.sampled_from(her_names(alone)))
        made, _ = awaited(mode, has)
        for each in strangers:
            sign_up(made, each)
        assert comes(made, sub, name) or not comes(alone, sub, name), name

    play()


def test_nobody_who_is_awaited_is_locked_out_by_a_sign_up() -> None:
    nobody_is_locked_out(EXAMPLES)


@pytest.mark.full
def test_nor_in_many_more_worlds() -> None:
    nobody_is_locked_out(15 * EXAMPLES)


Keeps = Callable[[Record | None, str, Callable[[], SignInNames]], bool]


def _username_and_verified(record: Record | None, name: str, _: object) -> bool:
    """The former rule: what a pool of any kind keeps."""
    return awaited_names.keeps(record, name, SignInNames)


def _as_spelt(record: Record | None, name: str, pool: Callable[[], SignInNames]) -> bool:
    """Capitals count."""
    fields = record.fields if record else {}
    return name in fields.values() and awaited_names.keeps(record, name, pool)


def _username_alone(record: Record | None, name: str, _: object) -> bool:
    fields = record.fields if record else {}
    return fields.get(USERNAME, "").casefold() == name.casefold()


@pytest.mark.full
@pytest.mark.parametrize("broken", [_username_and_verified, _as_spelt, _username_alone])
def test_each_broken_rule_locks_somebody_out(
    broken: Keeps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_demand, "keeps", broken)
    with pytest.raises(AssertionError):
        nobody_is_locked_out(40 * EXAMPLES, Phase.generate)


@pytest.mark.full
def test_a_preferred_username_that_nobody_looks_at_locks_somebody_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def without(*asked: Any) -> Typed:
        return Typed(names_typed(*asked).names)

    monkeypatch.setattr(sign_ups, "names_typed", without)
    with pytest.raises(AssertionError):
        nobody_is_locked_out(40 * EXAMPLES, Phase.generate)
