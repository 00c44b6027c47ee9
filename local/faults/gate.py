"""The gate in front of the whole AWS endpoint: calls are refused, delayed or never answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from local.cognito_store import CognitoStore
from local.faults.model import CUT, FaultKind, How, SeenCall
from local.faults.registry import Faults, FaultVerdict
from local.faults.replies import error_reply
from local.faults.seen import look
from local.protocol import (
    App,
    Message,
    Receive,
    Scope,
    Send,
    answer,
    exchange,
    headers_of,
    read_body,
)

_POLL_SECONDS = 0.05


class FaultGate:
    """An ASGI app: without faults it hands everything on untouched."""

    def __init__(self, app: App, faults: Faults, store: CognitoStore) -> None:
        self._app, self._faults, self._store = app, faults, store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event."""
        if scope["type"] != "http" or not self._faults.any:
            await self._app(scope, receive, send)
            return
        headers = headers_of(scope)
        body = await read_body(receive)
        call = look(scope, headers, body, self._store)
        how = self._faults.dark(call.region)
        if how is not None:
            await self._dark(call, how, receive, send)
            return
        verdict = self._faults.verdict(call)
        if verdict.delay:
            await asyncio.sleep(verdict.delay)
        if verdict.code:
            await self._refuse(call, verdict, scope, headers, body, send)
        else:
            await self._app(scope, _replayed(body, receive), send)

    async def _dark(self, call: SeenCall, how: How, receive: Receive, send: Send) -> None:
        """No answer: at once, or once the caller gave up or the Region is back."""
        self._faults.note(FaultKind.DARK, "dark call", region=call.region)
        if how is How.HANG:
            gone = asyncio.ensure_future(receive())
            while self._faults.dark(call.region) and not gone.done():
                await asyncio.sleep(_POLL_SECONDS)
            gone.cancel()
        await _cut(send)

    async def _refuse(
        self,
        call: SeenCall,
        verdict: FaultVerdict,
        scope: Scope,
        headers: dict[str, str],
        body: bytes,
        send: Send,
    ) -> None:
        if verdict.after:
            await exchange(self._app, scope, body)
        if verdict.code == CUT:
            await _cut(send)
            return
        await answer(error_reply(call.service, headers, verdict.code, verdict.status), send)


async def _cut(send: Send) -> None:
    """Begin an answer and end the connection: an ASGI server cannot close one without a word."""
    # In chunks, of which the last never comes: botocore 1.44.8 takes what is shorter than its
    # content-length for whole (it gives urllib3 `enforce_content_length=False`).
    headers = [(b"connection", b"close")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


def _replayed(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    pending: list[Any] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again
