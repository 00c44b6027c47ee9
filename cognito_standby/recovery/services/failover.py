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
from cognito_standby.recovery.ports import Machine
from cognito_standby.recovery.services.attempts import (
    going_on,
    latest,
    mode_of,
    run,
    stop_failing_over,
    stop_standing_down,
    under_way,
)
from cognito_standby.recovery.services.desk import Desk

_ABORTED = "aborted by an operator"
_HEARD = {1: "hour", 6: "6 hours", 24: "day", 168: "7 days"}
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
    heard = "" if answers and view.lag_p99 is not None else _last_heard(target)
    checks = checks_of(view, target.world(), source, other_region, mode, heard)
    fenced = None if source is None else source.fenced
    return Looked(tuple(checks), tuple(losses(checks, view, mode, other_region, fenced=fenced)))


def _last_heard(target: Desk) -> str:
    """When a record of the other Region was last replayed here, as far as the figures tell."""
    now = target.context.clock.now()
    for hours, words in _HEARD.items():
        try:
            if target.context.gauges.lag(now - timedelta(hours=hours), now) is not None:
                return f"within the last {words}"
        except StandbyError:
            return "at a time that is not known"
    return "more than 7 days ago, if ever"


def begin(
    target: Desk, other: Other, mode: FailoverMode, accepted: Collection[str], asked: str
) -> Begun | NotBegun:
    """Start a failover, or find the one that is under way. `asked` tells two requests apart.

    In an outage a planned one that still waits is stopped: the Region it waits for is lost.
    """
    claims = target.context.records.read_claims()
    active = claims.highest()
    if active.region == target.region:
        return _finish(target, active.number)
    number, wanted = claims.next_number(), tuple(sorted(accepted))
    request = FailoverRequest(mode, wanted, asked)
    goes_on = going_on(target.fail_over, number)
    otherwise = goes_on is not None and mode_of(goes_on) != mode.value
    if mode is FailoverMode.OUTAGE:
        return _in_outage(target, number, request, instead=otherwise)
    if goes_on is not None and otherwise:
        why = f"a failover in the other mode is under way: {goes_on.arn}; stop it first: "
        return NotBegun(f"{why}standby failover --to {target.region} --abort")
    if not isinstance(other, Desk):
        return NotBegun("the other Region does not answer, and has to stand down first")
    down = StandDownRequest(target.region, accepted=wanted, asked=asked)
    source, noted = run(other.stand_down, number, down.given())
    if not source:
        return NotBegun(f"{other.region}: {noted}")
    return _begun(*run(target.fail_over, number, request.given()), source)


def _in_outage(
    target: Desk, number: int, request: FailoverRequest, *, instead: bool
) -> Begun | NotBegun:
    """`instead`: of a planned one, which waits for a Region that is lost."""
    if instead and (late := _stop_claiming(target, number)):
        return NotBegun(late)
    execution, noted = run(target.fail_over, number, request.given())
    return _begun(execution, f"{noted}; the planned one was stopped" if instead else noted)


def _begun(execution: str, noted: str, source: str = "") -> Begun | NotBegun:
    return Begun(execution, noted, source) if execution else NotBegun(noted)


def _finish(target: Desk, number: int) -> Begun | NotBegun:
    """The Region is active. Its claim may be one of which nobody was told yet."""
    found, _ = latest(target.fail_over, number)
    if found is not None and found.status in GOING:
        return Begun(found.arn, under_way(found))
    if found is not None and found.status in FAILED and not target.fail_over.redrive(found.arn):
        return Begun(found.arn, "has claimed, and goes on where it failed")
    return NotBegun(f"{target.region} is the active Region already, since epoch {number}")


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
    number = source.context.records.read_claims().next_number()
    if isinstance(target, Unreachable):
        if "target" not in accepted:
            return NotBegun(
                f"{target.region} may have claimed, and cannot be asked: {target.reason}; "
                "--accept target opens the other Region all the same"
            )
    else:
        if late := _stop_claiming(target, number):
            return NotBegun(late)
        if target.context.records.read_claims().highest().region == target.region:
            return NotBegun(f"too late: {target.region} has claimed")
    found = going_on(source.stand_down, number)
    if found is not None and not stop_standing_down(source.stand_down, found, _ABORTED):
        return NotBegun(f"{source.region} closes at this moment: look again in a minute")
    other = target.region
    name = f"{execution_name(number)}-abort-{asked}"[:80]
    source.stand_down.start(name, StandDownRequest(other, abort=True, asked=asked).given())
    begun = source.stand_down.find(name)
    return Begun(begun.arn, "started") if begun else NotBegun(f"{name} was not started")


def abort_without_source(target: Desk, source: Unreachable) -> str:
    """Stop what waits in the target, though the source cannot be opened; what is left to do."""
    told = f"{source.region} does not answer and stays as it is: {source.reason}"
    if late := _stop_claiming(target, target.context.records.read_claims().next_number()):
        return f"{told}; {late}"
    how = f"standby failover --to {target.region}"
    return (
        f"{told}. In {target.region} nothing goes on any more. Once {source.region} answers, "
        f"{how} --abort opens it; if it stays away, {how} --outage"
    )


def _stop_claiming(target: Desk, number: int) -> str:
    """Why what is under way in the target is not stopped; "": nothing is under way any more."""
    found = going_on(target.fail_over, number)
    if found is None or stop_failing_over(target.fail_over, found, _ABORTED):
        return ""
    return f"{target.region} is claiming at this moment: look again in a minute"
