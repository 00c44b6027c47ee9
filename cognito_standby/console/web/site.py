"""What every page has: templates, forms, refusals, and how it is kept up to date."""

from __future__ import annotations

import json
import secrets
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hmac import compare_digest
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import anyio
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from cognito_standby.console.services.jobs import Jobs
from cognito_standby.console.services.looks import Looks
from cognito_standby.console.web.guard import Keys
from cognito_standby.console.web.words import FILTERS
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.moments import utc
from cognito_standby.operator.services.context import told

EVERY_SECONDS = 2.0
"""Between two looks of a page that is open."""
_RETRY_MILLISECONDS = 1000
"""How soon a browser asks again that was cut off."""
_LONGEST_FORM = 64 * 1024
_STREAMS_AT_ONCE = 8
"""Looks for open pages at the same time; who waits for one takes no thread from the other pages."""

Form = Mapping[str, Sequence[str]]
Handler = Callable[[Request, "Given"], Response]


@dataclass(frozen=True)
class Given:
    """A form, or the query of an address."""

    values: Form

    def one(self, name: str) -> str:
        """The last value of that name; "": none."""
        found = self.values.get(name, ())
        return found[-1].strip() if found else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of that name."""
        return tuple(self.values.get(name, ()))


@dataclass(frozen=True)
class Place:
    """An entry of the navigation."""

    path: str
    label: str


@dataclass(frozen=True)
class Site:
    """One console. `places`: what a module beside it adds to the navigation."""

    looks: Looks
    jobs: Jobs
    keys: Keys
    actions: bool = False
    places: tuple[Place, ...] = ()
    folders: tuple[str, ...] = ()
    """Packages with more templates."""
    _threads: anyio.CapacityLimiter = field(
        default_factory=lambda: anyio.CapacityLimiter(_STREAMS_AT_ONCE)
    )

    def rendered(self, name: str, request: Request, **values: Any) -> Markup:
        """What a template makes, to be put into another as it is."""
        text = (
            templates(self.folders)
            .get_template(name)
            .render(
                site=self,
                reach=self.looks.reach,
                path=request.url.path,
                query=request.url.query,
                now=self.looks.now(),
                form_key=self.keys.form,
                new_id=secrets.token_hex,
                **values,
            )
        )
        return Markup(text)  # noqa: S704 - of a template that escapes by itself

    def page(self, name: str, request: Request, status: int = 200, **values: Any) -> Response:
        """A whole page."""
        return HTMLResponse(self.rendered(name, request, **values), status)

    def refusal(self, request: Request, status: int, why: str) -> Response:
        """A page that says why not."""
        what = "That was not done" if request.method == "POST" else "That is not shown"
        return self.page("refusal.html", request, status, why=why, what=what)

    def posted(self, path: str, handler: Handler, *, changes: bool = True) -> Route:
        """A form's route: its key is asked for, and whether actions are allowed if it changes
        something."""

        async def serve(request: Request) -> Response:
            if changes and not self.actions:
                why = "This console is read-only: start it with --allow-actions."
                return await run_in_threadpool(self.refusal, request, 403, why)
            given = await _form(request)
            if given is None or not compare_digest(
                given.one("form_key").encode(), self.keys.form.encode()
            ):
                why = "That form is not of this console, or of one that has ended. Open it anew."
                return await run_in_threadpool(self.refusal, request, 403, why)
            return await run_in_threadpool(handler, request, given)

        return Route(path, serve, methods=["POST"])

    def live(self, path: str, part: Callable[[Request], Markup]) -> BaseRoute:
        """`/live` + path sends a part of the page at `path` whenever it has changed."""

        async def serve(request: Request) -> Response:
            def look() -> Awaitable[Markup]:
                return anyio.to_thread.run_sync(part, request, limiter=self._threads)

            parts = _parts(look, self.looks.now)
            return StreamingResponse(parts, media_type="text/event-stream")

        return Route(f"/live{path}", serve)


@cache
def templates(folders: tuple[str, ...]) -> Environment:
    """Everything that is shown is text, unless it was made as markup here. `folders`: packages with
    more of them."""
    loaders = [PackageLoader(each) for each in ("cognito_standby.console.web", *folders)]
    made = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= FILTERS
    return made


def query_of(request: Request) -> Given:
    """The query of an address."""
    values: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        values.setdefault(name, []).append(value)
    return Given(values)


async def _form(request: Request) -> Given | None:
    """None: it is too long, or no form."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LONGEST_FORM:
                return None
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
    except (ValueError, ClientDisconnect):
        return None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return Given(values)


async def _parts(
    look: Callable[[], Awaitable[Markup]], now: Callable[[], datetime]
) -> AsyncIterator[str]:
    """Until the browser is gone, which ends the response; a comment alone shows that it is. The id
    of what is sent is when it was made."""
    before, retry = "", f"retry: {_RETRY_MILLISECONDS}\n"
    while True:
        try:
            text = await look()
        except Exception as error:  # noqa: BLE001 - the page shows it, and the next look may be well
            before = ""
            yield f"{retry}event: broke\ndata: {json.dumps(breakage(error))}\n\n"
        else:
            news = f"data: {json.dumps(text)}" if text != before else ": unchanged"
            yield f"{retry}id: {utc(now())}\n{news}\n\n"
            before = text
        retry = ""
        await anyio.sleep(EVERY_SECONDS)


def breakage(error: Exception) -> str:
    """What broke and where, for whoever mends it. What an unforeseen error says can name people."""
    if isinstance(error, StandbyError):
        return told(error)
    *_, place = traceback.extract_tb(error.__traceback__)
    return f"It broke: {type(error).__name__}, {Path(place.filename).name} line {place.lineno}"
