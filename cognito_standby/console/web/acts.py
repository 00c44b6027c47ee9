"""The pages that ask, and what is done after a yes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from cognito_standby.console.services import conflicts, failing_over, orders
from cognito_standby.console.services.jobs import JobState, Tell, Work
from cognito_standby.console.services.jobs import Outcome as JobOutcome
from cognito_standby.console.services.orders import Asked
from cognito_standby.console.web.site import Given, Site, query_of
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.domain.timespan import moment_of
from cognito_standby.operator.services.context import told
from cognito_standby.recovery.domain.checks import NAMES, Outcome
from cognito_standby.recovery.domain.requests import FailoverMode

_SEE_OTHER = 303
_WORST_FIRST = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED)
_TYPED = "typed-"
"""Begins the names of fields in which something has to be typed."""


class Acts:
    """Their handlers. A question is made anew when its answer comes: what was in the way then may
    be gone, and the other way round."""

    def __init__(self, site: Site) -> None:
        self._site, self._looks = site, site.looks
        self._kinds: dict[str, Callable[[Given], Asked]] = {
            "redrive": self._redrive,
            "resend": self._resend,
            "reconcile": self._reconcile,
            "approve": lambda given: self._answer(given, approved=True),
            "reject": lambda given: self._answer(given, approved=False),
            "undelete": lambda given: orders.undelete(self._looks, given.one("sub")),
            "decide": self._decide,
            "keep": lambda given: conflicts.keep_all(
                self._looks, self._region(given), given.one("weight")
            ),
            "failover": self._failover,
            "abort": lambda given: failing_over.abort(self._looks, self._region(given, "to")),
        }

    @property
    def routes(self) -> list[BaseRoute]:
        """A question and a form for each kind."""
        site = self._site
        return [
            Route("/do", self._list),
            site.live("/do", self._list_part),
            Route("/jobs", self._jobs),
            Route("/job", self._job),
            site.live("/job", self._job_part),
            Route("/do/{kind}", self._ask),
            site.posted("/do/{kind}", self._do),
        ]

    def _list(self, request: Request) -> Response:
        return self._site.page("do.html", request, part=self._ways(request))

    def _list_part(self, request: Request) -> Markup:
        self._looks.fresh()
        return self._ways(request)

    def _ways(self, request: Request) -> Markup:
        """Where a failover could go, by the last look, at once: the page is told what is new."""
        last = self._looks.last
        ways = failing_over.offers(self._looks.reach.regions, last.views if last else ())
        return self._site.rendered("parts/do.html", request, ways=ways, last=last)

    def _ask(self, request: Request) -> Response:
        return self._question(request, query_of(request), 200, ())

    def _question(
        self, request: Request, given: Given, status: int, mistyped: tuple[str, ...]
    ) -> Response:
        asked = self._asked(request, given)
        if isinstance(asked, str):
            return self._site.refusal(request, 400, asked)
        return self._site.page(
            "ask.html",
            request,
            status,
            asked=asked,
            kind=request.path_params["kind"],
            fields=[(n, v) for n, vs in given.values.items() if _carried(n) for v in vs],
            accepted=given.all("accept"),
            mistyped=mistyped,
            typed_prefix=_TYPED,
            worst_first=_WORST_FIRST,
        )

    def _do(self, request: Request, given: Given) -> Response:
        asked = self._asked(request, given)
        if isinstance(asked, str):
            return self._site.refusal(request, 400, asked)
        known = self._site.jobs.find(given.one("id"))
        if known is None and (asked.refused or asked.work is None):
            return self._question(request, given, 409, ())
        wrong = tuple(n for n, text in asked.typed.items() if given.one(_TYPED + n) != text)
        if wrong:
            return self._question(request, given, 422, wrong)
        if not given.one("id"):
            return self._site.refusal(request, 400, "That form has no id: open it anew.")
        if asked.work is not None and known is None:
            self._looks.forget()
            work = self._doubting(asked.work)
            self._site.jobs.start(given.one("id"), asked.title, asked.command, work)
        return RedirectResponse(f"/job?id={given.one('id')}", _SEE_OTHER)

    def _doubting(self, work: Work) -> Work:
        """What did not come to its end may have been refused: what is asked for next is asked by
        credentials that are asked for anew."""

        def doubting(tell: Tell) -> JobOutcome:
            done = False
            try:
                outcome = work(tell)
                done = outcome.state is JobState.DONE
                return outcome
            finally:
                if not done:
                    self._looks.doubt()

        return doubting

    def _asked(self, request: Request, given: Given) -> Asked | str:
        """The question, or why there is none."""
        kind = self._kinds.get(request.path_params["kind"])
        if kind is None:
            return "There is no such action."
        try:
            asked = kind(given)
        except StandbyError as error:
            self._looks.doubt()
            return told(error)
        except ValueError as error:
            return str(error)
        if asked.refused:
            self._looks.doubt()
        return asked

    def _jobs(self, request: Request) -> Response:
        return self._site.page("jobs.html", request, jobs=self._site.jobs.all, states=JobState)

    def _job(self, request: Request) -> Response:
        if self._site.jobs.find(query_of(request).one("id")) is None:
            return self._site.refusal(request, 404, "There is no such job in this console.")
        return self._site.page("job.html", request, part=self._job_part(request))

    def _job_part(self, request: Request) -> Markup:
        job = self._site.jobs.find(query_of(request).one("id"))
        return self._site.rendered("parts/job.html", request, job=job, states=JobState)

    def _redrive(self, given: Given) -> Asked:
        return orders.redrive(self._looks, self._region(given), given.one("execution"))

    def _resend(self, given: Given) -> Asked:
        region, since = self._region(given), given.one("since") or "2h"
        return orders.resend_events(self._looks, region, since, _moment)

    def _reconcile(self, given: Given) -> Asked:
        return orders.reconcile(self._looks, self._region(given), dry_run=bool(given.one("dry")))

    def _answer(self, given: Given, *, approved: bool) -> Asked:
        run = given.one("run")
        if not run:
            raise ValueError("say which run")
        return orders.answer_run(self._looks, self._region(given), run, approved=approved)

    def _decide(self, given: Given) -> Asked:
        subject, word, kind = (given.one(name) for name in ("subject", "decision", "kind"))
        if not subject or word not in ("keep", "take"):
            raise ValueError("say which conflict, and keep or take")
        return conflicts.decide(
            *(self._looks, self._region(given), subject, kind),
            taken=word == "take",
            stamp=given.one("stamp"),
        )

    def _failover(self, given: Given) -> Asked:
        accepted = frozenset(given.all("accept")) & frozenset(NAMES)
        mode = FailoverMode(given.one("mode"))
        return failing_over.failover(self._looks, self._region(given, "to"), mode, accepted)

    def _region(self, given: Given, name: str = "region") -> str:
        region = given.one(name)
        if region not in self._looks.reach.regions:
            raise ValueError(f"say which Region: one of {', '.join(self._looks.reach.regions)}")
        return region


def _carried(name: str) -> bool:
    """Fields that a question hands on to its answer."""
    return name not in ("form_key", "id", "accept") and not name.startswith(_TYPED)


def _moment(text: str) -> datetime:
    return moment_of(text, datetime.now(UTC))
