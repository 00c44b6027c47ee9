"""The executions of a failover's machines: found by the epoch that they are to claim, begun, run
on, and stopped where that is safe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cognito_standby.core.domain.moments import utc
from cognito_standby.failures.domain.executions import (
    GOING,
    Execution,
    ExecutionStatus,
    object_in,
)
from cognito_standby.recovery.domain.requests import execution_name
from cognito_standby.recovery.ports import Machine

_ATTEMPTS = 50
_CLAIMING = ("Claim Region", "Publish Active")
_MARKING = ("Stand Down",)
"""States whose call a stop would leave on its way. It would write the claim, or the mark, after
whoever stopped it has looked."""


def latest(machine: Machine, number: int) -> tuple[Execution | None, int]:
    """The last attempt at this epoch, and the number of the next."""
    last: Execution | None = None
    for attempt in range(_ATTEMPTS):
        found = machine.find(execution_name(number, attempt))
        if found is None:
            return last, attempt
        last = found
    return last, _ATTEMPTS


def going_on(machine: Machine, number: int) -> Execution | None:
    """The last attempt at this epoch, while it has not ended."""
    found, _ = latest(machine, number)
    return found if found is not None and found.status in GOING else None


def run(machine: Machine, number: int, given: Mapping[str, Any]) -> tuple[str, str]:
    """The execution that goes on now, and what was done to it; "": none, and why."""
    found, attempt = latest(machine, number)
    if found is not None and found.status in GOING:
        return found.arn, under_way(found)
    over = (ExecutionStatus.FAILED, ExecutionStatus.TIMED_OUT)
    if found is not None and found.status in over and _asks_the_same(found, given):
        refused = machine.redrive(found.arn)
    else:
        refused = "nothing to run on"
    if found is not None and not refused:
        return found.arn, "goes on where it failed"
    name = execution_name(number, attempt)
    if not machine.start(name, given):
        return "", f"somebody else has just started {name}: run this again to follow it"
    begun = machine.find(name)
    return (begun.arn, "started") if begun else ("", f"{name} was started and is not there")


def under_way(found: Execution) -> str:
    """What is said of one that somebody began."""
    return f"is under way since {utc(found.started_at)}"


def stop_failing_over(machine: Machine, found: Execution, why: str) -> bool:
    """End an execution of `fail_over` that only waits. False: it claims, or did when it ended, so
    that only a later look tells who is active."""
    if machine.place(found.arn).startswith(_CLAIMING):
        return False
    machine.stop(found.arn, why)
    return not machine.place(found.arn).startswith(_CLAIMING)


def stop_standing_down(machine: Machine, found: Execution, why: str) -> bool:
    """End an execution of `stand_down`. False: its first call may not have written the mark yet.

    Where it is not known, as right after the start, it may be there. The last call is safe: it
    writes over the mark, and a mark that was taken back is another item.
    """
    place = machine.place(found.arn)
    if not place or place.startswith(_MARKING):
        return False
    machine.stop(found.arn, why)
    return True


def mode_of(execution: Execution) -> str:
    """Planned or outage, as its input says."""
    return str(object_in(execution.input).get("mode", ""))


def _asks_the_same(execution: Execution, given: Mapping[str, Any]) -> bool:
    """Whoever asked."""
    return {**object_in(execution.input), "asked": ""} == {**given, "asked": ""}
