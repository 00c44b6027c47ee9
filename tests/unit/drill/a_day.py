"""A drill that nobody played, for the report and its figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from local.drill.figures import Change, Ended, Step, UnknownSince, What, fates, people, rpo, rto
from local.drill.record import Drill, Surroundings
from local.drill.scene import Claim, Played
from local.drill.timeline import Band, Command, Moment, Span

HOME, AWAY = "us-east-1", "us-west-2"
START = 1_790_000_000.0
CUT, BACK, HEALED, END = START + 60, START + 120, START + 140, START + 200
HOSTILE = '<script>alert("ann")</script>&amp;'


def change(number: int, at: float, sub: str = "", what: What = What.SIGN_UP, **more: Any) -> Change:
    sub = sub or f"sub{number}"
    return Change(number, f"person-of-{sub}", sub, what, more.pop("region", HOME), at, **more)


BEFORE = [
    change(1, CUT - 50),
    change(2, CUT - 40),
    change(3, CUT - 4, "sub1", What.PROFILE, field="attr:name", value="Ann"),
    change(4, CUT - 3),
    change(5, CUT - 1, "sub2", What.JOIN, field="group:beta", value="beta"),
]
AWAY_THERE = [change(6, CUT + 30, region=AWAY)]
CUT_OFF = [change(7, BACK + 5), change(8, BACK + 6, "sub2", What.DELETION)]
ARRIVED = frozenset({1, 2})
ENDED = Ended(shown={1, 2, 3, 4, 6, 7}, listed={3, 5, 8})
STATES = [Step("Plan Failover", CUT + 12), Step("Claim Region", CUT + 14), Step("Active", CUT + 40)]


def a_day(**changes: Any) -> Drill:
    """All went as claimed."""
    concerned = [*BEFORE, *CUT_OFF]
    fate = fates(concerned, ARRIVED, ENDED)
    drill = Drill(
        on=Surroundings("0.1.0", "abc123", "3.11", "MiniStack 1", 7, {"people": "2"}),
        started=START - 20,
        ended=END,
        home=HOME,
        away=AWAY,
        played=[
            Played("One", "It shows one thing.", (Claim("so it is", True, "1 of 1"),), START, CUT),
            Played("Two", "Another.", (Claim("that, too", True, "2 of 2"),), CUT, END),
        ],
        changes=[*BEFORE, *AWAY_THERE, *CUT_OFF],
        fate=fate,
        people=people(BEFORE, fate, ARRIVED),
        rpo=rpo(BEFORE, ARRIVED, CUT),
        rto=rto(CUT + 10, STATES, CUT + 20),
        cut=CUT,
        healed=HEALED,
        spans=[
            Span(Band.ACTIVE, HOME, START, CUT),
            Span(Band.DARK, HOME, CUT, BACK),
            Span(Band.PARTED, HOME, BACK, HEALED),
            Span(Band.ACTIVE, AWAY, CUT + 14),
        ],
        moments=[Moment("A", CUT, HOME, "it goes dark"), Moment("B", CUT + 10, AWAY, "typed")],
        refused=[(HOME, CUT + 1)],
        commands=[Command("standby failover", CUT + 10, 30.0, 0)],
        unknown=[("letters", HOME, "unknown since 12:00")],
        losses=["changes that have not arrived"],
        conflicts=[("sub1", "merged", "attr:name"), ("sub2", "overridden", "present")],
        not_shown=["AWS"],
    )
    return replace(drill, **changes)


def broken_off() -> Drill:
    """The Region never came back."""
    fate = fates(BEFORE, ARRIVED, None)
    played = [*a_day().played[:1], Played("Two", "Another.", broke="not within 300 s: somebody")]
    return a_day(
        played=played,
        healed=None,
        fate=fate,
        people=people(BEFORE, fate, ARRIVED),
        rto=UnknownSince(CUT, "nobody"),
        conflicts=None,
        changes=BEFORE,
    )
