"""The steps of `apply_admin_change` that undelete somebody, for the explorer: each answers with the
state that comes next, and with the plan, which the machine keeps with the change."""

from __future__ import annotations

import json
from typing import Any

from cognito_standby.changes.domain.changes import Change, ChangeKind, ChangeRequest, ChangeStatus
from cognito_standby.changes.domain.saga import ChangePlan
from cognito_standby.changes.services import apply, end, snapshot
from cognito_standby.changes.services.context import ChangeContext
from cognito_standby.core.domain.errors import ChangeRefusedError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services.context import SyncContext

SNAPSHOT, APPLY, RECORD, COMPENSATE, END = "Undelete", "Make", "Note", "Take Back", "End"
STEPS = (SNAPSHOT, APPLY, RECORD, COMPENSATE)
CHANGE = "undelete"
Onward = tuple[str, str]


class _OneChange:
    """ChangeStore of the one change. What it is asked for, nobody else sees."""

    def __init__(self, origin_sub: str, plan: str) -> None:
        request = ChangeRequest(ChangeKind.UNDELETE, origin_sub=origin_sub)
        self.plan = ChangePlan.from_dict(json.loads(plan)) if plan else None
        self._change = Change(CHANGE, request.kind, ChangeStatus.RUNNING, "", "", request=request)

    def claim(self, _id: str, _execution: str) -> Change:
        return self._change

    def note_plan(self, _id: str, _execution: str, plan: ChangePlan) -> None:
        self.plan = plan

    def plan_of(self, _id: str) -> ChangePlan | None:
        return self.plan

    def note_problem(self, _id: str, _execution: str, _problem: Any) -> None:
        """Nobody is told."""


def step(name: str, ctx: SyncContext, subject: Subject, holder: str, plan: str) -> Onward:
    """One step. What is refused half-way is taken back."""
    store = _OneChange(subject.id, plan)
    opaque: Any = store
    work = ChangeContext(ctx, opaque)
    try:
        match name:
            case "Undelete":
                snapshot.snapshot_user(work, CHANGE, holder)
                assert store.plan is not None
                return APPLY, json.dumps(store.plan.to_dict(), sort_keys=True)
            case "Make":
                apply.apply_change(work, CHANGE, holder)
                return RECORD, plan
            case "Note":
                apply.write_record(work, CHANGE, holder)
            case _:
                end.compensate_change(work, CHANGE, holder)
    except ChangeRefusedError:
        return (COMPENSATE, plan) if plan else (END, "")
    return END, ""
