"""Claim Region: this Region becomes the active one. Writes this Region's claim item and nothing
else.

Input: {"request": the execution's input, "execution": its ARN, "seen": what the survey of the
records has seen}.
"""

from __future__ import annotations

from typing import Any

from cognito_standby.recovery.domain.requests import failover_request
from cognito_standby.recovery.domain.surveys import seen_from
from cognito_standby.recovery.services.claiming import claim_region
from tasks.failover_step import claims
from tasks.reporting import counted, report
from tasks.sync_step import text_of


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer whether this execution has claimed, and the epoch."""
    request, seen = failover_request(event.get("request")), seen_from(event.get("seen"))
    done = claim_region(claims(), request, text_of(event, "execution"), seen.highest)
    report("claim_region: done", {}, claimed=done.claimed, epoch=done.number, why=done.why)
    return {"claimed": done.claimed, "epoch": done.number, "why": done.why}
