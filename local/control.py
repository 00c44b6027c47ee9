"""Turning the local AWS while it runs: a small HTTP interface beside the AWS endpoint.

`GET /_local/trail` shows how CloudTrail delivers, `PUT /_local/trail` changes it, by a JSON object
with `delay` (seconds) and `drop` (patterns of event names).
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict

from local.protocol import App, Receive, Reply, Scope, Send, answer, read_body
from local.trail import Trail

PREFIX = "/_local/"
_TRAIL = PREFIX + "trail"


class Control:
    """An ASGI app: answers under `/_local/`, hands everything else on."""

    def __init__(self, app: App, trail: Trail) -> None:
        self._app, self._trail = app, trail

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        body = await read_body(receive)
        await answer(self._handle(scope["method"], scope["path"], body), send)

    def _handle(self, method: str, path: str, body: bytes) -> Reply:
        if path != _TRAIL or method not in ("GET", "PUT"):
            return Reply.refusal("NotFound", f"there is no {method} {path}", 404)
        if method == "PUT":
            try:
                wanted = json.loads(body)
                delay = float(wanted.get("delay", self._trail.delay))
                drop = [str(pattern) for pattern in wanted.get("drop", self._trail.drop)]
            except (ValueError, TypeError, AttributeError) as error:
                return Reply.refusal("BadRequest", f"not a trail setting: {error}")
            self._trail.delay, self._trail.drop = delay, drop
        return Reply.of(asdict(self._trail))


def set_trail(endpoint: str, *, delay: float = 0.0, drop: Sequence[str] = ()) -> None:
    """Change how CloudTrail delivers on a running local AWS."""
    body = json.dumps({"delay": delay, "drop": list(drop)}).encode()
    request = urllib.request.Request(endpoint + _TRAIL, data=body, method="PUT")  # noqa: S310
    with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - our own loopback endpoint
        pass
