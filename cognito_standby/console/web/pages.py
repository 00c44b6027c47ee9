"""The pages that only show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from cognito_standby.console.domain.curve import curve
from cognito_standby.console.services.orders import NO_RUNS
from cognito_standby.console.services.overview import LagDrawn
from cognito_standby.console.services.paths import Path, Paths
from cognito_standby.console.services.people import find, known
from cognito_standby.console.services.reach import Opened, Seen
from cognito_standby.console.services.rehearsals import Rehearsal, rehearsals
from cognito_standby.console.web.site import Given, Site, query_of
from cognito_standby.console.web.words import ROWS, refused_credentials
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.failures.domain.executions import FAILED, Execution, ExecutionStatus
from cognito_standby.failures.domain.letter_reader import parse_letter
from cognito_standby.failures.domain.letters import Letter
from cognito_standby.operator.ports import Envelope
from cognito_standby.operator.services.context import Unreachable, told
from cognito_standby.reconciliation.domain.drift_report import TrendPoint
from cognito_standby.reconciliation.report.chart import NARROW, chart
from cognito_standby.reconciliation.report.html import NOTHING, Html
from cognito_standby.reconciliation.services.reports import Kept, newest, read_page
from cognito_standby.reconciliation.services.reports import find as find_report

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_REPORTS = 20
_SHOWN = 40
"""Executions of one kind on a page."""

REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups; frame-ancestors 'none'"
)
"""Of a report's page, which is a file of a bucket: it may look like something, and do nothing."""


@dataclass(frozen=True)
class Listed:
    """What one Region answered to a list; `trouble`: why it did not."""

    region: str
    number: int = 0
    letters: Sequence[tuple[Envelope, Letter]] = ()
    running: Sequence[Execution] = ()
    failed: Sequence[Execution] = ()
    ended: Sequence[Execution] = ()
    reports: Sequence[Kept] = ()
    rehearsals: Sequence[Rehearsal] = ()
    trouble: str = ""


class Pages:
    """Their handlers."""

    def __init__(self, site: Site) -> None:
        self._site, self._looks = site, site.looks
        self._paths = Paths(site.looks.seconds)

    @property
    def routes(self) -> list[BaseRoute]:
        """Everything that is reached by an address, and one form that changes nothing."""
        site = self._site
        return [
            Route("/", self._overview),
            site.live("/", self._overview_part),
            Route("/letters", self._letters),
            Route("/executions", self._executions),
            Route("/execution", self._execution),
            site.live("/execution", self._execution_part),
            Route("/people", self._people),
            site.posted("/people", self._search, changes=False),
            Route("/person", self._person),
            site.posted("/person", self._person_clear, changes=False),
            Route("/reports", self._reports),
            Route("/report", self._report),
        ]

    def _overview(self, request: Request) -> Response:
        """What was seen last, at once: the browser is told what is new by and by."""
        return self._site.page("overview.html", request, part=self._told(request), meanings=ROWS)

    def _overview_part(self, request: Request) -> Markup:
        self._looks.fresh()
        return self._told(request)

    def _told(self, request: Request) -> Markup:
        last = self._looks.last
        return self._site.rendered(
            "parts/overview.html",
            request,
            overview=last,
            refused=refused_credentials(last.views) if last else "",
            curve=_curve,
            chart=_chart,
        )

    def _letters(self, request: Request) -> Response:
        listed = self._looks.each(_letters_of)
        return self._site.page("letters.html", request, listed=listed)

    def _executions(self, request: Request) -> Response:
        listed = self._looks.each(_executions_of)
        return self._site.page("executions.html", request, listed=listed, shown=_SHOWN)

    def _execution(self, request: Request) -> Response:
        part = self._execution_part(request)
        return self._site.page("execution.html", request, part=part)

    def _execution_part(self, request: Request) -> Markup:
        asked = query_of(request)
        arn, region = asked.one("arn"), asked.one("region")
        opened = self._opened(region)
        values: dict[str, object] = {"arn": arn, "region": region, "trouble": "", "found": None}
        try:
            if isinstance(opened, Unreachable):
                values["trouble"] = f"{region} does not answer: {opened.reason}"
            else:
                values |= _path(self._paths.of(opened, arn))
        except StandbyError as error:
            self._looks.doubt(region)
            values["trouble"] = told(error)
        return self._site.rendered("parts/execution.html", request, **values)

    def _people(self, request: Request) -> Response:
        return self._site.page("people.html", request, asked="", found=None, clear=False)

    def _search(self, request: Request, given: Given) -> Response:
        """By a form, so that no address has a name in it."""
        asked = given.one("who")
        if not asked:
            return self._people(request)
        found = find(self._looks, asked)
        return self._site.page("people.html", request, asked=asked, found=found, clear=False)

    def _person(self, request: Request) -> Response:
        return self._one(request, query_of(request).one("sub"), clear=False)

    def _person_clear(self, request: Request, given: Given) -> Response:
        return self._one(request, given.one("sub"), clear=True)

    def _one(self, request: Request, sub: str, *, clear: bool) -> Response:
        if not sub:
            return self._people(request)
        found = known(self._looks, sub)
        return self._site.page("people.html", request, asked=sub, found=found, clear=clear)

    def _reports(self, request: Request) -> Response:
        listed = self._looks.each(_reports_of)
        return self._site.page("reports.html", request, listed=listed, chart=_chart)

    def _report(self, request: Request) -> Response:
        asked = query_of(request)
        opened, run = self._opened(asked.one("region")), asked.one("run")
        try:
            page = b"" if isinstance(opened, Unreachable) else _report_page(opened, run)
        except StandbyError as error:
            self._looks.doubt(asked.one("region"))
            return self._site.refusal(request, 502, told(error))
        if not page:
            return self._site.refusal(request, 404, f"There is no page of a run {run}.")
        return HTMLResponse(page, headers={"content-security-policy": REPORT_POLICY})

    def _opened(self, region: str) -> Opened:
        if region not in self._looks.reach.regions:
            return Unreachable(region, "it is none of this installation's Regions")
        return self._looks.opened(region)


def _curve(lag: LagDrawn) -> Html:
    points = [(each.at, each.p50, each.p99) for each in lag.points]
    return curve(points, lag.since, lag.until) if points else NOTHING


def _chart(points: Sequence[TrendPoint]) -> Html:
    return chart(points, NARROW)


def _letters_of(opened: Opened) -> Listed:
    """However many there are: one count, and one look at the first."""
    if isinstance(opened, Unreachable):
        return Listed(opened.region, trouble=opened.reason)
    try:
        number = opened.context.letters.count()
        some = opened.context.letters.peek() if number else ()
    except StandbyError as error:
        return Listed(opened.region, trouble=told(error))
    letters = [(each, parse_letter(each.body, each.attributes)) for each in some]
    return Listed(opened.region, number, letters)


def _executions_of(opened: Opened) -> Listed:
    """A list for each machine and state; the ended ones of the last hour."""
    if isinstance(opened, Unreachable):
        return Listed(opened.region, trouble=opened.reason)
    executions, now = opened.context.executions, opened.context.clock.now()
    try:
        running = executions.recent(ExecutionStatus.RUNNING, now - _DAY)
        failed = [each for how in FAILED for each in executions.recent(how, now - _DAY)]
        ended = executions.recent(ExecutionStatus.SUCCEEDED, now - _HOUR)
    except StandbyError as error:
        return Listed(opened.region, trouble=told(error))
    failed.sort(key=lambda each: each.started_at, reverse=True)
    return Listed(opened.region, running=running, failed=failed, ended=ended)


def _path(path: Path | None) -> dict[str, object]:
    if path is None:
        return {"trouble": "there is no such execution: Step Functions keeps them for 90 days"}
    comments = path.machine.states if path.machine else {}
    return {"found": path.found, "trace": path.trace, "drawn": path.drawn, "comments": comments}


def _reports_of(opened: Opened) -> Listed:
    if isinstance(opened, Unreachable):
        return Listed(opened.region, trouble=opened.reason)
    runs = opened.context.runs
    if runs is None:
        return Listed(opened.region, trouble=NO_RUNS)
    try:
        found = newest(runs.files, _REPORTS)
        return Listed(opened.region, reports=found, rehearsals=rehearsals(runs.files))
    except StandbyError as error:
        return Listed(opened.region, trouble=told(error))


def _report_page(opened: Seen, run: str) -> bytes:
    runs = opened.context.runs
    kept = find_report(runs.files, run) if runs is not None and run else None
    return read_page(runs.files, kept.page) if runs is not None and kept is not None else b""
