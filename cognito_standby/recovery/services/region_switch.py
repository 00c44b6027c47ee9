"""Do what ARC Region switch asks: start the machine of this Region, and follow it to its end.

Region switch asks again, at its retry interval, until an invocation succeeds. So whoever still runs
at the end of an invocation is followed by the next one, and whoever was refused is tried anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cognito_standby.failures.domain.executions import GOING, object_in
from cognito_standby.recovery.domain.region_switch import (
    SwitchRequest,
    done_already,
    input_of,
    refusal_of,
)
from cognito_standby.recovery.domain.requests import execution_name
from cognito_standby.recovery.ports import ClaimItems, Machine

ATTEMPTS = 50
"""Executions for one epoch; more are for a person to look at."""
POLL_SECONDS = 5.0


class StillRunningError(Exception):
    """The machine goes on; the next invocation follows it."""


class SwitchRefusedError(Exception):
    """It was not done, and the reason is for people."""


@dataclass(frozen=True)
class SwitchContext:
    """machines: by the name of the action.

    pause: waits that many seconds. has_time: whether another look fits into the invocation."""

    claims: ClaimItems
    machines: Mapping[str, Machine]
    pause: Callable[[float], None]
    has_time: Callable[[], bool]


def switch(ctx: SwitchContext, request: SwitchRequest) -> str:
    """Why it is done. StillRunningError, SwitchRefusedError."""
    standing = ctx.claims.standing()
    if why := done_already(request, standing):
        return why
    given = input_of(request, standing)
    machine = ctx.machines[request.action.value]
    name = _execution(machine, request, given, standing.claims.next_number())
    while True:
        seen = machine.find(name)
        if seen is None:
            if not machine.start(name, given):
                raise StillRunningError(f"somebody else started {request.action} {name} just now")
        elif seen.status not in GOING:
            if why := refusal_of(request, seen):
                raise SwitchRefusedError(f"{request.action} {name}: {why}")
            return f"{request.action} {name} has done it"
        if not ctx.has_time():
            raise StillRunningError(f"{request.action} {name} is under way")
        ctx.pause(POLL_SECONDS)


def _execution(
    machine: Machine, request: SwitchRequest, given: Mapping[str, Any], epoch: int
) -> str:
    """Ours that is under way, or the next name that nobody has used.

    A planned failover of the same plan's execution may still wait while the plan was switched to an
    ungraceful one: it is left behind, and finds that its Region is active by then.
    """
    for attempt in range(ATTEMPTS):
        name = execution_name(epoch, attempt)
        seen = machine.find(name)
        if seen is None:
            return name
        asked, going = object_in(seen.input), seen.status in GOING
        if going and asked == given:
            return name
        if going and asked.get("asked") != request.asked:
            raise SwitchRefusedError(f"{request.action} {name} is under way for somebody else")
    raise SwitchRefusedError(f"{request.action} was tried {ATTEMPTS} times for epoch {epoch}")
