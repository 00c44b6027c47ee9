"""PostConfirmation trigger: say who may have changed, and never fail a person's sign-up by it. An
owner's function is asked beside that; its answer and its errors stand.

Cognito waits 5 s, may call up to three times, and shows any error to the person. So both ways out,
the bus and then the parking queue, have short time-outs and one attempt. If neither takes the hint
and there is time left, both are tried again, because a user who signed up has no other hint. If
that fails, too, the lost hint is counted and the function returns. A hint carries no attribute but
the sub. Event shape: "Post confirmation Lambda trigger", Amazon Cognito Developer Guide.
"""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.config import Config

from cognito_standby.core.adapters import trigger_clients
from cognito_standby.core.adapters.events import EventBridgeHintBus, SqsHintParking
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.domain.subjects import digest
from cognito_standby.core.settings import BusSettings, ParkingSettings
from cognito_standby.triggers.services.slots import Slot
from cognito_standby.triggers.settings import OwnerSettings
from tasks.trigger_slot import call_of, owner_of, tell

_CLIENT = Config(connect_timeout=0.5, read_timeout=1, retries={"total_max_attempts": 1})
_PAUSES = (0.05, 0.1)
"""Seconds between the rounds; one round more than pauses."""
_QUICKLY = 0.8
"""Seconds after which no further round begins: a round takes 3 at most, and Cognito waits 5, the
cold start included."""
_SIGN_UP = "PostConfirmation_ConfirmSignUp"


def handler(event: dict[str, Any], context: object) -> Any:
    """Return the event unchanged, whatever happens; or answer as the owner's function does, if
    there is one. OwnerFunctionError.

    The two do not wait for each other: a bus that hangs takes no time from the owner's function,
    and who is confirmed is hinted at although that function refuses, or cannot be asked.
    """
    try:
        slot = _slot()
    except Exception:
        _hint(event)
        raise
    if slot is None:
        _hint(event)
        return event
    with ThreadPoolExecutor(1) as beside:
        beside.submit(_hint, event)
        return slot.answer(call_of(event, context))


def _hint(event: dict[str, Any]) -> None:
    try:
        _notify(event)
    except Exception as error:  # noqa: BLE001 - a sign-up must not fail for our sake
        tell("hint lost", {Metric.HINTS_LOST: 1}, error=type(error).__name__)


@cache
def _slot() -> Slot | None:
    owner = owner_of(OwnerSettings.function())
    return Slot((), owner) if owner else None


def hint_of(event: dict[str, Any]) -> Hint:
    """The hint of a trigger event."""
    source = str(event.get("triggerSource", ""))
    return Hint(
        local_sub=event["request"]["userAttributes"]["sub"],
        cause=source,
        change_id=str(uuid.uuid4()),
        hinted_at=datetime.now(UTC).isoformat(),
        user_pool_id=event["userPoolId"],
        created=source == _SIGN_UP,
    )


def _notify(event: dict[str, Any]) -> None:
    hint = hint_of(event)
    began = time.monotonic()
    for pause in _PAUSES:
        try:
            _send(hint)
            return
        except Exception:
            if time.monotonic() - began > _QUICKLY:
                raise
            time.sleep(pause)
    _send(hint)


def _send(hint: Hint) -> None:
    """To the bus, else to the queue; the error of the queue."""
    facts = {"user": digest(hint.local_sub), "change_id": hint.change_id, "cause": hint.cause}
    try:
        _bus().publish(hint)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the bus, the queue is next
        _parking().park(hint)
        tell("hint parked", {Metric.HINTS_PARKED: 1}, error=type(error).__name__, **facts)
        return
    tell("hint published", {Metric.HINTS_PUBLISHED: 1}, **facts)


@cache
def _bus() -> EventBridgeHintBus:
    client = trigger_clients.of("events", _CLIENT)
    return EventBridgeHintBus(client, BusSettings.from_env().bus_name)


@cache
def _parking() -> SqsHintParking:
    client = trigger_clients.of("sqs", _CLIENT)
    return SqsHintParking(client, ParkingSettings.from_env().parked_hints_url)
