"""A browser without a screen: requests to an ASGI app in this process, with a jar of cookies."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def words(self) -> str:
        """The text that a person reads."""
        bare = re.sub(r"<(script|style|head).*?</\1>", " ", self.text, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


@dataclass
class Browser:
    """Of one console."""

    app: ASGIApp
    host: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        """A link."""
        return self.ask("GET", path, b"", **headers)

    def post(self, path: str, form: Mapping[str, Any], **headers: str) -> Answer:
        """A form of this console."""
        body = urlencode(form, doseq=True).encode()
        return self.ask("POST", path, body, **{"origin": f"http://{self.host}", **headers})

    def fill(self, page: Answer, action: str = "", **more: Any) -> dict[str, Any]:
        """The fields that are in a page's form, and more."""
        form = next(
            each
            for each in re.findall(r'<form method="post".*?</form>', page.text, re.DOTALL)
            if f'action="{action}' in each
        )
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
        fields: dict[str, Any] = {}
        for name, value in hidden:
            fields.setdefault(name, []).append(html.unescape(value))
        return {**fields, **more}

    def first_event(self, path: str) -> str:
        """What a stream of updates sends first."""
        return str(json.loads(self.first_text(path).partition("data: ")[2]))

    def first_text(self, path: str) -> str:
        """The same, as it is sent."""
        scope = self._scope("GET", path, {})
        return asyncio.run(_run(self.app, scope, b"", only_first=True)).text

    async def stream(self, path: str) -> None:
        """Watch a stream of updates, until it is cancelled."""
        await _run(self.app, self._scope("GET", path, {}), b"")

    async def got(self, path: str) -> Answer:
        """A link, beside others."""
        return await _run(self.app, self._scope("GET", path, {}), b"")

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Anything."""
        answer = asyncio.run(_run(self.app, self._scope(method, path, headers), body))
        if told := answer.headers.get("set-cookie"):
            name, _, value = told.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def _scope(self, method: str, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
        told = {"host": self.host, "content-type": "application/x-www-form-urlencoded"}
        if self.cookies:
            told["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        bare, _, query = path.partition("?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": bare,
            "raw_path": bare.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in told.items() if value],
            "server": ("127.0.0.1", 1),
            "client": ("127.0.0.1", 2),
        }


class _EnoughError(Exception):
    """Nothing more is wanted."""


async def _run(
    app: ASGIApp, scope: dict[str, Any], body: bytes, *, only_first: bool = False
) -> Answer:
    answer = Answer(0, {}, "")
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            return
        answer.text += message.get("body", b"").decode(errors="replace")
        if only_first:
            raise _EnoughError

    try:
        await app(scope, receive, send)
    except* _EnoughError:
        pass
    return answer
