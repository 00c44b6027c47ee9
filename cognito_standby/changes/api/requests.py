"""From the gateway's event to a call: everything is checked again, whatever the gateway checked.

Event shape: "Input format of a Lambda function for proxy integration", API Gateway developer
guide. A REST API hands on the path as it was sent, percent-encoded; it is decoded exactly once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from pydantic import ValidationError

from cognito_standby.changes.api.models import BODIES, ApiModel, Fault
from cognito_standby.changes.api.operations import JSON, MAX_BODY_BYTES, READ_SCOPE, Operation, find
from cognito_standby.changes.api.replies import (
    MEDIA_TYPE,
    NO_OPERATION,
    TOO_LARGE,
    UNAUTHENTICATED,
    RefusedError,
)
from cognito_standby.changes.domain.problems import INVALID
from cognito_standby.changes.domain.rules import name_problem, pointer

MOST_CHANGES = 100
_TAG = re.compile(r'"([\x21\x23-\x7e]+)"')
_UNREACHABLE = "a name with / or % or \\ cannot be in a path: name the user by sub or origin sub"


@dataclass(frozen=True)
class ApiCall:
    """One call, checked for its shape.

    base      what stands before the operation's path: the stage, or a custom domain's base path
    name      whom the path names, decoded; or the id of a change
    key, tag  of Idempotency-Key and If-Match, "" where there is none
    """

    operation: Operation
    caller: str
    base: str
    name: str = ""
    by_origin: bool = False
    body: ApiModel | None = None
    key: str = ""
    tag: str = ""
    limit: int = 20
    page: str = ""
    may_read: bool = False
    """Whether the answer may show a user: only where a token says so. The gateway tells the
    handler who an IAM caller is, and none of their rights but that they may call this method."""


def call_of(event: Mapping[str, Any]) -> ApiCall:
    """Read an event. RefusedError: it is no call of this API."""
    operation = find(str(event.get("httpMethod")), str(event.get("resource")))
    if operation is None:
        raise RefusedError(NO_OPERATION)
    headers = {k.lower(): v for k, v in (event.get("headers") or {}).items() if v is not None}
    queries = _queries(event, operation)
    return ApiCall(
        operation=operation,
        caller=_caller(event.get("requestContext") or {}),
        base=_base(event, operation),
        name=_name(event, operation),
        by_origin=_choice(queries, "by", ("username", "origin_sub")) == "origin_sub",
        body=_body(event, operation, headers.get("content-type", JSON)),
        key=str(headers.get("idempotency-key", "")) if operation.changes else "",
        tag=_tag(headers.get("if-match", ""), operation),
        limit=_limit(queries.get("limit", "20")),
        page=queries.get("page", ""),
        may_read=_may_read(event.get("requestContext") or {}),
    )


def invalid(
    detail: str, *, parameter: str | None = None, pointer: str | None = None
) -> RefusedError:
    """A refusal of one part of a request."""
    return RefusedError(INVALID, Fault(parameter=parameter, pointer=pointer, detail=detail))


def _caller(context: Mapping[str, Any]) -> str:
    """An id of the caller: always the same for one caller, and never a person's name.

    A role's session name is often a person's address, so it is hashed. A call without any identity
    is refused: every method of the API demands one, and this is the last place that can notice.
    """
    claims = (context.get("authorizer") or {}).get("claims") or {}
    if subject := claims.get("sub") or claims.get("client_id"):
        return f"token:{claims.get('client_id', '')}:{subject}"
    identity = context.get("identity") or {}
    principal, _, session = str(identity.get("user") or "").partition(":")
    known = principal or identity.get("accessKey")
    if not known:
        raise RefusedError(UNAUTHENTICATED)
    mark = hashlib.sha256(session.encode()).hexdigest()[:12] if session else ""
    return f"iam:{identity.get('accountId', '')}:{known}" + (f":{mark}" if mark else "")


def _may_read(context: Mapping[str, Any]) -> bool:
    claims = (context.get("authorizer") or {}).get("claims") or {}
    scopes = str(claims.get("scope", "")).split()
    return any(scope.rpartition("/")[2] == READ_SCOPE for scope in scopes)


def _base(event: Mapping[str, Any], operation: Operation) -> str:
    whole = (event.get("requestContext") or {}).get("path") or event.get("path", "")
    parts = str(whole).split("/")
    return "/".join(parts[: len(parts) - operation.path.count("/")])


def _name(event: Mapping[str, Any], operation: Operation) -> str:
    """The path's variable part. The gateway has matched the template against the path's end; a
    custom domain may have put something before it."""
    template = operation.path.split("/")[1:]
    places = [number for number, part in enumerate(template) if part.startswith("{")]
    if not places:
        return ""
    parameter = template[places[0]].strip("{}")
    parts = str(event.get("path", "")).split("/")[-len(template) :]
    others = [number for number in range(len(template)) if number not in places]
    if len(parts) < len(template) or any(parts[n] != template[n] for n in others):
        raise invalid(_UNREACHABLE, parameter=parameter)
    name = _decoded(parts[places[0]], parameter)
    matched = (event.get("pathParameters") or {}).get(parameter)
    if set(name) & set("/%\\") or name in (".", ".."):
        raise invalid(_UNREACHABLE, parameter=parameter)
    if matched is not None and _decoded(str(matched), parameter) != name:
        raise invalid(_UNREACHABLE, parameter=parameter)
    if text := name_problem(name):
        raise invalid(text, parameter=parameter)
    return name


def _decoded(text: str, parameter: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise invalid("it is not UTF-8", parameter=parameter) from None


def _queries(event: Mapping[str, Any], operation: Operation) -> dict[str, str]:
    given = event.get("multiValueQueryStringParameters") or {}
    for name, values in given.items():
        if name not in operation.queries:
            raise invalid("there is no such parameter", parameter=str(name)[:64])
        if len(values) != 1:
            raise invalid("it is given more than once", parameter=name)
    return {name: str(values[0]) for name, values in given.items()}


def _choice(queries: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = queries.get(name, choices[0])
    if value not in choices:
        raise invalid(f"it is one of {', '.join(choices)}", parameter=name)
    return value


def _limit(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", text) or int(text) > MOST_CHANGES:
        raise invalid(f"it is a number from 1 to {MOST_CHANGES}", parameter="limit")
    return int(text)


def _tag(header: str, operation: Operation) -> str:
    """The strong entity tag of If-Match; "" for none and for *, which every user matches."""
    if not operation.tagged or header.strip() in ("", "*"):
        return ""
    if found := _TAG.fullmatch(header.strip()):
        return found.group(1)
    raise invalid('one strong entity tag in quotation marks, or "*"', parameter="If-Match")


def _body(event: Mapping[str, Any], operation: Operation, content_type: str) -> ApiModel | None:
    text = _text(event)
    if not operation.body:
        if text.strip():
            raise invalid("the operation takes no body", pointer="")
        return None
    if content_type.split(";", maxsplit=1)[0].strip().lower() not in operation.content_types:
        raise RefusedError(MEDIA_TYPE)
    try:
        return BODIES[operation.body].model_validate(_parsed(text))
    except ValidationError as error:
        raise RefusedError(INVALID, *map(_fault_of, error.errors(include_url=False))) from None


def _text(event: Mapping[str, Any]) -> str:
    text = event.get("body") or ""
    if event.get("isBase64Encoded"):
        try:
            text = base64.b64decode(text, validate=True).decode()
        except (binascii.Error, ValueError):
            raise invalid("the body is not UTF-8", pointer="") from None
    if len(text) > MAX_BODY_BYTES or len(text.encode(errors="replace")) > MAX_BODY_BYTES:
        raise RefusedError(TOO_LARGE)
    return str(text)


def _parsed(text: str) -> Any:
    """JSON, strictly: without what parsers treat differently (a name given twice, NaN, endless
    nesting)."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except (ValueError, RecursionError):
        raise invalid("the body is not JSON", pointer="") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise invalid("a name is given twice in one object", pointer="")
    return dict(pairs)


def _constant(_: str) -> None:
    raise invalid("NaN and Infinity are no JSON", pointer="")


def _fault_of(error: Any) -> Fault:
    """A validation error. Pydantic's messages of these types quote no value."""
    parts = (
        str(part).encode(errors="replace").decode() for part in error["loc"] if part != "[key]"
    )
    text = {"extra_forbidden": "there is no such field", "missing": "it is required"}
    detail = text.get(error["type"], str(error["msg"]))
    return Fault(pointer=pointer(*parts)[:256], detail=detail[:200])
