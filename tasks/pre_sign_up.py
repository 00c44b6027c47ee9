"""PreSignUp trigger: the owner's part, then nobody names an origin sub of their own.

Event: "Pre sign-up Lambda trigger", Amazon Cognito Developer Guide. It is also asked for whom a
replay makes (PreSignUp_AdminCreateUser). Whatever is raised here is a refusal, and Cognito shows
its text to the app.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.core.domain.metrics import Metric
from cognito_standby.triggers.ports import RefusedError
from cognito_standby.triggers.services.sign_up import refuse_origin_sub
from cognito_standby.triggers.services.slots import Slot
from cognito_standby.triggers.settings import SlotSettings
from tasks.trigger_slot import call_of, owner_of, tell

_RESERVED = 0.2
"""Seconds that the owner's function leaves: what follows asks nobody."""


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer as the owner's function does, or with the event. RefusedError, OwnerFunctionError."""
    try:
        return _slot().answer(call_of(event, context))
    except RefusedError:
        source = str(event.get("triggerSource", ""))
        tell("pre_sign_up: refused", {Metric.SIGN_UPS_REFUSED: 1}, cause=source)
        raise


@cache
def _slot() -> Slot:
    parts = SlotSettings.from_env().parts
    return Slot((refuse_origin_sub,), owner_of(parts), _RESERVED)
