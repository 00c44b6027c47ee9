"""The steps of `apply_admin_change` that undelete somebody, for the explorer: each answers with the
state that comes next, and with the plan, which the machine keeps with the change."""

from __future__ import annotations

import json
from typing import Any

from cognito_standby.changes.domain.changes import ChangeKind
from cognito_standby.changes.services import apply, end, snapshot
from cognito_standby.changes.services.context import ChangeContext
from cognito_standby.core.domain.errors import ChangeRefusedError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services.context import SyncContext
from tests.property.one_change import OneChange

SNAPSHOT, APPLY, RECORD, COMPENSATE, END = "Undelete", "Make", "Note", "Take Back", "End"
STEPS = (SNAPSHOT, APPLY, RECORD, COMPENSATE)
CHANGE = "undelete"
Onward = tuple[str, str]


def step(name: str, ctx: SyncContext, subject: Subject, holder: str, plan: str) -> Onward:
    """One step. What is refused half-way is taken back."""
    known = json.loads(plan) if plan else None
    store = OneChange(CHANGE, subject.id, ChangeKind.UNDELETE, known)
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
