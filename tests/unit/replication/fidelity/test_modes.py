"""Every way in which a pool knows its people, and names and addresses that change hands."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.subjects import Subject
from tests.unit.replication.fidelity.people import People
from tests.unit.replication.fidelity.stage import MODES

modes = pytest.mark.parametrize("mode", MODES)


@modes
def test_somebody_signs_up_changes_is_locked_and_let_in(mode: str) -> None:
    people = People(mode)
    people.join(1)
    people.settle(1)
    people.assert_same(1)
    people.move(1, 2)
    people.at.active.pool.admin_disable_user(people.subs[1])
    people.settle(1)
    people.assert_same(1)
    people.at.active.pool.admin_enable_user(people.subs[1])
    people.settle(1)
    people.assert_same(1)


@modes
@pytest.mark.parametrize("order", ["known one by one", "known at once"])
def test_a_name_and_an_address_are_used_again_after_a_deletion(mode: str, order: str) -> None:
    people = People(mode)
    people.join(1)
    people.settle(1)
    first = people.subs[1]
    people.leave(1)
    if order == "known one by one":
        people.settle(1)
    people.join(1)
    assert people.subs[1] != first
    people.at.settle(people.subs[1], first)
    people.assert_same(1)
    assert people.at.twin(first) is None


@modes
@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_two_swap_their_addresses(mode: str, order: tuple[int, int]) -> None:
    people = People(mode)
    people.join(1)
    people.join(2)
    people.settle(1, 2)
    people.move(1, 9)
    people.move(2, 1)
    people.move(1, 2)
    people.settle(*order)
    people.assert_same(1, 2)


@modes
@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_three_pass_their_addresses_on(mode: str, order: tuple[int, ...]) -> None:
    people = People(mode)
    for number in (1, 2, 3):
        people.join(number)
    people.settle(1, 2, 3)
    people.move(1, 9)
    for taker, whose in ((3, 1), (2, 3), (1, 2)):
        people.move(taker, whose)
    people.settle(*order)
    people.assert_same(1, 2, 3)


@pytest.mark.parametrize("mode", ["aliases", "aliases, case-sensitive"])
@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_three_pass_their_preferred_usernames_on(mode: str, order: tuple[int, ...]) -> None:
    people = People(mode)
    for number in (1, 2, 3):
        people.join(number)
        _prefer(people, number, f"nick-{number}")
    people.settle(1, 2, 3)
    people.assert_same(1, 2, 3)
    _prefer(people, 1, "nick-9")
    for taker, whose in ((3, 1), (2, 3), (1, 2)):
        _prefer(people, taker, f"nick-{whose}")
    people.settle(*order)
    people.assert_same(1, 2, 3)


def _prefer(people: People, number: int, nick: str) -> None:
    pool = people.at.active.pool
    pool.admin_update_user_attributes(people.subs[number], {"preferred_username": nick})


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode.startswith("aliases")])
def test_an_alias_that_a_confirmation_takes_is_lost_by_its_former_owner(mode: str) -> None:
    """ForceAliasCreation: the owner's verification goes without an event of theirs."""
    people = People(mode)
    people.join(1)
    people.settle(1)
    pool = people.at.active.pool
    taken = {"email": people.address(1)}
    people.subs[2] = pool.sign_up("person-2", "Aa1!aaaaaa", taken)
    pool.confirm_sign_up("person-2", pool.latest_code("person-2"), force_alias_creation=True)
    former = pool.admin_get_user("person-1").attributes
    assert former["email_verified"] == "false", "as AWS says"
    people.settle(2)
    people.assert_same(1, 2)
    row = people.at.standby.ledger.read(Subject.user(people.subs[1]))
    assert row.confirmed is not None
    assert row.confirmed["attr:email_verified"] == "false"
