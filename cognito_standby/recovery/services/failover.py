"""`standby failover`: look, begin, follow, abort. Everything can be done again: what was begun is
found by its name, and what failed runs on from where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.failures.domain.executions import (
    FAILED,
    GOING,
    Execution,
    ExecutionStatus,
    object_in,
)
from cognito_standby.operator.domain.health import RegionView
from cognito_standby.operator.services.context import Unreachable
from cognito_standby.operator.services.status import look_at
from cognito_standby.recovery.domain.checks import Check, checks_of, losses
from cognito_standby.recovery.domain.requests import (
    FailoverMode,
    FailoverRequest,
    StandDownRequest,
    execution_name,
)
from cognito_standby.recovery.services.desk import Desk, Machine

_ATTEMPTS = 50
_HEARD_HOURS = (1, 6, 24, 168)
LOOK_SECONDS = 10.0
"""More than for `standby status`: a check that is not known stops a failover."""

Other = Desk | Unreachable | None
"""The other Region; None: it is not asked."""


@dataclass(frozen=True)
class Looked:
    """What there is to know before a failover."""

    checks: tuple[Check, ...]
    losses: tuple[str, ...]


@dataclass(frozen=True)
class Begun:
    """A failover that goes on; `noted` says what was done to it. `source`: the execution of
    `stand_down`; "": none."""

    execution: str
    noted: str
    source: str = ""


@dataclass(frozen=True)
class NotBegun:
    """Nothing was begun."""

    why: str


@dataclass(frozen=True)
class Ended:
    """How an execution ended. `outcome`: of its output; "": it failed, and `why` says how."""

    outcome: str
    why: str
    told: dict[str, Any]


def look(target: Desk, other: Other, other_region: str, mode: FailoverMode) -> Looked:
    """Every check, and what would be lost."""
    view = look_at(target.context, LOOK_SECONDS)
    source: RegionView | None = None
    if isinstance(other, Unreachable):
        source = RegionView(other.region, unreachable=other.reason)
    elif other is not None:
        source = look_at(other.context, LOOK_SECONDS)
    answers = source is not None and not source.unreachable
    heard = "" if answers else _last_heard(target)
    checks = checks_of(view, target.world(), source, other_region, mode, heard)
    return Looked(tuple(checks), tuple(losses(checks, view, mode)))


def _last_heard(target: Desk) -> str:
    """When a record of the other Region was last replayed here, as far as the figures tell."""
    now = target.context.clock.now()
    for hours in _HEARD_HOURS:
        try:
            if target.context.gauges.lag(now - timedelta(hours=hours), now) is not None:
                return f"within the last {hours} h"
        except StandbyError:
            return "at a time that is not known"
    return f"more than {_HEARD_HOURS[-1]} h ago, if ever"


def begin(
    target: Desk, other: Other, mode: FailoverMode, accepted: Collection[str], asked: str
) -> Begun | NotBegun:
    """Start a failover, or find the one that is under way. `asked` tells two requests apart."""
    claims = target.context.records.read_claims()
    active = claims.highest()
    if active.region == target.region:
        return _finish(target, active.number)
    number, wanted = claims.next_number(), tuple(sorted(accepted))
    found, _ = _latest(target.fail_over, number)
    if found is not None and found.status in GOING and _mode_of(found) != mode.value:
        why = f"a failover in the other mode is under way: {found.arn}; stop it first: "
        return NotBegun(f"{why}standby failover --to {target.region} --abort")
    source = ""
    if mode is FailoverMode.PLANNED:
        if not isinstance(other, Desk):
            return NotBegun("the other Region does not answer, and has to stand down first")
        down = StandDownRequest(target.region, accepted=wanted, asked=asked)
        source, noted = _run(other.stand_down, number, down.given())
        if not source:
            return NotBegun(f"{other.region}: {noted}")
    execution, noted = _run(target.fail_over, number, FailoverRequest(mode, wanted, asked).given())
    return Begun(execution, noted, source) if execution else NotBegun(noted)


def _finish(target: Desk, number: int) -> Begun | NotBegun:
    """The Region is active. Its claim may be one of which nobody was told yet."""
    found, _ = _latest(target.fail_over, number)
    if found is not None and found.status in GOING:
        return Begun(found.arn, f"is under way since {found.started_at:%Y-%m-%d %H:%M:%S} UTC")
    if found is not None and found.status in FAILED and not target.fail_over.redrive(found.arn):
        return Begun(found.arn, "has claimed, and goes on where it failed")
    return NotBegun(f"{target.region} is the active Region already, since epoch {number}")


def _run(machine: Machine, number: int, given: dict[str, Any]) -> tuple[str, str]:
    """The execution that goes on now, and what was done to it; "": none, and why."""
    found, attempt = _latest(machine, number)
    if found is not None and found.status in GOING:
        return found.arn, f"is under way since {found.started_at:%Y-%m-%d %H:%M:%S} UTC"
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


def _latest(machine: Machine, number: int) -> tuple[Execution | None, int]:
    """The last attempt at this epoch, and the number of the next."""
    last: Execution | None = None
    for attempt in range(_ATTEMPTS):
        found = machine.find(execution_name(number, attempt))
        if found is None:
            return last, attempt
        last = found
    return last, _ATTEMPTS


def _asks_the_same(execution: Execution, given: dict[str, Any]) -> bool:
    """Whoever asked."""
    return {**object_in(execution.input), "asked": ""} == {**given, "asked": ""}


def _mode_of(execution: Execution) -> str:
    return str(object_in(execution.input).get("mode", ""))


def follow(
    machine: Machine,
    execution: str,
    tell: Callable[[str], None],
    pause: Callable[[float], None],
    every: float,
) -> Ended:
    """Until it has ended; `tell` is told each new place."""
    name, before = execution.rsplit(":", 1)[-1], ""
    while True:
        found = machine.find(name)
        if found is None:
            return Ended("", f"the execution {name} is not there", {})
        if found.status not in GOING:
            return _ended(found)
        if (place := machine.place(found.arn)) and place != before:
            tell(place)
            before = place
        pause(every)


def _ended(found: Execution) -> Ended:
    if found.status is not ExecutionStatus.SUCCEEDED:
        return Ended("", found.failure, {})
    told = object_in(found.output)
    outcome = str(told.get("outcome") or told.get("turn") or "refused")
    return Ended(outcome, str(told.get("why", "")), told)


def abort(
    target: Desk | Unreachable, source: Desk, accepted: Collection[str], asked: str
) -> Begun | NotBegun:
    """Stop a planned failover, and have the source open again, unless the target has claimed.

    A target that cannot be asked may have claimed: then only `target` among `accepted` goes on. Its
    claim, if there is one, wins as soon as it is seen.
    """
    claims = source.context.records.read_claims()
    number = claims.next_number()
    if isinstance(target, Unreachable):
        if "target" not in accepted:
            return NotBegun(
                f"{target.region} may have claimed, and cannot be asked: {target.reason}; "
                "--accept target opens the other Region all the same"
            )
    else:
        if (late := _stop_claiming(target, number)) is not None:
            return late
        if target.context.records.read_claims().highest().region == target.region:
            return NotBegun(f"too late: {target.region} has claimed")
    found, _ = _latest(source.stand_down, number)
    if found is not None and found.status in GOING:
        source.stand_down.stop(found.arn, "aborted by an operator")
    other = target.region
    name = f"{execution_name(number)}-abort-{asked}"[:80]
    source.stand_down.start(name, StandDownRequest(other, abort=True, asked=asked).given())
    begun = source.stand_down.find(name)
    return Begun(begun.arn, "started") if begun else NotBegun(f"{name} was not started")


def _stop_claiming(target: Desk, number: int) -> NotBegun | None:
    """A stop leaves a call of a function on its way: so not while it claims."""
    found, _ = _latest(target.fail_over, number)
    if found is None or found.status not in GOING:
        return None
    if target.fail_over.place(found.arn).startswith(("Claim Region", "Publish Active")):
        return NotBegun(f"{target.region} is claiming at this moment: look again in a minute")
    target.fail_over.stop(found.arn, "aborted by an operator")
    return None
