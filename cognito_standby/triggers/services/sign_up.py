"""The part of PreSignUp that keeps callers from naming an origin sub."""

from __future__ import annotations

from cognito_standby.triggers.domain.sign_ups import refusal_of
from cognito_standby.triggers.ports import RefusedError
from cognito_standby.triggers.services.slots import Call, Response


def refuse_origin_sub(call: Call, response: Response) -> Response:
    """The response as it is. RefusedError: the caller names an origin sub."""
    if why := refusal_of(call.source, call.attributes):
        raise RefusedError(why)
    return response
