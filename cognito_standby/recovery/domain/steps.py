"""What a machine does next, decided from where the Regions stand. Pure, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cognito_standby.recovery.domain.requests import FailoverMode
from cognito_standby.recovery.domain.standing import Standing


class Step(StrEnum):
    """What `fail_over` does next."""

    WAIT = "wait"
    """For the other Region to stand down."""
    SURVEY = "survey"
    """The records; then to claim, in a planned failover after a drain."""
    PUBLISH = "publish"
    """This execution has claimed before."""
    REFUSE = "refuse"


class Turn(StrEnum):
    """What becomes of a request to stand down."""

    MARK = "mark"
    """Write the mark, or the tally under it."""
    DRAIN = "drain"
    """The mark is written; what is under way is still to end."""
    DRAINED = "drained"
    REOPENED = "reopened"
    REFUSE = "refuse"


@dataclass(frozen=True)
class NextStep:
    """A step and why."""

    step: Step
    why: str


@dataclass(frozen=True)
class NextTurn:
    """The same of `stand_down`."""

    turn: Turn
    why: str


def next_step(standing: Standing, mode: FailoverMode, execution: str) -> NextStep:
    """Before anything is done, and again before the claim. `execution`: the ARN of the one asking.

    A planned claim needs the mark of the other Region with the tally of what it had written: only
    then is it known what has to arrive first.
    """
    own, theirs = standing.own_or_implicit, standing.theirs
    if standing.active:
        if own.execution == execution:
            return NextStep(Step.PUBLISH, f"this execution has claimed epoch {own.number}")
        by = f" by {own.execution}" if own.execution else ""
        why = f"{standing.region} is active already, since epoch {own.number}{by}"
        return NextStep(Step.REFUSE, why)
    if mode is FailoverMode.OUTAGE:
        return NextStep(Step.SURVEY, "in an outage nobody is waited for")
    if not standing.makes_way:
        return NextStep(Step.WAIT, f"{standing.other} has not stood down as far as is seen here")
    if theirs is None or theirs.drained is None:
        return NextStep(Step.WAIT, f"{standing.other} stood down and is still draining")
    return NextStep(Step.SURVEY, f"{standing.other} stood down, and nothing is under way there")


def next_turn(standing: Standing, target: str, *, draining: bool) -> NextTurn:
    """Of a Region that is asked to stand down. `draining`: the asking execution has written the
    mark before, so that a mark that is gone was taken back by a person."""
    own = standing.own_or_implicit
    if target != standing.other:
        return NextTurn(Turn.REFUSE, f"{target} is not the other Region, {standing.other}")
    if not standing.active:
        why = f"{standing.other} is active, since epoch {standing.claims.highest().number}"
        return NextTurn(Turn.REFUSE, why)
    if draining and own.stood_down != target:
        return NextTurn(Turn.REOPENED, "the mark was taken back meanwhile")
    return NextTurn(Turn.MARK, f"{standing.region} is active, with epoch {own.number}")


def may_reopen(standing: Standing) -> NextTurn:
    """Whether the mark may be taken back: not once the other Region has claimed, as far as is seen
    here. If its claim arrives later, the higher epoch wins as always."""
    if not standing.active:
        why = f"{standing.other} has claimed epoch {standing.claims.highest().number}"
        return NextTurn(Turn.REFUSE, f"too late: {why}")
    if not standing.own_or_implicit.stood_down:
        return NextTurn(Turn.REOPENED, f"{standing.region} has not stood down")
    return NextTurn(Turn.MARK, f"{standing.region} is active and opens again")
