"""CustomMessage trigger: the owner's part, then the fence.

Event: "Custom message Lambda trigger", Amazon Cognito Developer Guide. It is
asked before a code or an invitation is sent, and a refusal fails the call: so nobody
recovers a password, or verifies an address, in a pool that stands by.
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
    return counting(Metric.MESSAGES_REFUSED, "custom_message", event, lambda: _slot().answer(asked))


@cache
def _slot() -> Slot:
    parts = SlotSettings.from_env().parts
    return Slot((), owner_of(parts.owner_function), RESERVED, fences(marked=parts.marked))
