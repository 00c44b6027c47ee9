"""AWS requests and replies over ASGI, as values: what the gateway's layers pass along."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

JSON_CONTENT = "application/x-amz-json-1.1"
CBOR_PATH = re.compile(r"^/service/[^/]+/operation/([^/]+)$")
"""Of a call by the RPC v2 protocol; the group is the operation."""
_KEY = re.compile(r"Credential=([^/]+)/")
_ACCOUNT = re.compile(r"\d{12}")
_CREDENTIAL = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Reply:
    """One complete HTTP answer."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether the call succeeded."""
        return self.status < 400  # noqa: PLR2004

    @cached_property
    def json(self) -> Any:
        """The parsed body; an empty one reads as an empty object."""
        return json.loads(self.body or b"{}")

    @property
    def error(self) -> str:
        """The exception's short name, or "" for a success."""
        if self.ok or not isinstance(self.json, dict):
            return ""
        return str(self.json.get("__type", "")).rsplit("#", 1)[-1]

    @property
    def message(self) -> str:
        """The exception's text, or ""."""
        if self.ok or not isinstance(self.json, dict):
            return ""
        return str(self.json.get("message") or self.json.get("Message") or "")

    def header(self, name: str) -> str:
        """One header's value, "" when absent."""
        wanted = name.lower().encode()
        return next((v.decode() for k, v in self.headers if k.lower() == wanted), "")

    @classmethod
    def of(cls, payload: Any, status: int = 200) -> Reply:
        """A JSON answer."""
        return cls(
            status, ((b"content-type", JSON_CONTENT.encode()),), json.dumps(payload).encode()
        )

    @classmethod
    def refusal(cls, code: str, message: str, status: int = 400) -> Reply:
        """An AWS JSON-protocol error."""
        body = json.dumps({"__type": code, "message": message}).encode()
        headers = ((b"content-type", JSON_CONTENT.encode()), (b"x-amzn-errortype", code.encode()))
        return cls(status, headers, body)


@dataclass(frozen=True)
class Call:
    """One JSON-protocol call, as it arrived or as a layer rewrote it."""

    operation: str
    params: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    scope: Scope = field(default_factory=dict)

    @property
    def signed(self) -> bool:
        """Whether the caller used credentials."""
        return "authorization" in self.headers

    @property
    def account(self) -> str:
        """Whose credentials they are; "" where that cannot be told."""
        return account_of(self.headers)


def headers_of(scope: Scope) -> dict[str, str]:
    """A request's headers, names in lower case; none where the event has none."""
    return {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope.get("headers", ())}


async def exchange(app: App, scope: Scope, body: bytes) -> Reply:
    """Run one request through an ASGI app and collect its whole answer."""
    pending = [{"type": "http.request", "body": body, "more_body": False}]
    start: Message = {"status": 500, "headers": ()}
    chunks: list[bytes] = []

    async def receive() -> Message:
        return pending.pop() if pending else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    headers = tuple((bytes(k), bytes(v)) for k, v in start["headers"])
    return Reply(start["status"], headers, b"".join(chunks))


async def read_body(receive: Receive) -> bytes:
    """The whole request body."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


async def answer(reply: Reply, send: Send) -> None:
    """Send a collected reply on."""
    skip = (b"content-length", b"transfer-encoding")
    headers = [(k, v) for k, v in reply.headers if k.lower() not in skip]
    headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})


def request_scope(path: str, headers: Mapping[str, str]) -> Scope:
    """The ASGI scope of a POST made inside the process."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": b"",
        "headers": [
            (k.lower().encode(), v.encode()) for k, v in {"host": "127.0.0.1", **headers}.items()
        ],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
    }


def signature(service: str, region: str, account: str) -> str:
    """An Authorization header that names account and Region; the emulator checks no more of it."""
    return (
        f"AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/{service}/aws4_request, "
        "SignedHeaders=host, Signature=local"
    )


def json_headers(target: str, service: str, region: str, account: str) -> dict[str, str]:
    """Headers of a call by the JSON protocol."""
    return {
        "x-amz-target": target,
        "content-type": JSON_CONTENT,
        "authorization": signature(service, region, account),
    }


def account_of(headers: Mapping[str, str]) -> str:
    """The account of a signature: its key is the account's number, or a key of AssumeRole; "" for a
    request that is not signed, or with a key that says nothing."""
    found = _KEY.search(headers.get("authorization", ""))
    key = found.group(1) if found else ""
    return key if _ACCOUNT.fullmatch(key) else _account_of_session(key)


def _account_of_session(key: str) -> str:
    if not key.startswith("ASIA"):
        return ""
    from ministack.services import sts  # noqa: PLC0415 - reads its environment when imported

    told = str(sts._sessions.get(key, {}).get("Arn", "")).split(":")
    return told[4] if len(told) > 4 else ""  # noqa: PLR2004 - an ARN's account


def signed_for(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """Region and service, as signatures name it; None for a request that is not signed."""
    found = _CREDENTIAL.search(headers.get("authorization", ""))
    return (found.group(1), found.group(2)) if found else None
