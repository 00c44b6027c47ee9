"""PostConfirmation: after ConfirmSignUp, AdminConfirmSignUp and ConfirmForgotPassword, and after a
sign-up that PreSignUp confirmed (Amazon Cognito developer guide, "Post confirmation Lambda
trigger"). Its failure reaches the caller as the failure of the call, although the user is confirmed
already ("Customizing user pool workflows with Lambda triggers": considerations, errors).
"""

from __future__ import annotations

from typing import Any

from local.cognito_store import CognitoStore, Pool, User
from local.gaps.triggers import events
from local.gaps.triggers.invoking import AnsweredError, Invoker
from local.gateway import Forward
from local.protocol import Call, Reply

TRIGGER = "PostConfirmation"
SIGN_UP, FORGOT = "PostConfirmation_ConfirmSignUp", "PostConfirmation_ConfirmForgotPassword"
SOURCES = {
    "ConfirmSignUp": SIGN_UP,
    "AdminConfirmSignUp": SIGN_UP,
    "SignUp": SIGN_UP,
    "ConfirmForgotPassword": FORGOT,
}


class PostConfirmation:
    """A layer that fires the trigger after a successful confirmation."""

    def __init__(self, store: CognitoStore, invoker: Invoker) -> None:
        self._store, self._invoker = store, invoker

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Let the call happen, then fire; the trigger's failure replaces the success."""
        reply = await forward(call)
        source = SOURCES.get(call.operation)
        if source is None or not reply.ok:
            return reply
        if call.operation == "SignUp" and not reply.json.get("UserConfirmed"):
            return reply
        pool = self._store.pool_of(call)
        function = pool.trigger(TRIGGER) if pool else ""
        user = self._store.user_of(call, pool) if pool else None
        if not function or pool is None or user is None:
            return reply
        try:
            await self._invoker.ask(TRIGGER, function, _event(source, call, pool, user))
        except AnsweredError as refused:
            return refused.reply
        return reply


def _event(source: str, call: Call, pool: Pool, user: User) -> dict[str, Any]:
    attributes = {**user.attributes, "cognito:user_status": user.status}
    return events.event(
        source,
        region=pool.region,
        pool_id=pool.id,
        username=user.username,
        client_id=str(call.params.get("ClientId", "")),
        request={
            "userAttributes": attributes,
            **events.metadata(call.params.get("ClientMetadata")),
        },
        response={},
    )
