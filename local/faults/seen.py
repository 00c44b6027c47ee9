"""What an HTTP request to the AWS endpoint is about, whatever protocol the service speaks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from local.cognito_store import CognitoStore
from local.faults.model import SeenCall
from local.gaps.function_identity import caller_from
from local.gateway import TARGET
from local.protocol import CBOR_PATH, Call, Scope, signed_for


def look(scope: Scope, headers: Mapping[str, str], body: bytes, store: CognitoStore) -> SeenCall:
    """Recognise a request."""
    target = headers.get("x-amz-target", "")
    if signed := signed_for(headers):
        region, service = signed
    elif target.startswith(TARGET):
        service, region = "cognito-idp", _pool_region(target, headers, body, store)
    else:
        service, region = "", ""
    caller = caller_from(headers.get("x-amz-security-token", ""))
    operation = _operation(scope, headers, target, body)
    return SeenCall(service, operation, region, caller.function if caller else "")


def _operation(scope: Scope, headers: Mapping[str, str], target: str, body: bytes) -> str:
    if target:
        return target.rsplit(".", 1)[-1]
    cbor = CBOR_PATH.match(scope["path"])
    if cbor:
        return cbor.group(1)
    if "x-www-form-urlencoded" in headers.get("content-type", ""):
        return parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
    return f"{scope['method']} {scope['path']}"


def _pool_region(target: str, headers: Mapping[str, str], body: bytes, store: CognitoStore) -> str:
    """An app's calls are not signed: the pool that they name says where it is."""
    try:
        params: Any = json.loads(body or b"{}")
    except ValueError:
        return ""
    if not isinstance(params, dict):
        return ""
    pool = store.pool_of(Call(target.removeprefix(TARGET), params, headers))
    return pool.region if pool else ""
