"""Requests that the OpenAPI document allows and some that it forbids, and what is demanded of every
answer: no 5xx, only documented statuses and media types, bodies and headers as documented."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok, Result
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
KNOWN_ATTRIBUTES = ("name", "nickname", "custom:plan", "locale")
Raw = tuple[int, Mapping[str, str], bytes]
Send = Callable[[requests.PreparedRequest], Raw]


@cache
def operations() -> list[Any]:
    """Every operation of the committed document."""
    schema = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_text(encoding="utf-8")))
    return [_whole(found) for found in schema.get_all_operations()]


def _whole(found: Result[Any, Any]) -> Any:
    assert isinstance(found, Ok), found.err()
    return found.ok()


def fuzz(
    send: Send, base: str, operation: Any, examples: int, users: Sequence[str], seed: int = 0
) -> Counter[int]:
    """Send so many requests of each mode; the statuses answered. Half of those about a user name
    one of `users`, so that more than "there is none" is seen."""
    seen: Counter[int] = Counter()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        cases = operation.as_strategy(mode)

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=seed == 0,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        )
        @given(case=cases, name=st.none() | st.sampled_from(users))
        def attempt(case: Any, name: str | None) -> None:
            if name is not None and "username" in (case.path_parameters or {}):
                case.path_parameters["username"] = name
            if name is not None:
                case.body = _with_known_names(case.body)
            request = requests.Request(**_sendable(case, base)).prepare()
            status, headers, body = send(request)
            seen[status] += 1
            case.validate_response(answer_of(request, status, headers, body), checks=CHECKS)

        attempt()
    return seen


def _with_known_names(body: Any) -> Any:
    """A body whose attributes the pool's schema has: invented names alone are always refused."""
    if not (isinstance(body, dict) and isinstance(body.get("attributes"), dict)):
        return body
    values = body["attributes"].values()
    named = dict(zip(KNOWN_ATTRIBUTES, values, strict=False))
    kept = {name: value for name, value in body.items() if name in ("username", "enabled")}
    groups: dict[str, Any] = {"groups": ["staff"]} if "groups" in body else {}
    return {**kept, **groups, "attributes": named}


def answer_of(
    request: requests.PreparedRequest, status: int, headers: Mapping[str, str], body: bytes
) -> Response:
    """An answer as the checks read it."""
    return Response(
        status_code=status,
        headers={name.lower(): [value] for name, value in headers.items()},
        content=body,
        request=request,
        elapsed=0.0,
        verify=False,
        encoding="utf-8",
    )


def target_of(request: requests.PreparedRequest) -> str:
    """Path and query as they are sent."""
    parts = urlsplit(str(request.url))
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _sendable(case: Any, base: str) -> dict[str, Any]:
    known = ("method", "url", "headers", "params", "data", "json", "files", "cookies")
    told = case.as_transport_kwargs(base_url=base)
    return {name: value for name, value in told.items() if name in known}
