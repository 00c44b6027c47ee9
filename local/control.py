"""Turning the local AWS while it runs: a small HTTP interface beside the AWS endpoint.

`GET /_local/trail` shows how CloudTrail delivers, `PUT /_local/trail` changes it, by a JSON object
with `delay` (seconds) and `drop` (patterns of event names). `GET /_local/faults` lists the faults
and what they did, `POST /_local/faults` adds one, `DELETE /_local/faults` ends all of them and
`DELETE /_local/faults/ID` one. `GET /_local/rights` tells what was judged, refused and used.
`PUT /_local/passkeys` marks passkeys as registered (or not: `count` 0), by a JSON object with
`pool`, `username` and `count`.
`POST /_local/sign-ins` signs somebody in through an identity provider, by a JSON object with
`pool`, `provider`, `subject`, `claims` and `client`; it answers `Username` and the tokens.
`GET /_local/replication` tells how tables replicate between accounts; `PUT /_local/replication`
lets time pass for them, by a JSON object with `hours`.
`GET /_local/quotas` tells what the account's quotas refused to whom, and the peaks of concurrency;
an empty object without quotas.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from local.faults import Fault, FaultError, Faults
from local.protocol import App, Receive, Reply, Scope, Send, answer, read_body
from local.rights.enforcing import Rights
from local.trail import Trail

PREFIX = "/_local/"
_TRAIL, FAULTS = PREFIX + "trail", PREFIX + "faults"
RIGHTS, QUOTAS = PREFIX + "rights", PREFIX + "quotas"
REPLICATION = PREFIX + "replication"
PASSKEYS, SIGN_INS = PREFIX + "passkeys", PREFIX + "sign-ins"
Acts = Mapping[tuple[str, str], Callable[[dict[str, Any]], Awaitable[Reply]]]
"""By method and path: what people do that has no API here."""


class Control:
    """An ASGI app: answers under `/_local/`, hands everything else on."""

    def __init__(
        self,
        app: App,
        trail: Trail,
        faults: Faults,
        rights: Rights,
        quotas: Callable[[], dict[str, Any]] = dict,
        acts: Acts | None = None,
    ) -> None:
        self._app, self._trail, self._faults, self._rights = app, trail, faults, rights
        self._quotas, self._acts = quotas, acts or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        body = await read_body(receive)
        act = self._acts.get((scope["method"], scope["path"]))
        if act is not None:
            await answer(await _acted(act, scope["path"], body), send)
            return
        await answer(self._handle(scope["method"], scope["path"], body), send)

    def _handle(self, method: str, path: str, body: bytes) -> Reply:
        try:
            if path == _TRAIL and method in ("GET", "PUT"):
                return self._turn_trail(body if method == "PUT" else b"{}")
            if path == FAULTS or path.startswith(FAULTS + "/"):
                return self._turn_faults(method, path.removeprefix(FAULTS).strip("/"), body)
            if path == RIGHTS and method == "GET":
                return Reply.of(self._rights.state())
            if path == QUOTAS and method == "GET":
                return Reply.of(self._quotas())
        except (ValueError, TypeError, AttributeError) as error:
            return Reply.refusal("BadRequest", f"{path}: {error}")
        return Reply.refusal("NotFound", f"there is no {method} {path}", 404)

    def _turn_trail(self, body: bytes) -> Reply:
        wanted = json.loads(body)
        delay = float(wanted.get("delay", self._trail.delay))
        drop = [str(pattern) for pattern in wanted.get("drop", self._trail.drop)]
        self._trail.delay, self._trail.drop = delay, drop
        return Reply.of(asdict(self._trail))

    def _turn_faults(self, method: str, number: str, body: bytes) -> Reply:
        if method == "GET" and not number:
            return Reply.of(self._faults.state())
        if method == "POST" and not number:
            data = json.loads(body)
            if not isinstance(data, dict):
                raise FaultError("a fault is a JSON object")
            return Reply.of({"id": self._faults.add(Fault.of(data))})
        if method == "DELETE":
            return Reply.of({"ended": self._faults.clear(int(number) if number else None)})
        return Reply.refusal("NotFound", f"there is no {method} of faults", 404)


async def _acted(
    act: Callable[[dict[str, Any]], Awaitable[Reply]], path: str, body: bytes
) -> Reply:
    try:
        return await act(dict(json.loads(body or b"{}")))
    except (ValueError, TypeError, KeyError) as error:
        return Reply.refusal("BadRequest", f"{path}: {error!r}")


def mark_passkeys(endpoint: str, *, pool: str, username: str, count: int) -> None:
    """Somebody has so many passkeys on a running local AWS. OSError: nobody there, or no pool."""
    _send(endpoint + PASSKEYS, "PUT", {"pool": pool, "username": username, "count": count})


class ProviderSignInError(Exception):
    """A sign-in through a provider failed, with the text that managed login shows."""


def sign_in_through(
    endpoint: str,
    provider: str,
    subject: str,
    *,
    pool: str,
    claims: Mapping[str, Any] | None = None,
    client: str = "",
) -> dict[str, Any]:
    """Somebody signs in through a provider on a running local AWS: `Username`, and tokens.

    `client`: the pool's first one without. ProviderSignInError: refused, and why.
    """
    who = {"pool": pool, "provider": provider, "subject": subject, "client": client}
    try:
        return _send(endpoint + SIGN_INS, "POST", {**who, "claims": dict(claims or {})})
    except urllib.error.HTTPError as refused:
        told = json.loads(refused.read())
        raise ProviderSignInError(told.get("error_description") or told) from refused


def _send(url: str, method: str, what: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - our own loopback endpoint
        url, data=json.dumps(what).encode(), method=method
    )
    with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310 - as above
        return dict(json.loads(reply.read()))


def set_trail(endpoint: str, *, delay: float = 0.0, drop: Sequence[str] = ()) -> None:
    """Change how CloudTrail delivers on a running local AWS."""
    _send(endpoint + _TRAIL, "PUT", {"delay": delay, "drop": list(drop)})


def pass_hours(endpoint: str, hours: float) -> None:
    """Time passes for tables of several accounts on a running local AWS."""
    _send(endpoint + REPLICATION, "PUT", {"hours": hours})


def read_state(endpoint: str, path: str) -> dict[str, Any]:
    """What a running local AWS tells under RIGHTS, QUOTAS or REPLICATION. OSError: it does not
    answer."""
    with urllib.request.urlopen(endpoint + path, timeout=60) as reply:  # noqa: S310 - loopback
        return dict(json.loads(reply.read()))
