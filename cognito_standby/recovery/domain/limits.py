"""The rate at which people may sign in, which is raised while a Region stands in for home. Pure.

Cognito's provisioned limit belongs to the account and the Region: other pools there have their
share of it, and somebody else may set it. So what we found is put back, and only as long as nobody
else has changed it since.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Raised:
    """What was done: requests per second, before and since. `done`: Cognito has taken it; until
    then it is tried again."""

    before: int
    to: int
    done: bool = False


class Reason(StrEnum):
    """Why the limit is set, or left."""

    HIGH_ENOUGH = "the limit is as high already"
    RAISE = "this Region stands in for home"
    STAYS = "raised already"
    LOWER = "this Region does not stand in any more"
    NOT_OURS = "somebody else changed the limit since it was raised"
    NOTHING = "nothing was raised"


@dataclass(frozen=True)
class Step:
    """`to`: what the limit is to be, None: as it is; `raised`: what is to be noted then."""

    to: int | None
    raised: Raised | None
    reason: Reason


def next_step(*, stands_in: bool, wanted: int, now: int, raised: Raised | None) -> Step:
    """What to do about the limit.

    stands_in  this Region is active, and is not home
    wanted     requests per second that the config asks for; 0: nothing, what was raised goes back
    now        the limit as Cognito tells it
    raised     what was noted; None: nothing was raised
    """
    if stands_in and wanted:
        if now >= wanted:
            return Step(None, raised, Reason.STAYS if raised else Reason.HIGH_ENOUGH)
        if raised is not None and raised.done and now != raised.to:
            return Step(None, raised, Reason.NOT_OURS)
        before = raised.before if raised else now
        return Step(wanted, Raised(before, wanted), Reason.RAISE)
    if raised is None:
        return Step(None, None, Reason.NOTHING)
    if now != raised.to:
        return Step(None, None, Reason.NOT_OURS)
    return Step(raised.before, None, Reason.LOWER)
