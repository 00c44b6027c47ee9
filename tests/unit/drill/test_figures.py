"""RPO, RTO and what became of people, by arithmetic."""

from __future__ import annotations

import pytest

from local.drill.figures import Ended, Fate, People, Step, fates, people, rpo, rto
from local.drill.record import Drill
from local.drill.scene import Claim, Played
from tests.unit.drill.a_day import ARRIVED, BEFORE, CUT, ENDED, a_day, broken_off, change


def test_rpo_is_the_age_of_the_oldest_change_in_flight() -> None:
    found = rpo(BEFORE, ARRIVED, CUT)
    assert (found.seconds, found.missing, found.people, found.sign_ups) == (4.0, 3, 3, 1)


def test_an_older_change_that_arrived_does_not_count_nor_one_after_the_cut() -> None:
    late = [*BEFORE, change(9, CUT + 1)]
    assert rpo(late, {1, 2, 3, 4}, CUT).seconds == 1.0
    none = rpo(late, {1, 2, 3, 4, 5}, CUT)
    assert (none.seconds, none.missing) == (0.0, 0)


def test_late_and_listed_and_lost_are_apart() -> None:
    assert fates(BEFORE, ARRIVED, ENDED) == {
        1: Fate.ARRIVED,
        2: Fate.ARRIVED,
        3: Fate.LATE,  # listed as merged, and in both pools
        4: Fate.LATE,
        5: Fate.LISTED,
    }
    gone = fates(BEFORE, ARRIVED, Ended(shown={1, 3}, listed=()))
    assert [number for number, fate in gone.items() if fate is Fate.LOST] == [2, 4, 5]


def test_who_was_there_and_is_lost_in_the_end_is_lost() -> None:
    fate = fates(BEFORE, {1, 2, 3, 4, 5}, Ended(shown={1, 2, 3, 4}, listed=()))
    assert fate[5] is Fate.LOST
    assert people(BEFORE, fate, {1, 2, 3, 4, 5}) == People(all_there=2, lost=1)


def test_before_the_return_nothing_is_late_and_nothing_is_lost() -> None:
    fate = fates(BEFORE, ARRIVED, None)
    assert fate == {1: Fate.ARRIVED, 2: Fate.ARRIVED, **dict.fromkeys((3, 4, 5), Fate.UNKNOWN)}
    assert people(BEFORE, fate, ARRIVED) == People(unknown=3)


def test_everybody_is_counted_once() -> None:
    found = people(BEFORE, fates(BEFORE, ARRIVED, ENDED), ARRIVED)
    assert found == People(incomplete=2, not_there=1)
    assert found.total == 3


def test_rto_ends_with_the_sign_in_and_leaves_out_what_comes_after() -> None:
    found = rto(100.0, [Step("b", 103.0), Step("a", 101.0), Step("later", 120.0)], 110.0)
    assert found.seconds == 10.0
    steps = [(step.name, took) for step, took in found.lasting()]
    assert steps == [
        ("the command", 1.0),
        ("a", 2.0),
        ("b", 7.0),
        ("the first sign-in", 0.0),
    ]


@pytest.mark.parametrize(
    ("drill", "held"),
    [
        (a_day(), True),
        (broken_off(), False),
        (a_day(played=[]), False),
        (a_day(played=[Played("One", "", (Claim("no", False),), CUT, CUT)]), False),
        (a_day(fate={1: Fate.LOST}), False),
    ],
    ids=["as claimed", "broken off", "nothing played", "a claim failed", "a change lost"],
)
def test_a_drill_holds_only_if_all_of_it_does(drill: Drill, held: bool) -> None:
    assert drill.held is held
