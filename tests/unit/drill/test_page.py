"""The page: what it says first, what it never says, and that nothing can break it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from local.drill.figures import UnknownSince
from local.drill.record import Drill
from local.drill.report.page import page
from local.drill.report.style import REPORTS, STYLE
from local.drill.report.words import clock, late_told, lost_told, rpo_told, seconds, told_of
from local.drill.scene import Claim, Played
from local.drill.timeline import Command, Moment
from tests.unit.drill.a_day import AWAY, BEFORE, CUT, HOSTILE, START, a_day, broken_off

_VOID = {"meta", "br", "rect", "line", "path", "circle"}


class Outline(HTMLParser):
    """Elements must close in order; collects texts and what is referred to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.elements: set[str] = set()
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.references += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style" and data.strip():
            self.texts.append(data.strip())


def test_paper_is_light_and_says_each_thing_once() -> None:
    screen, paper = STYLE.removeprefix(REPORTS).split("@media print")
    assert "prefers-color-scheme" not in paper
    assert "--night:#05070a" not in paper
    rules = [line for line in screen.splitlines() if line.startswith(".")]
    assert not [rule for rule in rules if rule in paper], "what the screen has is not told again"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.04, "0.0 s"),
        (59.94, "59.9 s"),
        (59.97, "1 min 0 s"),
        (119.4, "1 min 59 s"),
        (119.7, "2 min 0 s"),
        (3_605.0, "60 min 5 s"),
    ],
)
def test_no_minute_has_sixty_seconds(value: float, told: str) -> None:
    assert seconds(value) == told


def read(drill: Drill) -> Outline:
    outline = Outline()
    outline.feed(page(drill))
    assert not outline.open
    return outline


def text_of(drill: Drill) -> str:
    return " ".join(read(drill).texts)


def test_it_says_first_that_it_is_simulated_and_on_what() -> None:
    told = [text for text in read(a_day()).texts if not text.startswith("Drill of")]
    assert told[0] == "Simulated"
    first = " ".join(told[: told.index("as claimed")])
    for fact in ("0.1.0", "abc123", "Seed 7", "MiniStack 1", "Nothing of it was seen on AWS"):
        assert fact in first


def test_nothing_comes_from_outside() -> None:
    found = read(a_day())
    assert found.references == []
    assert not found.elements & {"script", "link", "img", "iframe"}
    assert not re.search(r"url\(|@import|https?:", page(a_day()))


def test_figures() -> None:
    told = text_of(a_day())
    assert "10.0 s 4 steps" in told
    assert "4.0 s 3 changes in flight" in told
    assert (late_told(a_day()), lost_told(a_day())) == ("3", "0")
    assert "unavailable until the return 2" in told, "late and listed are apart"
    assert "listed as a conflict 1" in told


@pytest.mark.parametrize("figure", ["late", "lost", "rto", "conflicts", "people"])
def test_what_an_outage_hides_is_unknown_and_never_zero(figure: str) -> None:
    drill, since = broken_off(), f"unknown since {clock(CUT)} UTC"
    told = text_of(drill)
    shown = {
        "late": f"{since} changes unavailable until the return",
        "lost": f"{since} changes lost",
        "rto": f"{since} RTO",
        "conflicts": f"{since} conflicts listed",
        "people": f"for good {since}",
    }
    assert shown[figure] in told
    assert " 0 " not in " ".join(told_of(drill))


def test_a_drill_that_broke_off_says_so_and_begins_no_more() -> None:
    told = text_of(broken_off())
    assert "not as claimed" in told
    assert "Broke off in “Two”" in told
    assert "not within 300 s: somebody" in told


def test_a_claim_that_failed_is_in_words_and_not_only_in_a_colour() -> None:
    played = [Played("One", "", (Claim("so it is", False, "0 of 1"),), START, CUT)]
    told = text_of(a_day(played=played))
    assert "✗ failed so it is 0 of 1" in told
    assert "1 of 1 claims did not hold" in told


def test_hostile_names_are_text() -> None:
    hostile = replace(BEFORE[0], who=HOSTILE, at=CUT + 70)
    drill = a_day(
        changes=[hostile],
        played=[Played(HOSTILE, HOSTILE, (Claim(HOSTILE, True, HOSTILE),), START, CUT)],
        moments=[Moment("A", CUT, AWAY, HOSTILE)],
        commands=[Command(HOSTILE, CUT, 1.0, 0)],
        conflicts=[(HOSTILE, HOSTILE, HOSTILE)],
        unknown=[(HOSTILE, HOSTILE, HOSTILE)],
        losses=[HOSTILE],
        not_shown=[HOSTILE],
    )
    found = read(drill)
    assert "script" not in found.elements
    assert sum(HOSTILE in text for text in found.texts) >= 10


def test_the_drawing_is_told_in_words_beside_it() -> None:
    found = read(a_day())
    assert {"svg", "title", "desc"} <= found.elements
    told = " ".join(found.texts)
    for moment in a_day().moments:
        assert told.count(moment.text) >= 2, "in the drawing's title, and in the table"


def test_a_drill_without_a_cut_can_be_drawn() -> None:
    drill = a_day(cut=None, healed=None, spans=[], moments=[], rpo=UnknownSince(START, ""), fate={})
    assert rpo_told(drill.rpo) == f"unknown since {clock(START)} UTC"
    assert "<svg" in page(drill)
