"""Asking for a change as the Admin API does, and waiting for what comes of it: whoever decides
writes to no pool and no record. The machine does, under the user's lease."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.changes.domain.changes import Change, ChangeRequest, ChangeStatus, Problem
from cognito_standby.changes.services.submit import ApiContext, NotActive, await_outcome, submit

WAIT_SECONDS = 60.0
"""For the machine, which takes some seconds. A change that takes longer goes on."""


@dataclass(frozen=True)
class Taken:
    """What became of asking. `done`: the active pool shows it."""

    done: bool
    why: str = ""


def ask(admin: ApiContext, request: ChangeRequest, asked_by: str, key: str = "") -> Taken:
    """Store the change, wake the machine, and wait. As `submit`; the same key asks once."""
    submitted = submit(admin, request, asked_by, key)
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
