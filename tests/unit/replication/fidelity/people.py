"""Who signs up, moves and leaves in a pool of some mode, and whether the standby shows the same."""

from __future__ import annotations

from cognito_standby.core.domain.pools import UserStatus
from tests.unit.replication.fidelity.stage import MODES, Stage, stage

BY_PHONE = ("phone",)
OWN = ("sub", "custom:origin_sub")


class People:
    """Who signs up in a pool of some mode: by number, so that a table can say who takes whose."""

    def __init__(self, mode: str, at: Stage | None = None) -> None:
        self.at = at or stage(MODES[mode])
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
