"""`standby conflicts`: undecided conflicts, looked at and decided, one at a time.

A decision writes to no pool and no record. To take what was listed, the same change is asked for as
of the Admin API: its machine makes it under the user's lease, and captures it.
"""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.changes.domain.changes import (
    Change,
    ChangeRequest,
    ChangeStatus,
    Problem,
    UserView,
)
from cognito_standby.changes.services.submit import (
    ApiContext,
    NotActive,
    active_elsewhere,
    await_outcome,
    read_user_by_origin,
    submit,
)
from cognito_standby.core.domain.conflicts import Conflict
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import SubjectKind
from cognito_standby.operator.domain.decisions import AsListed, ByHand, Taking, taking
from cognito_standby.operator.services.context import OperatorContext

ASKED_BY = "standby conflicts"
"""Who asks, as the list of changes tells it. Which person it was, CloudTrail knows."""

_NOT_IN_POOL = (
    "the active pool does not have the user, whose record lives: erase it by the Admin API"
)
WAIT_SECONDS = 60.0
"""For the machine, which takes some seconds. A change that takes longer goes on."""


@dataclass(frozen=True)
class Taken:
    """What became of asking. `done`: the active pool shows what was listed."""

    done: bool
    why: str = ""


def is_active_here(ctx: OperatorContext) -> bool:
    """Whether changes are asked for here. MisconfiguredError: the stack has no Admin API."""
    return active_elsewhere(_admin(ctx)) is None


def present(active: OperatorContext, conflict: Conflict) -> UserView | None:
    """The user in the active pool. None: there is none, or it is about a group definition."""
    if conflict.subject.kind is not SubjectKind.USER:
        return None
    found = read_user_by_origin(_admin(active), conflict.subject.id)
    return None if isinstance(found, Problem) else found


def take(active: OperatorContext, conflict: Conflict, view: UserView | None) -> Taken:
    """Ask for what was listed, and wait. `view`: the user as it was shown for the decision; who
    has changed since is not touched."""
    if conflict.deletion and view is None and _lives(_admin(active), conflict):
        return Taken(False, _NOT_IN_POOL)
    wanted: Taking = taking(conflict, view)
    match wanted:
        case AsListed():
            return Taken(True, "the active pool shows it already")
        case ByHand(why, fields):
            return Taken(False, f"{why}{': ' if fields else ''}{', '.join(fields)}")
        case ChangeRequest():
            return _asked(_admin(active), wanted)


def _lives(admin: ApiContext, conflict: Conflict) -> bool:
    """Whether the records still have a user: who is in no active pool, such as a provider's user
    who has not come there yet, is not deleted by that."""
    winner = resolve(admin.records.read(conflict.subject)[0])
    user = conflict.subject.kind is SubjectKind.USER
    return user and winner is not None and not winner.deleted


def keep(ctx: OperatorContext, conflict: Conflict) -> bool:
    """Off the list. False: it is not listed as it was shown any more."""
    return ctx.ledger.drop_conflict(conflict)


def _asked(admin: ApiContext, request: ChangeRequest) -> Taken:
    submitted = submit(admin, request, ASKED_BY)
    if isinstance(submitted, NotActive):
        return Taken(False, f"{submitted.region or 'another Region'} has become active")
    if isinstance(submitted, Problem):
        return Taken(False, _told(submitted))
    change = await_outcome(admin, submitted.change.id, WAIT_SECONDS)
    if change is None or not change.status.ended:
        return Taken(False, f"change {submitted.change.id} goes on; look again in a minute")
    return _ended(change)


def _ended(change: Change) -> Taken:
    if change.status is ChangeStatus.COMPLETED:
        return Taken(True)
    why = _told(change.problem) if change.problem else "without a reason"
    return Taken(False, f"change {change.id} {change.status.value}: {why}")


def _told(problem: Problem) -> str:
    parts = "; ".join(f"{each.pointer}: {each.text}" for each in problem.fields)
    return f"{problem.text} {parts}".strip()


def _admin(ctx: OperatorContext) -> ApiContext:
    if ctx.admin is None:
        raise MisconfiguredError("its stack has no Admin API: deploy this release first")
    return ctx.admin
