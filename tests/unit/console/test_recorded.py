"""The recording's windows: what the browser showed is in them, as text."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.screenshots.frames import HEIGHT, WIDTH, film, taken
from tests.unit.console.console_world import ConsoleWorld


def test_a_window_is_traced_as_it_was_seen(page: Page, world: ConsoleWorld) -> None:
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto(f"http://127.0.0.1:{world.keys.port}/")
    page.wait_for_selector("dl")
    frame = taken(page, "what is told", click="a[href='/letters']")
    drawn = re.sub(r"<[^>]+>", " ", film([frame], "a title", 0))
    for text in ("standby console", "Both Regions", "Dead letters", "● active", "○ standby"):
        assert text in drawn
    assert "Skip to the content" not in drawn, "nobody saw it"
    rings = [piece for piece in frame.pieces if "#e8590c" in piece[1]]
    assert len(rings) == 1, "what is clicked next"
    layers = {layer for layer, _, markup in frame.pieces if markup.startswith("<text")}
    boxes = {layer for layer, _, markup in frame.pieces if markup.startswith("<rect")} - {200}
    assert max(boxes) < min(layers), "no box hides a text"
