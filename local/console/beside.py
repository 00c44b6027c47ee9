"""The page's routes, which the console mounts only here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from botocore.exceptions import BotoCoreError, ClientError
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from cognito_standby.console.web.pages import REPORT_POLICY
from cognito_standby.console.web.site import Given, Place, Site
from local.console.demo import Demo, broken, offered
from local.drill.command import REPORT
from local.faults import FaultError

DEMO = Place("/demo", "Try it")
_SEE_OTHER = 303
_LONGEST = 60
Act = Callable[[], object]


class DemoPages:
    """Their handlers."""

    def __init__(self, site: Site, demo: Demo) -> None:
        self._site, self._demo = site, demo

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """A page, and what it does."""
        site = self._site
        return [
            Route("/demo", self._page),
            Route("/demo/drill", self._drill),
            site.live("/demo", self._part),
            site.posted("/demo/sign-up", self._sign_up),
            site.posted("/demo/change", self._change),
            site.posted("/demo/fault", self._fault),
            site.posted("/demo/clear", self._clear),
        ]

    def _page(self, request: Request) -> Response:
        part, last = self._part(request), self._site.looks.last
        roles = {view.region: view.role for view in last.views} if last else {}
        return self._site.page(
            "demo.html", request, offered=offered(*self._by_role()), part=part, roles=roles
        )

    def _by_role(self) -> tuple[str, str]:
        """The Region that is active by the last look, and the other one."""
        last, (primary, backup) = self._site.looks.last, self._demo.names
        told = {view.active_region for view in last.views} if last else set()
        return (backup, primary) if told - {""} == {backup} else (primary, backup)

    def _part(self, request: Request) -> Markup:
        try:
            here, there = self._demo.names
            known = [*offered(here, there).values(), *offered(there, here).values()]
            faults = broken(self._demo.faults.state()["faults"], known)
            trouble = ""
        except FaultError as error:
            faults, trouble = [], str(error)
        return self._site.rendered(
            "parts/demo.html",
            request,
            travellers=self._demo.look(),
            faults=faults,
            trouble=trouble,
            regions=self._by_role(),
        )

    def _drill(self, request: Request) -> Response:
        """What `make drill` wrote; it may look like something, and do nothing."""
        if not REPORT.exists():
            why = "There is no report of a drill yet: make drill plays one, and writes it."
            return self._site.refusal(request, 404, why)
        return HTMLResponse(REPORT.read_text(), headers={"content-security-policy": REPORT_POLICY})

    def _sign_up(self, request: Request, given: Given) -> Response:
        name = given.one("name")[:_LONGEST] or "Ada Example"
        return self._tried(request, "travel", lambda: self._demo.sign_up(given.one("region"), name))

    def _change(self, request: Request, given: Given) -> Response:
        region, sub = given.one("region"), given.one("sub")
        return self._tried(request, "travel", lambda: self._demo.change(region, sub))

    def _fault(self, request: Request, given: Given) -> Response:
        chosen = offered(*self._by_role()).get(given.one("fault"))
        if chosen is None:
            return self._site.refusal(request, 400, "Say what is to break: the page offers it.")
        return self._tried(request, "faults", lambda: self._demo.faults.add(chosen.fault))

    def _clear(self, request: Request, given: Given) -> Response:
        number = given.one("number")
        return self._tried(
            request, "faults", lambda: self._demo.faults.clear(int(number) if number else None)
        )

    def _tried(self, request: Request, seen: str, act: Act) -> Response:
        """`seen`: the part of the page in which what follows is seen."""
        try:
            act()
        except ClientError as error:
            told = error.response.get("Error", {})
            why = f"It was refused: {told.get('Message') or told.get('Code')}"
            return self._site.refusal(request, 502, why)
        except (BotoCoreError, FaultError, KeyError, ValueError) as error:
            return self._site.refusal(request, 502, f"It was refused: {error}")
        return RedirectResponse(f"/demo#{seen}", _SEE_OTHER)
