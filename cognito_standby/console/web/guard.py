"""Who may ask the pages, and what a browser may do with an answer. An ASGI app around the others.

The address that is printed has a token, good once: whoever brings it gets a cookie, which other
sites cannot make the browser send (SameSite=Strict) and scripts cannot read. Names of hosts that
lead to 127.0.0.1 by somebody's DNS are refused by the Host header, posts from elsewhere by the
Origin (OWASP, Cross-Site Request Forgery Prevention). Cookies know no ports, so the name has it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from threading import Lock

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ENTER = "/enter/"
"""Of the address that is printed, before the token."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not `no-referrer`: with that a browser says `Origin: null` of our own forms (Fetch standard).
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_READING = ("GET", "HEAD")
_ELSEWHERE = ("cross-site", "same-site")
"""Another port of this machine counts as the same site, and is somebody else's all the same."""
_USED = (
    "This address was used already, or is none. Open the console in the browser that used it, or "
    "start `standby console` again."
)
_AHEAD = ("sec-purpose", "purpose", "x-moz")
"""Headers by which a browser says that it loads something before anybody wants to see it."""
_WELL_KNOWN = 80
"""A port that browsers leave out."""
_ENTERED = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>standby console</title>'
    '<link rel="icon" href="/static/icon.svg">'
    '<meta http-equiv="refresh" content="0;url=/"></head>'
    '<body><p><a href="/">Go on to the console</a></p></body></html>'
)
"""No redirect: one that another site's link began would not send a strict cookie."""


@dataclass
class Keys:
    """The secrets of one console."""

    port: int
    _token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    form: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    """In each form, beside the cookie."""
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def address(self) -> str:
        """What is printed."""
        return f"http://127.0.0.1:{self.port}{ENTER}{self._token}"

    @property
    def cookie(self) -> str:
        """Its name."""
        return f"standby-console-{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """How this console may be called."""
        names = "127.0.0.1", "localhost"
        told = tuple(f"{name}:{self.port}" for name in names)
        return told + names if self.port == _WELL_KNOWN else told

    def exchange(self, token: str) -> bool:
        """Whether it is the token; from then on it is none."""
        with self._lock:
            fits = bool(self._token) and compare_digest(self._token.encode(), token.encode())
            if fits:
                self._token = ""
            return fits


class Guard:
    """Lets in who has the cookie, and says to browsers what they may load."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self._app, self._keys = app, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return  # no websockets
        refusal = self._refusal(scope)
        answer: ASGIApp = self._app if refusal is None else refusal
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await answer(scope, receive, guarded)
        except Exception:  # noqa: BLE001 - raised on, it is printed, with what it says of somebody
            if not begun:
                await PlainTextResponse("It broke.", 500)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        headers, method = Headers(scope=scope), scope["method"]
        if headers.getlist("host") not in [[host] for host in self._keys.hosts]:
            return PlainTextResponse("This console answers on 127.0.0.1 alone.", 421)
        if headers.get("sec-fetch-site") in _ELSEWHERE and not _navigates(headers, method):
            return PlainTextResponse("Another site asks: refused.", 403)
        if method not in _READING and headers.get("origin") != f"http://{headers['host']}":
            return PlainTextResponse("Another site asks: refused.", 403)
        if scope["path"].startswith(ENTER):
            return self._enter(Request(scope), method)
        if not self._known(Request(scope)):
            return PlainTextResponse(
                "Open the address that `standby console` printed: it lets this browser in.", 401
            )
        return None

    def _enter(self, request: Request, method: str) -> Response:
        if any("prefetch" in request.headers.get(name, "") for name in _AHEAD):
            return PlainTextResponse("Not before somebody wants to see it.", 503)
        if method == "GET" and self._known(request):
            return HTMLResponse(_ENTERED)  # opened again by whoever is in
        if method != "GET" or not self._keys.exchange(request.scope["path"].removeprefix(ENTER)):
            return PlainTextResponse(_USED, 403)
        response = HTMLResponse(_ENTERED)
        response.set_cookie(
            *(self._keys.cookie, self._keys.session), httponly=True, samesite="strict", path="/"
        )
        return response

    def _known(self, request: Request) -> bool:
        told = request.cookies.get(self._keys.cookie, "")
        return compare_digest(told.encode(), self._keys.session.encode())


def _navigates(headers: Headers, method: str) -> bool:
    """Another site's link leads here: a page is opened, without the strict cookie."""
    return method == "GET" and headers.get("sec-fetch-mode") == "navigate"
