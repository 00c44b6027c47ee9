"""The layer that asks the rules, then lets the call happen with its side effects."""

from __future__ import annotations

from local.cognito_rules.refusals import CognitoError
from local.cognito_store import CognitoStore
from local.gaps.strict_cognito.context import Context
from local.gaps.strict_cognito.effects import Effects, losers
from local.gaps.strict_cognito.operations import OPERATIONS
from local.gateway import Emulator, Forward
from local.protocol import Call, Reply


class StrictCognito:
    """Refuses as AWS does."""

    def __init__(self, store: CognitoStore, emulator: Emulator) -> None:
        self._store = store
        self._effects = Effects(emulator)

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """The first refusal, or the call with everything that belongs to it."""
        operation = OPERATIONS.get(call.operation)
        context = Context.of(call, self._store) if operation else None
        if operation is None or context is None:
            return await forward(call)
        try:
            plan = operation(context, self._effects.waiting(context))
            lost = losers(context, plan)
        except CognitoError as refused:
            if refused.reveals and _hides(context):
                return _pretended(context)
            return Reply.refusal(refused.code, refused.message)
        reply = await forward(plan.call)
        if reply.ok:
            await self._effects.after(context, plan, lost)
        return reply


def _hides(context: Context) -> bool:
    """Guide, "Managing user existence error responses"."""
    hides = context.client.get("PreventUserExistenceErrors") == "ENABLED"
    return hides and context.call.operation == "ForgotPassword"


def _pretended(context: Context) -> Reply:
    """A code that is never sent."""
    destination = f"{context.username[:1]}***@***"
    details = {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": destination}
    return Reply.of({"CodeDeliveryDetails": details})
