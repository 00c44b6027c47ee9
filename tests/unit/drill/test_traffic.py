"""Traffic that is cut off: who was acknowledged, who was refused, and who signed up by half."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from local.demo.compare import SeenUser
from local.demo.people import Person
from local.drill.figures import What
from local.drill.timeline import Band, Timeline
from local.drill.traffic import Act, Knocking, Traffic, confirm_late, strangers
from local.drill.world import Day, World, shows
from local.outputs import RegionOutputs
from tests.unit.drill.a_day import change

HOME = cast(RegionOutputs, type("Home", (), {"region": "us-east-1"})())


def refused(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "SignUp")


@dataclass
class Town:
    """A world with one pool, which can be cut off. `half`: the code is refused from now on."""

    dark: bool = False
    half: bool = False
    patience: float = 30.0
    seen: list[tuple[What, str]] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    timeline: Timeline = field(default_factory=Timeline)
    day: Day = field(default_factory=Day)

    def clock(self) -> float:
        return 100.0

    def crowd(self, region: RegionOutputs) -> Town:
        return self

    def known(self, person: Person, sub: str) -> None:
        self.people[person.username] = sub

    def noted(self, what: What, person: Person, region: RegionOutputs) -> None:
        self.seen.append((what, person.username))

    def begin_sign_up(self, person: Person) -> str:
        self._answer()
        return f"sub-{person.username}"

    def confirm_sign_up(self, person: Person) -> None:
        if self.half:
            raise ConnectionClosedError(endpoint_url="http://127.0.0.1")
        self._answer()

    def join(self, person: Person, region: RegionOutputs, group: str) -> None:
        self._answer()
        self.noted(What.JOIN, person, region)

    def write(self, person: Person, region: RegionOutputs, name: str, value: str) -> None:
        self._answer()
        self.noted(What.PROFILE, person, region)

    def _answer(self) -> None:
        if self.dark:
            raise ConnectionClosedError(endpoint_url="http://127.0.0.1")


def plan(count: int) -> list[Act]:
    return [Act(person, What.SIGN_UP) for person in islice(strangers(7, "late"), count)]


def test_it_is_cut_at_the_change_that_was_named_and_everybody_is_refused() -> None:
    town = Town()

    def cut() -> None:
        town.dark = True

    traffic = Traffic(cast(World, town), HOME, plan(40), 5, cut)
    traffic.run()
    assert traffic.acknowledged == len(town.seen)
    assert 5 <= traffic.acknowledged <= 7, "those under way at the cut"
    assert traffic.refused == len(town.timeline.refused) == 3, "each worker once"


def test_traffic_that_ends_before_the_cut_is_not_cut() -> None:
    town = Town()
    Traffic(cast(World, town), HOME, plan(3), 5, lambda: pytest.fail("cut")).run()
    assert len(town.seen) == 3


def test_a_sign_up_without_its_code_is_no_acknowledged_change() -> None:
    town = Town(half=True)
    traffic = Traffic(cast(World, town), HOME, plan(3), 5, lambda: None)
    traffic.run()
    assert (traffic.acknowledged, town.seen) == (0, [])
    assert len(town.day.half) == 3
    assert set(town.people) == {person.username for person in town.day.half}


@pytest.mark.parametrize(("code", "passes"), [("NotAuthorizedException", True), ("X", False)])
def test_a_code_that_was_taken_and_its_answer_lost_is_no_trouble(code: str, passes: bool) -> None:
    class Crowd:
        def confirm_sign_up(self, person: Person) -> None:
            raise refused(code)

    person = Person("ann", "ann@example.org", "Ann")
    if passes:
        confirm_late(cast(Any, Crowd()), person)
        return
    with pytest.raises(ClientError):
        confirm_late(cast(Any, Crowd()), person)


def test_who_knocks_counts_the_fences_refusals_alone() -> None:
    told = [
        refused("UserLambdaValidationException", "Region us-west-2 stands by; use the other"),
        refused("UserNotFoundException"),
        None,
    ]

    def act() -> str:
        if (error := told.pop(0)) is not None:
            raise error
        return "sub"

    town = Town()
    with Knocking(cast(World, town), HOME, act) as knocking:
        assert knocking.wait()
    assert (knocking.told, knocking.refusals, knocking.at) == ("sub", 1, 100.0)
    assert len(town.timeline.refused) == 2


def user(enabled: bool = True, **attributes: str) -> SeenUser:
    return SeenUser("ann", enabled, "CONFIRMED", attributes, frozenset({"beta"}))


@pytest.mark.parametrize(
    ("seen", "what", "told", "shown"),
    [
        (None, What.SIGN_UP, {}, False),
        (user(), What.SIGN_UP, {}, True),
        (user(name="Ann"), What.PROFILE, {"field": "attr:name", "value": "Ann"}, True),
        (user(name="Eve"), What.PROFILE, {"field": "attr:name", "value": "Ann"}, False),
        (user(), What.JOIN, {"field": "group:beta", "value": "beta"}, True),
        (user(), What.JOIN, {"field": "group:staff", "value": "staff"}, False),
        (None, What.DELETION, {}, True),
        (user(enabled=False), What.DELETION, {}, True),
        (user(), What.DELETION, {}, False),
    ],
)
def test_what_a_pool_shows_of_a_change(
    seen: SeenUser | None, what: What, told: dict[str, str], shown: bool
) -> None:
    assert shows(seen, change(1, 100.0, what=what, **told)) is shown


def test_a_span_ends_once_and_only_where_it_began() -> None:
    line = Timeline()
    line.begin(Band.DARK, "us-east-1", 1.0)
    line.end(Band.DARK, "us-west-2", 2.0)
    line.end(Band.DARK, "us-east-1", 3.0)
    line.end(Band.DARK, "us-east-1", 4.0)
    assert [span.end for span in line.spans] == [3.0]
