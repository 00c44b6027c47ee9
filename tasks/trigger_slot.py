"""What the functions behind a pool's triggers share: their time, the owner's part, and the answer.

Which trigger has which parts, in which order: `cognito_standby/triggers/services/slots.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cognito_standby.triggers.ports import OwnerFunction
from cognito_standby.triggers.services.slots import COLD_START, Call
from tasks.reporting import logger, report


def call_of(event: Mapping[str, Any], context: Any) -> Call:
    """Cognito's question, with the time that is left for it by Lambda's clock."""
    return Call(event, lambda: context.get_remaining_time_in_millis() / 1000 - COLD_START)


def owner_of(arn: str) -> OwnerFunction | None:
    """The owner's function of this ARN; "": there is none."""
    if not arn:
        return None
    from tasks.owner_function import connected  # noqa: PLC0415 - the SDK costs a cold start

    return connected(arn)


def tell(message: str, counts: dict[str, float], **facts: Any) -> None:
    """Report, and never fail a person's sign-up or sign-in by it."""
    try:
        report(message, counts, **facts)
    except Exception:  # noqa: BLE001 - not even a broken log may reach the person
        logger().exception("reporting failed")
