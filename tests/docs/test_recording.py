"""The recordings play by themselves where nothing may run or be loaded, as in a README."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console
from rich.table import Table

from tests.docs.pages import ROOT, links
from tests.screenshots.frames import Frame, film
from tests.screenshots.moving import WINDOW, Step, Written, moving, steps_of
from tests.screenshots.recording import CONSOLE, DEMO, Timed

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


def _film(still: int = 0) -> str:
    title = (100, "font:700 25px s;fill:#000000", '<text x="1" y="2">Both &lt;Regions&gt;</text>')
    frames = [
        Frame("first & foremost", 2.0, [title, (1, "fill:#ffffff", "<rect/>")]),
        Frame("second", 3.0, [title, (100, "fill:#ff0000", "<text>dark</text>")]),
        Frame("third", 5.0, [(1, "fill:#ffffff", "<rect/>"), title]),
    ]
    return film(frames, 'A "recording" of <it>', still)


def _seen_at(picture: str, text: str) -> list[tuple[float, int]]:
    """When the group of a text appears and goes, in percent of the whole; none: it always stays."""
    name = re.findall(rf'<g class="(\w+)">(?:(?!<g).)*{re.escape(text)}', picture)[-1]
    rule = re.search(rf"@keyframes {name}{{(.*?}})}}", picture)
    steps = re.findall(r"([\d.]+)%{opacity:(\d)}", rule[1]) if rule else []
    return [(float(at), int(seen)) for at, seen in steps]


def test_what_windows_have_in_common_is_in_a_film_once_and_each_is_seen_at_its_time() -> None:
    picture = _film()
    ET.fromstring(picture)  # noqa: S314 - our own
    assert picture.count("Both &lt;Regions&gt;") == 1
    assert not _seen_at(picture, "Both"), "it stays"
    assert _seen_at(picture, "dark") == [(0, 0), (20, 1), (50, 0), (100, 0)]
    assert _seen_at(picture, "first &amp; foremost") == [(0, 1), (20, 0), (100, 0)]
    assert picture.index("<rect") < picture.index("Both"), "text is drawn over its box"


def test_a_film_without_motion_is_one_of_its_windows() -> None:
    for still, dark in ((0, 0), (1, 1)):
        picture = _film(still)
        (name,) = re.findall(r'<g class="(\w+)"><text[^>]*>dark', picture)
        assert f".{name}{{opacity:{dark};animation:" in picture
    assert "prefers-reduced-motion:reduce" in picture


@pytest.mark.parametrize("path", [DEMO, CONSOLE], ids=lambda path: str(path.name))
def test_a_recording_is_in_the_readme_and_plays_there(path: Path) -> None:
    text = path.read_text()
    ET.fromstring(text)  # noqa: S314 - our own
    assert len(text) < 1_000_000
    assert not re.findall(r"<script|<image|<foreignObject|\bon\w+=|href|@import", text)
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", text))
    assert text.count("@keyframes") > 10
    assert "prefers-reduced-motion" in text
    head = (ROOT / "README.md").read_text().split("\n## ")[0].split("**For whom.**")[0]
    assert str(path.relative_to(ROOT)) in list(links(head)), "it begins the README"


def test_the_recording_of_the_console_tells_the_whole_story() -> None:
    """What the README promises of it, in this order."""
    told = re.findall(r'<text[^>]* x="20"[^>]*>([^<]*)</text>', CONSOLE.read_text())
    story = (
        "Both Regions side by side",
        "signs up",
        "in the other Region",
        "refuses every write",
        "dead letter",
        "redrive it",
        "goes dark",
        "checks first",
        "is active, and lets people in",
    )
    at = [next(n for n, each in enumerate(told) if words in each) for words in story]
    assert at == sorted(at)
    assert "console/recording.svg" in list(links((ROOT / "docs" / "console.md").read_text()))
