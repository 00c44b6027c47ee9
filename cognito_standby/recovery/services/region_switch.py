"""Do what ARC Region switch asks: start the machine of this Region, and follow it to its end.

Region switch asks again, at its retry interval, until an invocation succeeds. So whoever still runs
at the end of an invocation is followed by the next one, and whoever was refused is tried anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cognito_standby.recovery.domain.region_switch import (
    SwitchRequest,
    done_already,
    input_of,
    refusal_of,
)
from cognito_standby.recovery.domain.requests import execution_name
from cognito_standby.recovery.ports import ClaimItems, FailoverMachines

ATTEMPTS = 50
"""Executions for one epoch; more are for a person to look at."""
POLL_SECONDS = 5.0


class StillRunningError(Exception):
    """The machine goes on; the next invocation follows it."""


class SwitchRefusedError(Exception):
    """It was not done, and the reason is for people."""


@dataclass(frozen=True)
class SwitchContext:
    """pause: waits that many seconds. has_time: whether another look fits into the invocation."""

    claims: ClaimItems
    machines: FailoverMachines
    pause: Callable[[float], None]
    has_time: Callable[[], bool]


def switch(ctx: SwitchContext, request: SwitchRequest) -> str:
    """Why it is done. StillRunningError, SwitchRefusedError."""
    standing = ctx.claims.standing()
    if why := done_already(request, standing):
        return why
    given = input_of(request, standing)
    name = _execution(ctx, request, given, standing.claims.next_number())
    while True:
        seen = ctx.machines.find(request.action, name)
        if seen is None:
            if not ctx.machines.start(request.action, name, given):
                raise StillRunningError(f"somebody else started {request.action} {name} just now")
        elif not seen.going:
            if why := refusal_of(request, seen):
                raise SwitchRefusedError(f"{request.action} {name}: {why}")
            return f"{request.action} {name} has done it"
        if not ctx.has_time():
            raise StillRunningError(f"{request.action} {name} is under way")
        ctx.pause(POLL_SECONDS)


def _execution(
    ctx: SwitchContext, request: SwitchRequest, given: Mapping[str, Any], epoch: int
) -> str:
    """Ours that is under way, or the next name that nobody has used.

    A planned failover of the same plan's execution may still wait while the plan was switched to an
    ungraceful one: it is left behind, and finds that its Region is active by then.
    """
    for attempt in range(ATTEMPTS):
        name = execution_name(epoch, attempt)
        seen = ctx.machines.find(request.action, name)
        if seen is None or (seen.going and seen.given == given):
            return name
        if seen.going and seen.given.get("asked") != request.asked:
            raise SwitchRefusedError(f"{request.action} {name} is under way for somebody else")
    raise SwitchRefusedError(f"{request.action} was tried {ATTEMPTS} times for epoch {epoch}")
