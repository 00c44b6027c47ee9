"""An HTTP request to AWS as service, operation and parameters, by botocore's own models."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BufferedReader, BytesIO
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote
from xml.etree import ElementTree as ET

import botocore.session
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel
from botocore.parsers import RpcV2CBORParser

from local.gateway import TARGET
from local.protocol import CBOR_PATH, Scope, signed_for
from local.rights.model import UnknownToJudgeError

_STREAMS = "DynamoDBStreams_"
_NAMES = {"states": "stepfunctions", "monitoring": "cloudwatch", "ses": "sesv2"}
"""Name in signatures -> botocore's, where they differ."""


@dataclass(frozen=True)
class AwsCall:
    """One call. `service` as botocore names it; parameters as its models name them."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    region: str


def call_of(scope: Scope, headers: Mapping[str, str], body: bytes) -> AwsCall:
    """Read a request. UnknownToJudgeError: nobody can say what it asks for."""
    target = headers.get("x-amz-target", "")
    signed = signed_for(headers)
    if signed is None and not target.startswith(TARGET):
        raise UnknownToJudgeError(f"an unsigned request {scope['method']} {scope['path']}")
    region, service = signed or ("", "cognito-idp")
    service = _NAMES.get(service, service)
    if target:
        service = "dynamodbstreams" if target.startswith(_STREAMS) else service
        return AwsCall(service, target.rsplit(".", 1)[-1], _json(body), region)
    if cbor := CBOR_PATH.match(scope["path"]):
        return AwsCall(service, cbor.group(1), _from_cbor(body), region)
    if "x-www-form-urlencoded" in headers.get("content-type", ""):
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        return AwsCall(service, form.pop("Action", ""), form, region)
    return _rest(service, region, scope, headers, body)


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UnknownToJudgeError("a body that is no JSON object")
    return found


def _from_cbor(body: bytes) -> Mapping[str, Any]:
    found: Mapping[str, Any] = RpcV2CBORParser().parse_data_item(BufferedReader(BytesIO(body)))
    return found


@dataclass(frozen=True)
class _Route:
    """How one operation of a REST protocol looks on the wire."""

    operation: str
    method: str
    path: re.Pattern[str]
    fixed: frozenset[str]
    """What must be in the query, in lower case."""
    headers: frozenset[str]
    """Headers that must be there."""
    places: tuple[tuple[str, str, str], ...]
    """(parameter, `querystring` or `header`, name on the wire)"""

    @property
    def weight(self) -> int:
        """How much it asks for."""
        return len(self.fixed) + len(self.headers)


@cache
def _routes(service: str) -> tuple[_Route, ...]:
    try:
        model = botocore.session.get_session().get_service_model(service)
    except UnknownServiceError:
        raise UnknownToJudgeError(f"the service {service}") from None
    routes = [_route(model.operation_model(name)) for name in model.operation_names]
    return tuple(sorted(routes, key=lambda one: -one.weight))


def _route(model: OperationModel) -> _Route:
    path, _, query = model.http["requestUri"].partition("?")
    fixed = {name.lower() for name, _ in parse_qsl(query, keep_blank_values=True)}
    needed, places = set(), []
    members = model.input_shape.members if model.input_shape else {}
    for name, shape in members.items():
        place, wire = shape.serialization.get("location"), shape.serialization.get("name", name)
        if place in ("querystring", "header"):
            places.append((name, place, wire))
        if model.input_shape and name in model.input_shape.required_members:
            if place == "querystring":
                fixed.add(wire.lower())
            elif place == "header":
                needed.add(wire.lower())
    pattern = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", re.escape(path))
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)
    return _Route(
        operation=model.name,
        method=str(model.http["method"]),
        path=re.compile(pattern + "/?", re.DOTALL),
        fixed=frozenset(fixed),
        headers=frozenset(needed),
        places=tuple(places),
    )


def _rest(
    service: str, region: str, scope: Scope, headers: Mapping[str, str], body: bytes
) -> AwsCall:
    raw = scope.get("raw_path", b"").decode("ascii", "replace").partition("?")[0]
    path = unquote(raw or str(scope["path"]))
    texts = parse_qs(scope.get("query_string", b"").decode(), keep_blank_values=True)
    query = {name.lower(): values[0] for name, values in texts.items()}
    for route in _routes(service):
        found = route.path.fullmatch(path)
        asked = route.fixed <= query.keys() and route.headers <= headers.keys()
        if found and asked and route.method == scope["method"]:
            told = {**found.groupdict(), **dict(_placed(route, query, headers))}
            if route.operation == "DeleteObjects":
                told["Delete"] = {"Objects": list(_listed(body))}
            return AwsCall(service, route.operation, told, region)
    raise UnknownToJudgeError(f"the request {service} {scope['method']} {scope['path']}")


def _placed(
    route: _Route, query: Mapping[str, str], headers: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for name, place, wire in route.places:
        given = query if place == "querystring" else headers
        if wire.lower() in given:
            yield name, given[wire.lower()]


def _listed(body: bytes) -> Iterator[dict[str, str]]:
    for element in ET.fromstring(body).iter():  # noqa: S314 - written by the SDK on this machine
        if element.tag.rsplit("}", 1)[-1] == "Key":
            yield {"Key": element.text or ""}
