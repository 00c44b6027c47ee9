"""Gap: REST APIs read paths decoded, do not verify signatures, and validate no requests.

API Gateway matches a path as it was sent, so that an encoded slash parts nothing, and hands it on
so; it verifies the signature of calls to methods that demand IAM (`signed_requests`); and it holds
bodies against the models of methods that name a request validator ("Request validation for REST
APIs in API Gateway", developer guide). The emulator can validate, but its CloudFormation forgets
the validators.

Limits: see `signed_requests`; a request validator is not updated in place.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from local.gaps import signed_requests
from local.gaps.signed_requests import Sent
from local.patching import replace, replace_handlers, require
from local.protocol import App, Receive, Scope, Send, headers_of, read_body

PREFIXES = ("/_aws/execute-api/", "/restapis/")
_HOST = ".execute-api."


class RawPaths:
    """An ASGI app: calls of REST APIs keep their path as it was sent, and can be verified."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event."""
        if scope["type"] != "http" or not _is_api_call(scope):
            await self._app(scope, receive, send)
            return
        body = await read_body(receive)
        raw = scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        query = scope.get("query_string", b"").decode("ascii", "replace")
        token = signed_requests.sent.set(
            Sent(scope["method"], raw + (f"?{query}" if query else ""), headers_of(scope), body)
        )
        rest = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Any:
            return rest.pop() if rest else {"type": "http.disconnect"}

        try:
            await self._app({**scope, "path": raw}, again, send)
        finally:
            signed_requests.sent.reset(token)


def install() -> None:
    """Verify signatures, and let CloudFormation make request validators."""
    from ministack.services import apigateway_v1 as gateway  # noqa: PLC0415
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415

    replace(gateway, "_authorize_request_v1", _verifying)
    handlers = provisioners._RESOURCE_HANDLERS
    require("AWS::ApiGateway::RequestValidator" in handlers, "its type of request validators")
    handlers["AWS::ApiGateway::RequestValidator"] = {
        **handlers["AWS::ApiGateway::RequestValidator"],
        "create": _create_validator,
        "delete": _delete_validator,
    }
    replace_handlers("AWS::ApiGateway::Method", create=_remembering)


def _is_api_call(scope: Scope) -> bool:
    path = scope["path"]
    by_path = path.startswith(PREFIXES[0]) or (
        path.startswith(PREFIXES[1]) and "/_user_request_" in path
    )
    return by_path or _HOST in headers_of(scope).get("host", "")


def _verifying(original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def authorize(
        api_id: str, stage_name: str, method_obj: dict[str, Any], *rest: Any
    ) -> Any:
        from ministack.services import apigateway_v1 as gateway  # noqa: PLC0415

        refused, context = await original(api_id, stage_name, method_obj, *rest)
        request, region = signed_requests.sent.get(), rest[-1]
        if refused is not None or method_obj.get("authorizationType") != "AWS_IAM":
            return refused, context
        if request and signed_requests.is_signed(request, region, signed_requests.now()):
            return None, context
        return gateway._gw_error("INVALID_SIGNATURE", "The signature does not match"), None

    return authorize


def _create_validator(
    _logical_id: str, props: dict[str, Any], stack: str
) -> tuple[str, dict[str, str]]:
    from ministack.services import apigateway_v1 as gateway  # noqa: PLC0415

    request = {
        "name": props.get("Name", stack),
        "validateRequestBody": _truth(props.get("ValidateRequestBody")),
        "validateRequestParameters": _truth(props.get("ValidateRequestParameters")),
    }
    status, _, body = gateway._create_request_validator(props["RestApiId"], request)
    if status >= 300:  # noqa: PLR2004
        raise ValueError(f"AWS::ApiGateway::RequestValidator create failed: {body!r}")
    made = json.loads(body)["id"]
    return made, {"RequestValidatorId": made}


def _delete_validator(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import apigateway_v1 as gateway  # noqa: PLC0415

    gateway._delete_request_validator(props["RestApiId"], physical_id)


def _remembering(original: Callable[..., Any]) -> Callable[..., Any]:
    """A method keeps the validator that its template names."""

    def create(logical_id: str, props: dict[str, Any], stack: str) -> Any:
        from ministack.services import apigateway_v1 as gateway  # noqa: PLC0415

        made = original(logical_id, props, stack)
        resource = gateway._resources[props["RestApiId"]][props["ResourceId"]]
        method = resource["resourceMethods"][props.get("HttpMethod", "ANY")]
        method["requestValidatorId"] = props.get("RequestValidatorId")
        return made

    return create


def _truth(value: Any) -> bool:
    return value is True or str(value).lower() == "true"
