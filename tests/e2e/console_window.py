"""A console of a running installation, and a browser's window that was let into it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from cognito_standby.cli.commands.console import reach_of
from cognito_standby.cli.locate import LocationOptions, locate
from cognito_standby.console.services.jobs import Jobs
from cognito_standby.console.services.looks import Looks
from cognito_standby.console.web.app import Server, bound, console_app
from cognito_standby.console.web.guard import Keys
from cognito_standby.console.web.site import Site
from cognito_standby.core.adapters.system import SystemClock
from local.console.beside import DEMO, DemoPages
from local.console.demo import Demo
from local.remote import RemoteStage
from tests.browser import PATIENCE, enter, patient


@dataclass
class Window:
    """`base`: where the console is. Waits are the browser's, with its patience of minutes."""

    page: Page
    base: str

    def open(self, path: str) -> None:
        """Go to one of its pages."""
        self.page.goto(self.base + path)

    def follow(self, link: str) -> None:
        """Click the first link of that name, which a renewal may replace under the mouse."""
        self.page.get_by_role("link", name=link).first.click()

    def shows(self, text: str, where: str = "main") -> None:
        """Wait until it does."""
        expect(self.page.locator(where).first).to_contain_text(text, timeout=PATIENCE)

    def done(self, button: str, **typed: str) -> str:
        """A yes to the question that is shown; what came of it."""
        self.yes(button, **typed)
        return self.outcome()

    def yes(self, button: str, **typed: str) -> None:
        """Say it, and see that it goes on."""
        for label, text in typed.items():
            self.page.get_by_label(label.replace("_", " ")).fill(text)
        self.page.locator("button.go", has_text=button).click()
        self.page.wait_for_url("**/job?id=*")

    def outcome(self) -> str:
        """What came of it, once it has ended."""
        verdict = self.page.locator(".verdict")
        # A failover on a machine that others use, too, reconciles for minutes.
        expect(verdict).not_to_contain_text("Goes on", timeout=2 * PATIENCE)
        return verdict.inner_text()


@contextmanager
def window_of(
    browser: Browser, stage: RemoteStage, folder: Path, command: str = ""
) -> Iterator[Window]:
    """The console beside `make up`, in this process, with everything that it may do. `command`: how
    it calls the command, if not by the stage's file."""
    path = folder / "outputs.json"
    stage.outputs.write(path)
    options = LocationOptions(outputs=path)
    reach = reach_of(locate(options, path.parent, {}), options)
    reach = replace(reach, command=command or reach.command)
    listening, clock = bound(0), SystemClock()
    keys = Keys(listening.getsockname()[1])
    looks = Looks(reach, seconds=time.monotonic, now=clock.now)
    site = Site(looks, Jobs(clock.now), keys, True, (DEMO,), ("local.console",))
    demo = DemoPages(site, Demo(stage))
    server = Server(console_app(site, lambda _: demo.routes), listening)
    thread = server.start()
    page = patient(browser.new_context()).new_page()
    enter(page, keys.address)
    try:
        yield Window(page, keys.address.split("/enter/", maxsplit=1)[0])
    finally:
        page.close()
        server.stop()
        thread.join(10)
