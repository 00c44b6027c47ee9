"""A real browser for tests: Chromium as the machine has it, run by Playwright.

Where there is none its tests are skipped, and say so; `NEED_BROWSER=1` makes that a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 400_000
"""Milliseconds, of everything that is waited for: others may use the machine, too."""
SIZES = {"desk": (1440, 900), "phone": (390, 844)}


def chromium() -> str:
    """Where it is; skips, or fails, where it is not."""
    named = os.environ.get("CHROMIUM", "")
    found = named or next((path for name in _NAMES if (path := shutil.which(name))), "")
    if found:
        return found
    why = "no Chromium on this machine: install it (Debian: chromium), or name it by CHROMIUM"
    if os.environ.get("NEED_BROWSER"):
        pytest.fail(why)
    pytest.skip(why)


def patient(context: BrowserContext) -> BrowserContext:
    """The same, which waits for long."""
    context.set_default_timeout(PATIENCE)
    context.set_default_navigation_timeout(PATIENCE)
    return context


def enter(page: Page, address: str) -> None:
    """Open the address that a console printed, and wait for the page that it leads to.

    It answers with a page that opens the next by itself: who opens another one meanwhile is
    interrupted by it.
    """
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_load_state("load")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """One Chromium. While it runs, this thread has an event loop: no `asyncio.run` beside it."""
    path = chromium()
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, timeout=PATIENCE)
        try:
            yield made
        finally:
            made.close()


def findings(page: Page) -> list[str]:
    """What axe finds wrong with a page: rule, and where."""
    if not AXE.exists():
        pytest.skip("node_modules/axe-core is missing: make test installs it")
    page.evaluate(AXE.read_text())
    found: Any = page.evaluate("async () => (await axe.run()).violations")
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


def too_wide(page: Page) -> int:
    """By how many pixels a page is wider than the window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
