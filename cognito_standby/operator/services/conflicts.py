"""`standby conflicts`: undecided conflicts, looked at and decided, one at a time.

A decision writes to no pool and no record. To take what was listed, the same change is asked for as
of the Admin API: its machine makes it under the user's lease, and captures it.
"""

from __future__ import annotations

from cognito_standby.changes.domain.changes import ChangeRequest, Problem, UserView
from cognito_standby.changes.services.asking import Taken, ask
from cognito_standby.changes.services.submit import read_user_by_origin
from cognito_standby.core.domain.conflicts import Conflict
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import SubjectKind
from cognito_standby.operator.domain.decisions import AsListed, ByHand, Taking, taking
from cognito_standby.operator.services.asking import admin_of
from cognito_standby.operator.services.context import OperatorContext

ASKED_BY = "standby conflicts"
"""Who asks, as the list of changes tells it. Which person it was, CloudTrail knows."""

_NOT_IN_POOL = (
    "the active pool does not have the user, whose record lives: erase it by the Admin API"
)


def present(active: OperatorContext, conflict: Conflict) -> UserView | None:
    """The user in the active pool. None: there is none, or it is about a group definition."""
    if conflict.subject.kind is not SubjectKind.USER:
        return None
    found = read_user_by_origin(admin_of(active), conflict.subject.id)
    return None if isinstance(found, Problem) else found


def take(active: OperatorContext, conflict: Conflict, view: UserView | None) -> Taken:
    """Ask for what was listed, and wait. `view`: the user as it was shown for the decision; who
    has changed since is not touched."""
    if conflict.deletion and view is None and _lives(active, conflict):
        return Taken(False, _NOT_IN_POOL)
    wanted: Taking = taking(conflict, view)
    match wanted:
        case AsListed():
            return Taken(True, "the active pool shows it already")
        case ByHand(why, fields):
            return Taken(False, f"{why}{': ' if fields else ''}{', '.join(fields)}")
        case ChangeRequest():
            return ask(admin_of(active), wanted, ASKED_BY)


def _lives(active: OperatorContext, conflict: Conflict) -> bool:
    """Whether the records still have a user: who is in no active pool, such as a provider's user
    who has not come there yet, is not deleted by that."""
    winner = resolve(active.records.read(conflict.subject)[0])
    user = conflict.subject.kind is SubjectKind.USER
    return user and winner is not None and not winner.deleted


def keep(ctx: OperatorContext, conflict: Conflict) -> bool:
    """Off the list. False: it is not listed as it was shown any more."""
    return ctx.ledger.drop_conflict(conflict)
