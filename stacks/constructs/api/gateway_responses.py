"""What the gateway itself answers: problem details like the handler's, and no text of its own.

Types and their default statuses: "Gateway response types for API Gateway", developer guide.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from aws_cdk import aws_apigateway as apigateway

from cognito_standby.changes.api.operations import PROBLEM
from cognito_standby.changes.api.replies import TYPE_PREFIX


@dataclass(frozen=True)
class GatewayAnswer:
    """One type of answer."""

    kind: str
    status: int
    code: str
    title: str

    @property
    def body(self) -> str:
        """Fixed: nothing of the request, nothing of the inside."""
        return json.dumps(
            {"type": TYPE_PREFIX + self.code, "title": self.title, "status": self.status}
        )


_FORBIDDEN = "There is no such operation, or the caller may not call it."
_INVALID = "The request is not valid."
_INTERNAL = "Something is wrong here. The operator has been told."
_MANY = "Too many requests. Try again."

ANSWERS: Final = (
    GatewayAnswer("UNAUTHORIZED", 401, "unauthenticated", "The caller is not known."),
    GatewayAnswer("MISSING_AUTHENTICATION_TOKEN", 403, "forbidden", _FORBIDDEN),
    GatewayAnswer("ACCESS_DENIED", 403, "forbidden", _FORBIDDEN),
    GatewayAnswer("INVALID_SIGNATURE", 403, "forbidden", _FORBIDDEN),
    GatewayAnswer("EXPIRED_TOKEN", 403, "forbidden", _FORBIDDEN),
    GatewayAnswer("INVALID_API_KEY", 403, "forbidden", _FORBIDDEN),
    GatewayAnswer("WAF_FILTERED", 403, "forbidden", _FORBIDDEN),
    GatewayAnswer("RESOURCE_NOT_FOUND", 404, "no_operation", "There is no such operation."),
    GatewayAnswer("BAD_REQUEST_BODY", 400, "invalid", _INVALID),
    GatewayAnswer("BAD_REQUEST_PARAMETERS", 400, "invalid", _INVALID),
    GatewayAnswer("REQUEST_TOO_LARGE", 413, "too_large", "The body is too large."),
    GatewayAnswer(
        "UNSUPPORTED_MEDIA_TYPE",
        415,
        "media_type",
        "The operation does not take this media type.",
    ),
    GatewayAnswer("THROTTLED", 429, "throttled", _MANY),
    GatewayAnswer("QUOTA_EXCEEDED", 429, "throttled", _MANY),
    GatewayAnswer(
        "INTEGRATION_TIMEOUT", 504, "unavailable", "The answer took too long. Try again."
    ),
    GatewayAnswer(
        "INTEGRATION_FAILURE", 504, "unavailable", "A service does not answer. Try again."
    ),
    GatewayAnswer("AUTHORIZER_FAILURE", 500, "internal", _INTERNAL),
    GatewayAnswer("AUTHORIZER_CONFIGURATION_ERROR", 500, "internal", _INTERNAL),
    GatewayAnswer("API_CONFIGURATION_ERROR", 500, "internal", _INTERNAL),
    GatewayAnswer("DEFAULT_4XX", 400, "invalid", _INVALID),
    GatewayAnswer("DEFAULT_5XX", 500, "internal", _INTERNAL),
)
"""Every type there is, and the defaults for those to come."""


def add_gateway_responses(api: apigateway.RestApi) -> None:
    """Give an API all of them."""
    for answer in ANSWERS:
        api.add_gateway_response(
            f"Answer-{answer.kind}",
            type=apigateway.ResponseType.of(answer.kind),
            status_code=str(answer.status),
            response_headers={"Content-Type": f"'{PROBLEM}'", "Cache-Control": "'no-store'"},
            templates={"application/json": answer.body},
        )
