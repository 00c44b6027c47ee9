"""PreAuthentication trigger: the owner's part, then the fence.

Event: "Pre authentication Lambda trigger", Amazon Cognito Developer Guide. It is
asked at the first call of a sign-in, of whatever kind, for whoever exists. It is not
asked for renewed sessions, which PreTokenGeneration stops.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.core.domain.metrics import Metric
from cognito_standby.triggers.services.slots import Slot
from cognito_standby.triggers.settings import SlotSettings
from tasks.fence import RESERVED, counting, fences
from tasks.trigger_slot import call_of, owner_of


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer as the owner's function does, or with the event. RefusedError, OwnerFunctionError."""
    asked = call_of(event, context)
    return counting(
        Metric.SIGN_INS_REFUSED, "pre_authentication", event, lambda: _slot().answer(asked)
    )


@cache
def _slot() -> Slot:
    parts = SlotSettings.from_env().parts
    return Slot((), owner_of(parts.owner_function), RESERVED, fences(marked=parts.marked))
