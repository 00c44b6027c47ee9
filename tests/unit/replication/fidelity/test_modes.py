"""Every way in which a pool knows its people, and names and addresses that change hands."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.core.domain.subjects import Subject
from tests.unit.replication.fidelity.stage import MODES, stage

BY_PHONE = ("phone",)


class People:
    """Who signs up in a pool of some mode: by number, so that a table can say who takes whose."""

    def __init__(self, mode: str) -> None:
        self.at = stage(MODES[mode])
        self.config = MODES[mode]
        self.contact = "phone_number" if mode in BY_PHONE else "email"
        self.subs: dict[int, str] = {}

    @property
    def free(self) -> bool:
        """Whether people choose their username."""
        return not self.config.username_attributes

    def address(self, number: int) -> str:
        """An address of nobody in particular."""
        phone = self.contact == "phone_number"
        return f"+1555010{number}" if phone else f"p{number}@example.org"

    def name(self, number: int) -> str:
        """What the active pool knows somebody by."""
        return f"person-{number}" if self.free else self.address(number)

    def join(self, number: int, address: int | None = None) -> None:
        """Sign up and settle."""
        given = {
            self.contact: self.address(number if address is None else address),
            f"{self.contact}_verified": "true",
        }
        name = self.name(number) if self.free else given[self.contact]
        self.subs[number] = self.at.world.sign_up(name, given)

    def move(self, number: int, address: int) -> None:
        """Take another address, verified."""
        given = {self.contact: self.address(address), f"{self.contact}_verified": "true"}
        self.at.active.pool.admin_update_user_attributes(self.subs[number], given)

    def settle(self, *numbers: int) -> None:
        """Hints about these, in this order."""
        self.at.settle(*(self.subs[number] for number in numbers))

    def leave(self, number: int) -> None:
        """Be deleted."""
        self.at.active.pool.admin_delete_user(self.subs[number])

    def assert_same(self, *numbers: int) -> None:
        """Both pools show the same of everybody, by sub, and nobody gave up."""
        assert [str(error) for _, error in self.at.failed] == []
        for number in numbers:
            here = self.at.active.pool.admin_get_user(self.subs[number])
            there = self.at.twin(self.subs[number])
            assert there is not None, f"person {number} is lost"
            theirs = {n: v for n, v in there.attributes.items() if n not in OWN}
            assert theirs == {n: v for n, v in here.attributes.items() if n not in OWN}
            assert there.enabled == here.enabled
            assert there.status is UserStatus.CONFIRMED
            if self.free:
                assert there.username == here.username


OWN = ("sub", "custom:origin_sub")

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
