"""PreSignUp trigger: the owner's part, the fence, then nobody names an origin sub of their own, and
in a pool that is filled on demand nobody takes the name of somebody who is awaited.

Event: "Pre sign-up Lambda trigger", Amazon Cognito Developer Guide. It is also asked for whom a
replay makes (PreSignUp_AdminCreateUser). Whatever is raised here is a refusal, and Cognito shows
its text to the app.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.settings import FilledSettings
from cognito_standby.triggers.services.kept_names import KeepNames
from cognito_standby.triggers.services.sign_up import refuse_origin_sub
from cognito_standby.triggers.services.slots import Part, Slot
from cognito_standby.triggers.settings import SlotSettings
from tasks.fence import RESERVED, counting, fences
from tasks.trigger_slot import call_of, owner_of


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer as the owner's function does, or with the event. RefusedError, OwnerFunctionError."""
    asked = call_of(event, context)
    return counting(Metric.SIGN_UPS_REFUSED, "pre_sign_up", event, lambda: _slot().answer(asked))


@cache
def _slot() -> Slot:
    parts = SlotSettings.from_env().parts
    guards = (*fences(marked=parts.marked), refuse_origin_sub, *_keepers())
    return Slot((), owner_of(parts.owner_function), RESERVED, guards)


def _keepers() -> tuple[Part, ...]:
    if not FilledSettings.on_demand():
        return ()
    from tasks.on_demand import kept  # noqa: PLC0415 - records cost a cold start

    return (KeepNames(kept),)
