"""The recording of the demo plays by itself where nothing may run or be loaded, as in a README."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from rich.console import Console
from rich.table import Table

from tests.screenshots.moving import WINDOW, Step, Written, moving, steps_of
from tests.screenshots.recording import Timed

SVG = "{http://www.w3.org/2000/svg}"


def _drawn(rows: int) -> str:
    told = Timed()
    console = Console(record=True, width=60, file=told)
    for number in range(rows - 5):
        console.print(f"  [green]✓[/] row {number} <&> of us-east-1")
    table = Table("a", "b")
    table.add_row("1", "[bold]the end[/]")
    console.print(table)
    return moving(console, told.written)


def test_long_pauses_are_shortened_and_the_order_is_kept() -> None:
    told = [Written(0.1, 1), Written(60.0, 2), Written(60.0, 2), Written(60.01, 12)]
    assert steps_of(told) == [Step(0.3, 1), Step(1.7, 2), Step(1.95, 12)]


def test_every_row_appears_at_its_time_and_the_window_follows() -> None:
    rows = WINDOW + 10
    picture = ET.fromstring(_drawn(rows))  # noqa: S314 - our own
    roll = picture.find(f"{SVG}svg/{SVG}g")
    assert roll is not None
    said = ["".join(each.itertext()) for each in roll]
    assert len(said) == rows - 5 + 1, "a step a print"
    assert "row\xa00<&>" in said[0]
    assert "the\xa0end" in said[-1]
    style = picture.findtext(f"{SVG}style") or ""
    times = [float(each) for each in re.findall(r"opacity:0}([\d.]+)%", style)]
    assert times == sorted(times)
    assert len(times) == len(said)
    assert "translateY(-244px)" in style.split("@keyframes roll")[1], "ten rows have gone by"


def test_nothing_runs_and_nothing_is_loaded() -> None:
    text = _drawn(WINDOW)
    assert not re.findall(r"<script|<image|<foreignObject|\bon\w+=|href|url\(|@import", text)
    assert re.findall(r"https?://[^\"' )]+", text) == ["http://www.w3.org/2000/svg"]
    assert "prefers-reduced-motion" in text
    assert len(_drawn(80)) < 100_000
