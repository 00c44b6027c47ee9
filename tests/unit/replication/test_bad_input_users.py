"""Users at the edge of what Cognito holds are replicated, or refused with a reason an operator can
read and without a value of theirs; and the next one is replicated."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.subjects import Subject
from tests.unit.core.test_bad_input_hints import readable
from tests.unit.world import CUSTOM, World

AWKWARD = {
    "emoji": "\U0001f469\u200d\U0001f680 \U0001f600",
    "right to left": "\u202e\u05d0\u05d1\u05d2 \u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u200f",
    "comma": "Smith, Ann, \\, ,",
    "quotes": "\"'`\u201c\u201d {% $states.input %} ${arn} %s {0}",
    "controls": "a\x00b\tc\r\nd\x1b[31m\x7f",
    "combining": "e\u0301\u0301\u0301 \u1e9b\u0323",
    "spaces": "  \u00a0\u2003 ",
    "html": "</script><b onload=x>&amp;",
    "number": "00012.50",
    "words": "null",
}
PLAIN = {"email": "bob@example.org", "name": "Bob"}

values = st.sampled_from(list(AWKWARD.values())) | st.text(min_size=1, max_size=60)
people = st.dictionaries(
    st.sampled_from(["name", "given_name", "nickname", "address", *CUSTOM]), values, max_size=12
)
usernames = st.sampled_from(["u" * 128, "a,b\"c'd", "\U0001f600\U0001f600", "\u05d0\u05d1"]) | (
    st.text(st.characters(categories=["L", "S", "N", "P"]), min_size=1, max_size=128)
)


def carried_or_refused(world: World, sub: str, attributes: dict[str, str]) -> bool:
    """Whether a user was replicated; where not, the refusal is one that an operator can read."""
    try:
        world.carry(sub)
    except StandbyError as error:
        assert readable(error)
        assert not [
            value for value in attributes.values() if len(value) > 3 and value in str(error)
        ]
        return False
    assert world.twin_of(sub) == attributes
    return True


def assert_the_next_is_replicated(world: World) -> None:
    sub = world.sign_up("the-next", PLAIN)
    world.carry(sub)
    assert world.twin_of(sub) == PLAIN


@pytest.mark.parametrize("kind", AWKWARD)
def test_awkward_values_are_replicated(kind: str) -> None:
    world, attributes = World(), {"name": AWKWARD[kind], CUSTOM[0]: AWKWARD[kind]}
    assert carried_or_refused(world, world.sign_up("ann", attributes), attributes)
    assert_the_next_is_replicated(world)


def test_fifty_attributes_of_2048_characters_are_replicated() -> None:
    world = World()
    attributes = {name: chr(0x4E00 + number) * 2048 for number, name in enumerate(CUSTOM)}
    assert carried_or_refused(world, world.sign_up("ann", attributes), attributes)
    assert_the_next_is_replicated(world)


@settings(max_examples=60, deadline=None)
@given(usernames, people)
@example("#group#admins", {})
@example("#claim", {})
@example("parked-x", {"name": "x"})
def test_anybody_is_replicated(username: str, attributes: dict[str, str]) -> None:
    world = World()
    assert carried_or_refused(world, world.sign_up(username, attributes), attributes)
    assert_the_next_is_replicated(world)


@settings(max_examples=40, deadline=None)
@given(people, people)
def test_any_change_is_replicated(before: dict[str, str], after: dict[str, str]) -> None:
    world = World()
    sub = world.sign_up("ann", before)
    assert carried_or_refused(world, sub, before)
    gone = tuple(set(before) - set(after))
    world.primary.pool.admin_update_user_attributes("ann", after)
    world.primary.pool.admin_delete_user_attributes("ann", gone)
    assert carried_or_refused(world, sub, after)
    assert_the_next_is_replicated(world)


@pytest.mark.parametrize("limit", [1, 10])
def test_a_standby_that_cannot_hold_a_value_gets_the_rest_and_tells_why(limit: int) -> None:
    world = World()
    value = "a-secret-value-longer-than-the-standby-allows"
    specs = world.backup.pool.config.attributes
    assert isinstance(specs, dict)
    specs[CUSTOM[0]] = type(specs[CUSTOM[0]])(max_length=limit)
    sub = world.sign_up("ann", {CUSTOM[0]: value, "name": "Ann"})
    assert carried_or_refused(world, sub, {"name": "Ann"})
    row = world.backup.ledger.read(Subject.user(sub))
    assert row.skipped == {f"attr:{CUSTOM[0]}": NotHeld.TOO_LONG}
    assert_the_next_is_replicated(world)


@pytest.mark.parametrize("mark", ["#claim", "#group#x", "x" * 500, "someone-else", "\x00"])
def test_a_forged_mark_of_origin_harms_nobody(mark: str) -> None:
    world = World()
    sub = world.sign_up("ann", {"name": "Ann", "custom:origin_sub": mark})
    assert carried_or_refused(world, sub, {"name": "Ann"})
    assert_the_next_is_replicated(world)


def test_a_blank_value_counts_as_absent() -> None:
    world = World()
    sub = world.sign_up("ann", {"name": "Ann", "nickname": "N"})
    world.carry(sub)
    world.primary.pool.admin_delete_user("ann")
    world.carry(sub)
    again = world.sign_up("eve", {"name": "Eve", "nickname": ""})
    assert carried_or_refused(world, again, {"name": "Eve"})


def test_an_empty_value_does_not_go_round_in_circles() -> None:
    world = World()
    sub = world.sign_up("ann", {"name": "Ann", "nickname": "N"})
    world.carry(sub)
    world.primary.pool.admin_update_user_attributes("ann", {"nickname": ""})
    world.carry(sub)
    assert world.twin_of(sub) == {"name": "Ann"}
