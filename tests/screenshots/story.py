"""What the recording of the console shows, done in its pages on a stage of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import expect

from local.demo.people import Crowd, Person
from local.remote import RemoteStage
from tests.browser import PATIENCE
from tests.e2e.conftest import until, until_confirmed
from tests.e2e.console_window import Window
from tests.screenshots.frames import Frame, taken

NAMES = ("Ada Lovelace", "Alan Turing", "Barbara Liskov", "Edsger Dijkstra", "Kathleen Booth")
"""Who is there before it begins."""
_WHO = "Grace Hopper"
_TARGET, _ROLE = "The Region that takes over", "The role by which it is done"
_SEE, _GO = "a[href^='/execution?']", "button.go"
_LOOK_MILLISECONDS = 2500
"""A page that renews itself has done so by then, where nobody else uses the machine."""
_SCROLL = """(top) => window.scrollTo(0, top
    ? document.querySelector(top).getBoundingClientRect().top + window.scrollY - 14 : 0)"""


@dataclass
class Story:
    """One installation in one window, and the frames so far."""

    stage: RemoteStage
    window: Window
    frames: list[Frame] = field(default_factory=list)

    def prepare(self) -> None:
        """Some people, and both pools compared: an installation that is in use."""
        crowd = Crowd(self.stage, self.stage.outputs.primary, "username")
        for number, name in enumerate(NAMES):
            person = Person(f"before{number}", f"before{number}@example.org", name)
            until_confirmed(self.stage, crowd.sign_up(person))
        asked = [self._compared(region) for region in self._regions]
        for place in asked:
            self.window.open(place)
            expect(self.window.page.locator(".verdict")).to_contain_text("Done", timeout=PATIENCE)

    def _compared(self, region: str) -> str:
        """Begun; where it is followed."""
        page = self.window.page
        self.window.open(f"/do/reconcile?region={region}")
        page.locator("button.go").click()
        page.wait_for_url("**/job?id=*")
        return page.url.removeprefix(self.window.base)

    def play(self) -> None:
        """From two Regions that are well to the other one active."""
        self._overview("✓ WELL")
        self._take("Both Regions side by side: who is active, and what waits for somebody", 4.5)
        self._sign_up()
        self._refuse()
        self._redrive()
        self._go_dark()
        self._fail_over()

    @property
    def _regions(self) -> tuple[str, str]:
        return self.stage.outputs.primary.region, self.stage.outputs.backup.region

    def _take(self, told: str, seconds: float = 3.0, click: str = "", top: str = "") -> None:
        """One frame more. `click`: what is clicked next; `top`: what is at the upper edge."""
        self.window.page.wait_for_load_state("load")
        self.window.page.evaluate(_SCROLL, top)
        self.frames.append(taken(self.window.page, told, seconds, click))

    def _overview(self, verdict: str) -> None:
        self.window.open("/")
        self.window.shows(verdict, "#live .verdict h2")

    def _sign_up(self) -> None:
        primary, page = self._regions[0], self.window.page
        self.window.open("/demo")
        page.get_by_label("Their name").fill(_WHO)
        self._take(f"Somebody signs up in {primary}, as in an app", click="form[action$=up] button")
        page.get_by_role("button", name="Sign them up").click()
        self.window.shows(f"✓ in {primary}", "#live .cards")
        self._take("She is in the active pool, and on her way", 2.0, top="#travel")
        self.window.shows("in both within", "#live .cards")
        self._take("Seconds later she is in the other Region, too", top="#travel")

    def _refuse(self) -> None:
        page = self.window.page
        self._break(
            f"Cognito refuses every write in {self._regions[1]}",
            "Something breaks: the standby's Cognito refuses every write",
        )
        page.get_by_role("button", name="Change their name").first.click()
        self.window.shows("has the name before", "#live .cards")
        self._take("She is renamed, and that does not arrive", top="#faults")
        self._open_once("/letters", "See where it failed")
        self._take("A dead letter: work that gave up, and waits for a person", click=_SEE)
        self.window.follow("See where it failed")
        self.window.shows("It failed in", ".verdict")
        self._take("Where it failed and why", 4.5)

    def _redrive(self) -> None:
        self._mend()
        self.window.open("/letters")
        self._take("The cause is mended. So redrive it …", click="a[href^='/do/redrive']")
        self.window.follow("Redrive all")
        self.window.page.wait_for_url("**/do/redrive?*")
        self._take("… after a question, which says the command that would do the same", click=_GO)
        self.window.done("Redrive")
        self._take("It went on from the state that had failed")

    def _go_dark(self) -> None:
        primary = self._regions[0]
        self._break(f"{primary} goes dark", f"The day of the outage: {primary} goes dark")
        self._overview("✕ BROKEN")
        way = "a[href*='mode=outage']"
        self._take("Nobody can sign in. What to do about it is one click away", 4.5, click=way)

    def _fail_over(self) -> None:
        primary, backup = self._regions
        page = self.window.page
        self.window.follow("Its checks")
        page.wait_for_url("**/do/failover?*")
        self._take("Its checks first: what was seen, and what would be lost", 4.5)
        role = page.locator("label code").nth(1).inner_text()
        page.get_by_label(_TARGET).fill(backup)
        page.get_by_label(_ROLE).fill(role)
        self._take("The Region and the role are typed, word for word", click=_GO, top="form")
        told = self.window.done(f"Make {backup}", **{_TARGET: backup, _ROLE: role})
        assert f"{backup} is active" in told, told
        self._take("Done in one go, with what to do next", 3.5)
        self._overview("DEGRADED")
        self._take(f"{backup} is active, and lets people in", 4.0)
        self._mend()
        self._until(lambda: "dark" not in page.inner_text("#live"), "/")
        self._take(f"{primary} is back, and stands by until it is its turn again", 5.0)

    def _break(self, fault: str, told: str) -> None:
        page = self.window.page
        self.window.open("/demo")
        page.get_by_label(fault).check()
        self._take(told, click="form[action$=fault] button")
        page.get_by_role("button", name="Break it").click()
        self.window.shows("struck", "#live")

    def _mend(self) -> None:
        page = self.window.page
        self.window.open("/demo")
        page.get_by_role("button", name="End it").first.click()
        self.window.shows("✓ Nothing", "#live")

    def _open_once(self, path: str, text: str) -> None:
        """A page that does not renew itself, once it has that."""
        self._until(lambda: self.window.page.get_by_text(text).count() > 0, path)

    def _until(self, check: Callable[[], bool], path: str) -> None:
        def seen() -> bool:
            self.window.open(path)
            self.window.page.wait_for_timeout(_LOOK_MILLISECONDS)
            return check()

        until(f"{path} shows it", seen)
