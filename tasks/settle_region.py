"""Settle Region: what is under way in this Region? Input: {"request": the execution's input}."""

from __future__ import annotations

from typing import Any

from cognito_standby.recovery.services.draining import settle
from tasks.failover_step import accepted_in, activity
from tasks.reporting import counted, report


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer what is still waited for."""
    calm = settle(activity(), accepted_in(event))
    report("settle_region: looked", {}, waits_for=", ".join(calm.waits_for) or "nothing")
    return {"settled": not calm.waits_for, "waits_for": list(calm.waits_for)}
