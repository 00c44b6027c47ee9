"""A furnished console, and a browser that was let into it, for what runs in one.

One browser for all of them: to start it costs more than any of the tests."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from cognito_standby.console.web.app import Server, bound
from tests.browser import enter, patient, running_browser
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.console.furnished import furnish


@contextmanager
def served(world: ConsoleWorld, on: socket.socket) -> Iterator[None]:
    """Until it is left."""
    server = Server(world.app, on)
    thread = server.start()
    try:
        yield
    finally:
        server.stop()
        thread.join(60)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as made:
        yield made


@contextmanager
def furnished(browser: Browser, *, beside: bool = False) -> Iterator[ConsoleWorld]:
    """A served console with something of everything; `beside`: its jobs run beside the pages. A
    browser first: without one nothing is served."""
    del browser
    listening = bound(0)
    made = ConsoleWorld(port=listening.getsockname()[1], beside=beside)
    furnish(made)
    with served(made, listening):
        yield made


@contextmanager
def let_in(browser: Browser, world: ConsoleWorld) -> Iterator[BrowserContext]:
    """Somebody who opened the address that was printed, and has that page."""
    context = patient(browser.new_context())
    page = context.new_page()
    enter(page, world.keys.address)
    assert page.url == f"http://127.0.0.1:{world.keys.port}/", "the token is in no address bar"
    yield context
    context.close()


def opened(page: Page, world: ConsoleWorld, path: str) -> None:
    """Go to one of its pages."""
    page.goto(f"http://127.0.0.1:{world.keys.port}{path}")


@pytest.fixture(scope="module")
def world(browser: Browser) -> Iterator[ConsoleWorld]:
    with furnished(browser) as made:
        yield made


@pytest.fixture(scope="module")
def entered(browser: Browser, world: ConsoleWorld) -> Iterator[BrowserContext]:
    with let_in(browser, world) as context:
        context.pages[0].close()
        yield context


@pytest.fixture
def page(entered: BrowserContext) -> Iterator[Page]:
    made = entered.new_page()
    errors: list[str] = []
    made.on("console", lambda each: errors.append(each.text) if each.type == "error" else None)
    made.on("pageerror", lambda each: errors.append(str(each)))
    yield made
    made.close()
    assert not [each for each in errors if "400 (Bad Request)" not in each], errors
