"""Stand Down: this Region makes way for the other one, or opens again. Writes this Region's claim
item and nothing else.

Input: {"request": the execution's input, "drained": what a survey has seen of this Region's records
once nothing was under way, {} before that}.
"""

from __future__ import annotations

from typing import Any

from cognito_standby.core.settings import region as own_region
from cognito_standby.recovery.domain.requests import stand_down_request
from cognito_standby.recovery.domain.surveys import seen_from
from cognito_standby.recovery.services.claiming import reopen, stand_down
from tasks.failover_step import claims
from tasks.reporting import counted, report


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer what became of it."""
    request, raw = stand_down_request(event.get("request")), event.get("drained")
    if request.abort:
        done = reopen(claims())
    else:
        drained = seen_from(raw).tally if raw else None
        done = stand_down(claims(), request, drained)
    report("stand_down: done", {}, turn=done.turn.value, epoch=done.number, why=done.why)
    return {
        "turn": done.turn.value,
        "epoch": done.number,
        "why": done.why,
        "region": own_region(),
    }
