"""Called by a custom action of ARC Region switch, gracefully and ungracefully: has this Region fail
over, or stand down for the other one, by its machines.

Payload: `recovery/domain/region_switch.py`. An invocation that raises is repeated by Region switch
at the step's retry interval, until the step's own time limit.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from cognito_standby.core.adapters import clients
from cognito_standby.core.settings import region as own_region
from cognito_standby.recovery.adapters.claims import DynamoClaimItems
from cognito_standby.recovery.adapters.machines import SfnMachine
from cognito_standby.recovery.domain.region_switch import switch_request
from cognito_standby.recovery.domain.requests import FAIL_OVER, STAND_DOWN
from cognito_standby.recovery.ports import ClaimItems, Machine
from cognito_standby.recovery.services.region_switch import (
    POLL_SECONDS,
    SwitchContext,
    switch,
)
from cognito_standby.recovery.settings import SwitchSettings
from tasks.reporting import counted, report

SPARE_SECONDS = 20
"""What a look and an answer may take at the end of an invocation."""


@cache
def _ports() -> tuple[ClaimItems, Mapping[str, Machine]]:
    own = SwitchSettings.from_env()
    claims = DynamoClaimItems(clients.dynamodb(), own.records_table, own_region(), own.installation)
    arns = {FAIL_OVER: own.fail_over_machine_arn, STAND_DOWN: own.stand_down_machine_arn}
    states = clients.stepfunctions()
    return claims, {name: SfnMachine(states, arn) for name, arn in arns.items()}


@counted
def handler(event: dict[str, Any], invocation: Any) -> dict[str, Any]:
    """Answer why it is done. StillRunningError, SwitchRefusedError, InvalidRecordError."""
    request = switch_request(event)
    claims, machines = _ports()

    def has_time() -> bool:
        left: float = invocation.get_remaining_time_in_millis() / 1000
        return left > POLL_SECONDS + SPARE_SECONDS

    why = switch(SwitchContext(claims, machines, time.sleep, has_time), request)
    report("arc_region_switch: done", {}, action=request.action.value, why=why)
    return {"done": True, "why": why}
