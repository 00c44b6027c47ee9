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
from local.console.demo import Demo
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
        part = self._part(request)
        return self._site.page("demo.html", request, offered=self._demo.offered, part=part)

    def _part(self, request: Request) -> Markup:
        try:
            faults, trouble = self._demo.faults.state()["faults"], ""
        except FaultError as error:
            faults, trouble = [], str(error)
        return self._site.rendered(
            "parts/demo.html",
            request,
            travellers=self._demo.look(),
            faults=faults,
            trouble=trouble,
            last=self._site.looks.last,
        )

    def _drill(self, request: Request) -> Response:
        """What `make drill` wrote; it may look like something, and do nothing."""
        if not REPORT.exists():
            why = "There is no report of a drill yet: make drill plays one, and writes it."
            return self._site.refusal(request, 404, why)
        return HTMLResponse(REPORT.read_text(), headers={"content-security-policy": REPORT_POLICY})

    def _sign_up(self, request: Request, given: Given) -> Response:
        name = given.one("name")[:_LONGEST] or "Ada Example"
        return self._tried(request, lambda: self._demo.sign_up(given.one("region"), name))

    def _change(self, request: Request, given: Given) -> Response:
        region, sub = given.one("region"), given.one("sub")
        return self._tried(request, lambda: self._demo.change(region, sub))

    def _fault(self, request: Request, given: Given) -> Response:
        offered = self._demo.offered.get(given.one("fault"))
        if offered is None:
            return self._site.refusal(request, 400, "Say what is to break: the page offers it.")
        return self._tried(request, lambda: self._demo.faults.add(offered.fault))

    def _clear(self, request: Request, given: Given) -> Response:
        number = given.one("number")
        return self._tried(
            request, lambda: self._demo.faults.clear(int(number) if number else None)
        )

    def _tried(self, request: Request, act: Act) -> Response:
        try:
            act()
        except (BotoCoreError, ClientError, FaultError, KeyError, ValueError) as error:
            return self._site.refusal(request, 502, f"It was refused: {error}")
        return RedirectResponse("/demo", _SEE_OTHER)
