"""Changes of the Admin API for the explorer, of somebody who may be awaited: each step answers with
the state that comes next, and with what the machine keeps with the change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cognito_standby.changes.domain.changes import Change, ChangeKind, ChangeRequest, ChangeStatus
from cognito_standby.changes.domain.saga import ChangePlan
from cognito_standby.changes.services import apply, end, snapshot
from cognito_standby.changes.services.context import ChangeContext
from cognito_standby.core.domain.errors import ChangeRefusedError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services.context import SyncContext
from tests.property.world import Parts, Twins, WrongError

if TYPE_CHECKING:
    from tests.property.actors import Actor

SNAPSHOT, APPLY, RECORD, COMPENSATE, END = "Plan", "Change", "Record", "Compensate", "End"
STEPS = (SNAPSHOT, APPLY, RECORD, COMPENSATE)
CHANGE, NAME = "change", "an administrator's"
KINDS = {
    "admin update": ChangeKind.UPDATE,
    "admin erase": ChangeKind.ERASE,
    "admin delete": ChangeKind.DELETE,
}
"""By verbs of their own: a person's are `update` and `delete`."""
Onward = tuple[str, str]


class _OneChange:
    """ChangeStore of the one change."""

    def __init__(self, origin_sub: str, kind: ChangeKind, plan: Any) -> None:
        attributes = {"name": NAME} if kind is ChangeKind.UPDATE else {}
        request = ChangeRequest(kind, origin_sub=origin_sub, attributes=attributes)
        self.plan = ChangePlan.from_dict(plan) if plan else None
        self._change = Change(CHANGE, kind, ChangeStatus.RUNNING, "", "", request=request)

    def claim(self, _id: str, _execution: str) -> Change:
        return self._change

    def note_plan(self, _id: str, _execution: str, plan: ChangePlan) -> None:
        self.plan = plan

    def plan_of(self, _id: str) -> ChangePlan | None:
        return self.plan

    def note_problem(self, _id: str, _execution: str, _problem: Any) -> None:
        """Nobody is told."""


def asked(verb: str) -> str:
    """What the machine keeps of a change that begins."""
    return json.dumps({"verb": verb, "plan": None})


def step(name: str, ctx: SyncContext, subject: Subject, holder: str, note: str) -> Onward:
    """One step. What is refused half-way is taken back."""
    told = json.loads(note)
    store = _OneChange(subject.id, KINDS[told["verb"]], told["plan"])
    opaque: Any = store
    work = ChangeContext(ctx, opaque)
    try:
        match name:
            case "Plan":
                snapshot.snapshot_user(work, CHANGE, holder)
                assert store.plan is not None
                kept = {"verb": told["verb"], "plan": store.plan.to_dict()}
                return APPLY, json.dumps(kept, sort_keys=True)
            case "Change":
                apply.apply_change(work, CHANGE, holder)
                return RECORD, note
            case "Record":
                apply.write_record(work, CHANGE, holder)
            case _:
                end.compensate_change(work, CHANGE, holder)
    except ChangeRefusedError:
        return (COMPENSATE, note) if told["plan"] else (END, "")
    return END, ""


def check(twins: Twins, parts: Parts, actor: Actor) -> None:
    """WrongError: a removal is told to be done, and no tombstone says so."""
    if actor.step != RECORD or not KINDS[json.loads(actor.note)["verb"]].removes:
        return
    assert actor.subject is not None
    twins.look(parts, "table", 0)
    own = twins.stores[actor.region].read(actor.subject)[0].own
    if own is None or not own.deleted:
        raise WrongError("a removal is told to be done, and nobody is removed")
