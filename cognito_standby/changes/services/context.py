"""What the steps of `apply_admin_change` share: their world, their change, and how they refuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from cognito_standby.changes.domain.changes import Change, ChangeRequest, FieldProblem, Problem
from cognito_standby.changes.domain.problems import NAME_TAKEN
from cognito_standby.changes.domain.rules import pointer
from cognito_standby.changes.domain.saga import ChangePlan
from cognito_standby.changes.ports import ChangeStore
from cognito_standby.core.domain.errors import ChangeRefusedError
from cognito_standby.core.domain.ledger import execution_of
from cognito_standby.core.domain.subjects import Fields, Subject
from cognito_standby.replication.domain.projection import TAKEN
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.aliases import held_in
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.look import look


@dataclass(frozen=True)
class ChangeContext:
    """One Region's world."""

    sync: SyncContext
    changes: ChangeStore


@dataclass(frozen=True)
class ClaimedChange:
    """A change in hand: ours, and not ended. `holder`: this run of the execution."""

    change: Change
    request: ChangeRequest
    holder: str

    @property
    def execution(self) -> str:
        """The execution that has the change."""
        return execution_of(self.holder)


def begin(ctx: ChangeContext, change_id: str, holder: str) -> ClaimedChange:
    """Begin with the change, or go on with it; every step does this first.

    ChangeRefusedError: another execution has it, it has ended, or there is none: nothing is to be
    done.
    """
    change = ctx.changes.claim(change_id, execution_of(holder))
    if change is None or change.request is None:
        raise ChangeRefusedError("the change is another execution's, or has ended")
    return ClaimedChange(change, change.request, holder)


def planned(ctx: ChangeContext, work: ClaimedChange) -> ChangePlan:
    """What was noted that it is going to write. ChangeRefusedError: nothing was."""
    plan = ctx.changes.plan_of(work.change.id)
    if plan is None:
        raise ChangeRefusedError("nothing was planned")
    return plan


def take_and_look(ctx: ChangeContext, subject: Subject, holder: str) -> View:
    """Take the lease, or go on with it, and look. The lease is taken and not only renewed: each
    step decides anew, so a lease that was lost and is free again does no harm. LeaseHeldError;
    PlanStaleError."""
    return look(ctx.sync, subject, ctx.sync.ledger.take_lease(subject, holder))


def refuse(ctx: ChangeContext, work: ClaimedChange, problem: Problem) -> NoReturn:
    """Note for the caller why it is refused, and end the step."""
    ctx.changes.note_problem(work.change.id, work.execution, problem)
    raise ChangeRefusedError(problem.code)


def require_free_addresses(
    ctx: ChangeContext, work: ClaimedChange, view: View, wanted: Fields
) -> None:
    """Whoever signs in by an address now keeps it. ChangeRefusedError: somebody does."""
    if held := held_in(ctx.sync, view.observed, wanted):
        about = (FieldProblem(pointer("attributes", contact), TAKEN) for contact in held)
        refuse(ctx, work, NAME_TAKEN.about(*about))
