"""Hints that are malformed, of another pool, masked or oversized end as a reasoned refusal, and the
next one is processed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    NotYetVisibleError,
    RefusedByPoolError,
    StandbyError,
)
from cognito_standby.core.domain.hints import MASKED, MAX_TEXT_LENGTH, Hint
from tasks import (
    capture_record,
    confirm_sync,
    replay_memberships,
    replay_profile,
    replay_record,
)
from tests.unit.world import World

SECRET = "ann.smith@example.com"
LONG = "x" * 129
STEPS = (capture_record, replay_record, replay_profile, replay_memberships, confirm_sync)

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from([*Hint.__dataclass_fields__, "email", "hint"])
almost_hints = st.dictionaries(names, scalars | anything, max_size=8)
plausible = st.fixed_dictionaries(
    {st_name: st.text(min_size=1, max_size=140) for st_name in ("local_sub",)},
    optional={
        "cause": st.text(max_size=300),
        "created": st.booleans(),
        "user_pool_id": st.sampled_from(["us-east-1_Pool", "us-east-1_Other", ""]),
    },
)


def readable(error: StandbyError) -> bool:
    """Whether an operator can read why: a short sentence of words."""
    text = str(error)
    return 10 <= len(text) <= 200 and " " in text and text.isprintable()


@given(anything | almost_hints)
def test_whatever_comes_is_a_hint_or_a_reasoned_refusal(raw: Any) -> None:
    try:
        hint = Hint.from_dict(raw)
    except InvalidRecordError as error:
        assert readable(error)
    else:
        assert Hint.from_dict(json.loads(json.dumps(hint.to_dict()))) == hint


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, "must be an object"),
        ([{"local_sub": "a"}], "must be an object"),
        ({}, "exactly one of"),
        ({"local_sub": "a", "group": "b"}, "exactly one of"),
        ({"local_sub": 5}, "must be strings"),
        ({"local_sub": "a", "created": "yes"}, "must be strings"),
        ({"local_sub": MASKED}, "masked"),
        ({"group": MASKED}, "masked"),
        ({"origin_sub": LONG}, "1 to 128"),
        ({"group": LONG}, "1 to 128"),
        ({"local_sub": "a\x00b"}, "control characters"),
        ({"local_sub": "\ud800"}, "control characters"),
        ({"local_sub": "#group#admins"}, "not a user's"),
        ({"local_sub": "#claim"}, "not a user's"),
        ({"origin_sub": "#claim"}, "neither a user nor a group"),
        ({"origin_sub": "#group#"}, "1 to 128"),
        ({"local_sub": "a", "cause": "x" * (MAX_TEXT_LENGTH + 1)}, "more than 256"),
    ],
)
def test_a_bad_hint_is_refused_for(raw: Any, reason: str) -> None:
    with pytest.raises(InvalidRecordError, match=reason) as refused:
        Hint.from_dict(raw)
    assert readable(refused.value)


def test_fields_of_a_newer_release_are_passed_over() -> None:
    assert Hint.from_dict({"local_sub": "a", "importance": 5}) == Hint(local_sub="a")


@settings(max_examples=60, deadline=None)
@given(plausible | almost_hints | anything)
@example({"local_sub": "nobody", "created": True})
@example({"group": "x" * 128})
@example({"local_sub": "'; drop \" = \\ *"})
@example({"origin_sub": "#group#\u05d0\U0001f600"})
def test_plan_sync_answers_or_refuses_and_then_takes_the_next(raw: Any) -> None:
    world = World()
    sub = world.sign_up("ann", {"email": SECRET})
    try:
        answer = world.primary.run(raw)
    except (InvalidRecordError, NotYetVisibleError, RefusedByPoolError) as error:
        assert readable(error)
        assert SECRET not in str(error)
    else:
        assert answer["decision"] == "done"
        assert answer["reason"]
    world.carry(sub)
    assert world.twin_of(sub) == {"email": SECRET}


def test_a_hint_of_another_pool_is_refused() -> None:
    world = World()
    with pytest.raises(InvalidRecordError, match="another user pool"):
        world.primary.run({"local_sub": "a", "user_pool_id": "us-east-1_Other"})
    assert world.primary.ledger.rows() == ()


def test_a_users_hint_never_deletes_a_group() -> None:
    world = World()
    with pytest.raises(InvalidRecordError):
        world.primary.run({"local_sub": "#group#admins"})
    assert world.primary.ledger.rows() == ()


@pytest.mark.parametrize("step", STEPS)
@given(event=st.dictionaries(st.sampled_from(["subject", "holder", "change_id"]), anything))
@settings(max_examples=25, deadline=None)
def test_a_step_refuses_an_input_that_plan_sync_did_not_give(step: Any, event: Any) -> None:
    world = World()
    with world.primary.handlers(), pytest.raises(StandbyError) as refused:
        step.handler(event, None)
    assert readable(refused.value)
