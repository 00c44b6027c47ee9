"""Plan Failover: where the Regions stand, and what comes next. Changes nothing.

Input: {"request": the execution's input, "execution": its ARN}.
"""

from __future__ import annotations

from typing import Any

from cognito_standby.recovery.domain.requests import failover_request
from cognito_standby.recovery.domain.surveys import tally_to
from cognito_standby.recovery.services.claiming import plan_failover
from tasks.failover_step import claims
from tasks.reporting import counted, report
from tasks.sync_step import text_of


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with the step to come, and with the records that have to be here before a claim."""
    request = failover_request(event.get("request"))
    plan = plan_failover(claims(), request, text_of(event, "execution"))
    report("plan_failover: looked", {}, step=plan.next.step.value, why=plan.next.why)
    return {
        "step": plan.next.step.value,
        "why": plan.next.why,
        "mode": request.mode.value,
        "region": plan.standing.region,
        "source": plan.standing.other,
        "epoch": plan.standing.claims.highest().number,
        "wanted": tally_to(plan.wanted) or {},
    }
