"""What ARC Region switch asks by a custom action, and what is answered. Pure.

A plan's step names one function in each Region and a payload; Region switch adds `InvokedBy`,
`PlanArn`, `ExecutionId` and `StepName` to it (API reference, Lambdas). Whether the plan is executed
gracefully is not among them: a step that is not for ungraceful executions is left out there
(`ungraceful: skip`). So a plan has three steps, and each says itself what it is for:

    {"action": "stand_down"}                      deactivating Region, skipped if ungraceful
    {"action": "fail_over", "mode": "planned"}    activating Region, skipped if ungraceful
    {"action": "fail_over", "mode": "outage"}     activating Region, always; nothing is left to do
                                                  where the one before has succeeded
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.subjects import digest
from cognito_standby.failures.domain.executions import (
    Execution,
    ExecutionStatus,
    object_in,
)
from cognito_standby.recovery.domain.requests import FAIL_OVER, STAND_DOWN, FailoverMode
from cognito_standby.recovery.domain.standing import Standing

_ASKED_BY = "ARC Region switch "


class Action(StrEnum):
    """What a step does in its Region; the name of the machine."""

    FAIL_OVER = FAIL_OVER
    STAND_DOWN = STAND_DOWN


@dataclass(frozen=True)
class SwitchRequest:
    """asked: the execution of the plan, alike in all its steps and their retries."""

    action: Action
    mode: FailoverMode
    asked: str


def switch_request(event: Any) -> SwitchRequest:
    """Read an invocation. InvalidRecordError: what is wrong with it, for people."""
    if not isinstance(event, dict):
        raise InvalidRecordError("the payload is not a JSON object")
    try:
        action = Action(event.get("action", ""))
    except ValueError:
        raise InvalidRecordError("`action` is neither fail_over nor stand_down") from None
    wanted = event.get("mode", "" if action is Action.FAIL_OVER else FailoverMode.PLANNED.value)
    try:
        mode = FailoverMode(wanted)
    except ValueError:
        raise InvalidRecordError("`mode` is neither planned nor outage") from None
    execution = event.get("ExecutionId")
    if not isinstance(execution, str) or not execution:
        raise InvalidRecordError("no `ExecutionId`: this is for ARC Region switch")
    asked = _ASKED_BY + digest(f"{event.get('PlanArn', '')} {execution}")
    return SwitchRequest(action, mode, asked)


def input_of(request: SwitchRequest, standing: Standing) -> dict[str, Any]:
    """The machine's input. No check is accepted beforehand: only a person may pass a failed one."""
    told: dict[str, Any] = {"accepted": [], "asked": request.asked}
    if request.action is Action.STAND_DOWN:
        return {"target": standing.other, "abort": False, **told}
    return {"mode": request.mode.value, **told}


def done_already(request: SwitchRequest, standing: Standing) -> str:
    """Why nothing is left to do; "": something is."""
    own = standing.own_or_implicit
    since = f"since epoch {standing.claims.highest().number}"
    if request.action is Action.FAIL_OVER:
        # One that made way and was never relieved is active by its claim, and its door is closed.
        if standing.active and not own.stood_down:
            return f"{standing.region} is the active Region, {since}"
        return ""
    if not standing.active:
        return f"{standing.other} is the active Region, {since}"
    if own.stood_down == standing.other and own.drained is not None:
        return f"{standing.region} has stood down, and nothing is under way here"
    return ""


def refusal_of(request: SwitchRequest, ended: Execution) -> str:
    """Why an execution that has ended did not do what was asked; "": it did."""
    if ended.status is not ExecutionStatus.SUCCEEDED:
        return ended.failure
    wanted = {Action.FAIL_OVER: ("outcome", "claimed"), Action.STAND_DOWN: ("turn", "drained")}
    name, value = wanted[request.action]
    told = object_in(ended.output)
    if told.get(name) == value:
        return ""
    return str(told.get("why") or "it ended without a reason")
