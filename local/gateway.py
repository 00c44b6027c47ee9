"""The ASGI layers in front of the emulator's Cognito: a call is a value, a layer a function."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from local.protocol import (
    App,
    Call,
    Receive,
    Reply,
    Scope,
    Send,
    answer,
    exchange,
    headers_of,
    json_headers,
    read_body,
    request_scope,
    signature,
)

TARGET = "AWSCognitoIdentityProviderService."
Forward = Callable[[Call], Awaitable[Reply]]
Denied = Callable[[str, Any], str]


class Place(Protocol):
    """Where something is: a pool, for one."""

    @property
    def account(self) -> str:
        """Its number."""

    @property
    def region(self) -> str:
        """Its name."""


class Layer(Protocol):
    """One behaviour of Cognito that the emulator lacks."""

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Answer the call, or change it, or look at it on its way."""


class Gateway:
    """An ASGI app: Cognito calls go through the layers, the first one outermost."""

    def __init__(self, app: App, layers: Sequence[Layer]) -> None:
        self._app, self._layers = app, tuple(layers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event."""
        headers = headers_of(scope) if scope["type"] == "http" else {}
        target = headers.get("x-amz-target", "")
        if not target.startswith(TARGET):
            await self._app(scope, receive, send)
            return
        body = await read_body(receive)
        params = _object(body)
        if params is None:
            await answer(await exchange(self._app, scope, body), send)
            return
        call = Call(target.removeprefix(TARGET), params, headers, scope)
        await answer(await self._run(0, call), send)

    async def _run(self, index: int, call: Call) -> Reply:
        if index == len(self._layers):
            return await self._emulator(call)

        async def forward(inner: Call) -> Reply:
            return await self._run(index + 1, inner)

        return await self._layers[index](call, forward)

    async def _emulator(self, call: Call) -> Reply:
        body = json.dumps(dict(call.params)).encode()
        headers = [(k, v) for k, v in call.scope["headers"] if k.lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        return await exchange(self._app, {**call.scope, "headers": headers}, body)


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


class Emulator:
    """Calls to the bare emulator by the public protocol, in process and past the layers."""

    def __init__(self, app: App, denied: Denied = lambda _function, _event: "") -> None:
        """`denied`: why the pool that an event tells of may not invoke a function; "" if it may."""
        self._app, self._denied = app, denied

    async def cognito(self, pool: Place, operation: str, **params: Any) -> Reply:
        """One user-pool call, where a pool is."""
        return await self._json("cognito-idp", pool, TARGET + operation, params)

    async def logs(self, pool: Place, operation: str, **params: Any) -> Reply:
        """One call of CloudWatch Logs, where a pool is."""
        return await self._json("logs", pool, f"Logs_20140328.{operation}", params)

    async def _json(self, service: str, place: Place, target: str, params: Any) -> Reply:
        headers = json_headers(target, service, place.region, place.account)
        return await exchange(self._app, request_scope("/", headers), json.dumps(params).encode())

    async def invoke(self, function_arn: str, payload: Any) -> Reply:
        """One synchronous invocation of a trigger; the header says whether the function failed."""
        if text := self._denied(function_arn, payload):
            return Reply.refusal("AccessDeniedException", text, 403)
        _, _, _, region, account, _ = function_arn.split(":", 5)
        headers = {
            "content-type": "application/json",
            "authorization": signature("lambda", region, account),
        }
        path = f"/2015-03-31/functions/{function_arn}/invocations"
        return await exchange(self._app, request_scope(path, headers), json.dumps(payload).encode())
