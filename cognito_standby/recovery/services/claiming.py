"""Claiming, standing down, and opening again: each writes this Region's own claim item alone.

Each looks first and writes over exactly what it saw. A repetition, a redrive or a second operator
finds what was done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import PlanStaleError
from cognito_standby.recovery.domain.requests import FailoverRequest, StandDownRequest
from cognito_standby.recovery.domain.standing import ClaimItem, Standing, Tally, marked, reopened
from cognito_standby.recovery.domain.steps import (
    NextStep,
    NextTurn,
    Step,
    Turn,
    may_reopen,
    next_step,
    next_turn,
)
from cognito_standby.recovery.ports import ClaimItems


@dataclass(frozen=True)
class Plan:
    """What comes next, and which records of the other Region have to be here before a claim; None:
    it is not waited for any."""

    next: NextStep
    standing: Standing
    wanted: Tally | None = None


@dataclass(frozen=True)
class Claimed:
    """The outcome of a claim. `number`: of this Region's claim, or of the one that stands above."""

    claimed: bool
    number: int
    why: str


@dataclass(frozen=True)
class StoodDown:
    """What became of a request to stand down or to open again."""

    turn: Turn
    number: int
    why: str


def plan_failover(items: ClaimItems, request: FailoverRequest, execution: str) -> Plan:
    """Look where the Regions stand, and say what comes next."""
    standing = items.standing()
    following = next_step(standing, request.mode, execution)
    if following.step is not Step.SURVEY or not standing.makes_way or standing.theirs is None:
        return Plan(following, standing)
    return Plan(following, standing, standing.theirs.drained)


def claim_region(
    items: ClaimItems, request: FailoverRequest, execution: str, highest: Epoch | None
) -> Claimed:
    """Claim a number above every claim and every epoch of the records.

    `highest` of the records. PlanStaleError: this Region's item was written between look and write.
    """
    plan = plan_failover(items, request, execution)
    own = plan.standing.own_or_implicit
    match plan.next.step:
        case Step.PUBLISH:
            return Claimed(True, own.number, plan.next.why)
        case Step.WAIT | Step.REFUSE:
            above = plan.standing.claims.highest().number
            return Claimed(False, above, plan.next.why)
        case Step.SURVEY:
            pass
        case _:
            assert_never(plan.next.step)
    number = plan.standing.next_number(() if highest is None else (highest,))
    _write(items, plan.standing, ClaimItem(number, execution=execution))
    return Claimed(True, number, f"above epoch {number - 1}, the highest that was seen")


def stand_down(items: ClaimItems, request: StandDownRequest, drained: Tally | None) -> StoodDown:
    """Make way for the other Region. The mark first; then, once nothing is under way, the tally of
    all that was written (`drained`). PlanStaleError: as `claim_region`."""
    standing = items.standing()
    decided = next_turn(standing, request.target, draining=drained is not None)
    if decided.turn is not Turn.MARK:
        return _told(standing, decided)
    own = standing.own_or_implicit
    noted = marked(own, request.target)
    if drained is None:
        _write(items, standing, noted)
        return StoodDown(Turn.DRAIN, own.number, "the mark is written")
    _write(items, standing, replace(noted, drained=drained))
    return StoodDown(Turn.DRAINED, own.number, f"stood down for {request.target}")


def reopen(items: ClaimItems) -> StoodDown:
    """Take the mark back. PlanStaleError: as `claim_region`."""
    standing = items.standing()
    decided = may_reopen(standing)
    if decided.turn is not Turn.MARK:
        return _told(standing, decided)
    _write(items, standing, reopened(standing.own_or_implicit))
    return StoodDown(Turn.REOPENED, standing.own_or_implicit.number, decided.why)


def _write(items: ClaimItems, standing: Standing, item: ClaimItem) -> None:
    if item != standing.own and not items.put(item, standing.own):
        raise PlanStaleError("this Region's claim was written between look and write")


def _told(standing: Standing, decided: NextTurn) -> StoodDown:
    return StoodDown(decided.turn, standing.own_or_implicit.number, decided.why)
