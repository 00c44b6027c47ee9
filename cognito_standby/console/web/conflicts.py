"""The pages of undecided conflicts. A subject is named by its hash, also in the address."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cognito_standby.console.services.conflicts import SHOWN, listed, shown, word_of
from cognito_standby.console.web.site import Given, Site, query_of
from cognito_standby.operator.domain.decisions import MEANINGS


class ConflictPages:
    """Their handlers."""

    def __init__(self, site: Site) -> None:
        self._site, self._looks = site, site.looks

    @property
    def routes(self) -> list[BaseRoute]:
        """A list, and one of them; its values by a form, as those of a person."""
        return [
            Route("/conflicts", self._list),
            Route("/conflict", self._conflict),
            self._site.posted("/conflict", self._conflict_clear, changes=False),
        ]

    def _list(self, request: Request) -> Response:
        answers = self._looks.each(listed)
        return self._site.page("conflicts.html", request, listed=answers, shown=SHOWN, word=word_of)

    def _conflict(self, request: Request) -> Response:
        return self._one(request, query_of(request).one("subject"), clear=False)

    def _conflict_clear(self, request: Request, given: Given) -> Response:
        return self._one(request, given.one("subject"), clear=True)

    def _one(self, request: Request, subject: str, *, clear: bool) -> Response:
        if not subject:
            return self._site.refusal(request, 400, "say which subject")
        found = shown(self._looks, subject)
        return self._site.page(
            "conflict.html",
            request,
            subject=subject,
            found=found,
            clear=clear,
            meanings=MEANINGS,
            word=word_of,
        )
