"""Gap: REST APIs read no files: an integration with S3 is taken for one with a function.

API Gateway calls S3 by the role of the integration ("Create a REST API as an Amazon S3 proxy in
API Gateway", developer guide), hands on the headers that the integration names, chooses the answer
by S3's status, and maps its headers (as the guide's "Amazon API Gateway integration responses").

Limits: GetObject alone; headers that are mapped from nothing but headers; templates are told as
they stand.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from local.patching import replace
from local.rights.hops import Hops

_OUT, _IN = "integration.request.header.", "method.request.header."
_BACK, _FROM = "method.response.header.", "integration.response.header."
_FORBIDDEN = 403
Answer = tuple[int, dict[str, str], bytes]


def install(hops: Hops) -> None:
    """Stand before what calls functions."""
    from ministack.services import apigateway_v1 as gateway  # noqa: PLC0415

    replace(gateway, "_invoke_lambda_custom_v1", lambda call: _reading(hops, call))


def _reading(hops: Hops, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    from ministack.services import apigateway_v1 as gateway  # noqa: PLC0415

    async def invoked(integration: dict[str, Any], *rest: Any, **more: Any) -> Any:
        spec = gateway._parse_service_integration_uri(integration.get("uri", ""))
        if spec is None or spec[1:3] != ("s3", "path"):
            return await call(integration, *rest, **more)
        region, (bucket, _, key) = spec[0], spec[3].partition("/")
        *_, headers, _body, _query, _path = rest
        asked = _asked(integration, {name.lower(): text for name, text in headers.items()})
        denied = hops.api_reads(str(integration.get("credentials") or ""), region, bucket, key)
        found = (_FORBIDDEN, {}, b"") if denied else _file(region, bucket, key, asked)
        return answered(integration, *found)

    return invoked


def _asked(integration: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, str]:
    named = integration.get("requestParameters") or {}
    return {
        to.removeprefix(_OUT).lower(): headers[name]
        for to, source in named.items()
        if (name := str(source).removeprefix(_IN).lower()) in headers and to.startswith(_OUT)
    }


def _file(region: str, bucket: str, key: str, asked: dict[str, str]) -> Answer:
    from ministack.core.responses import get_account_id, request_scope  # noqa: PLC0415
    from ministack.services import s3  # noqa: PLC0415

    with request_scope(s3._bucket_owner_account(bucket) or get_account_id(), region):
        status, headers, body = s3._get_object(bucket, key, asked)
    return status, {name.lower(): str(text) for name, text in headers.items()}, body


def answered(
    integration: Mapping[str, Any], status: int, headers: Mapping[str, str], body: bytes
) -> Answer:
    """What API Gateway makes of the answer of S3."""
    responses = list((integration.get("integrationResponses") or {}).values())
    by_status = [
        one
        for one in responses
        if (pattern := one.get("selectionPattern")) and re.fullmatch(pattern, str(status))
    ]
    chosen = [*by_status, *(one for one in responses if not one.get("selectionPattern"))]
    if not chosen:
        return 500, {"Content-Type": "application/json"}, b'{"message": "Internal server error"}'
    told = {"Content-Type": "application/json"}
    for name, source in (chosen[0].get("responseParameters") or {}).items():
        if source.startswith("'"):
            told[name.removeprefix(_BACK)] = source.strip("'")
        elif (text := headers.get(source.removeprefix(_FROM).lower())) is not None:
            told[name.removeprefix(_BACK)] = text
    template = (chosen[0].get("responseTemplates") or {}).get("application/json")
    return int(chosen[0]["statusCode"]), told, body if template is None else template.encode()
