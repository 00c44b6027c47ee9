"""Changes of the Admin API for the explorer, of somebody who may be awaited: each step answers with
the state that comes next, and with what the machine keeps with the change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cognito_standby.changes.domain.changes import ChangeKind
from cognito_standby.changes.services import apply, end, snapshot
from cognito_standby.changes.services.context import ChangeContext
from cognito_standby.core.domain.errors import ChangeRefusedError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services.context import SyncContext
from tests.property.one_change import OneChange
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


def asked(verb: str) -> str:
    """What the machine keeps of a change that begins."""
    return json.dumps({"verb": verb, "plan": None})


def step(name: str, ctx: SyncContext, subject: Subject, holder: str, note: str) -> Onward:
    """One step. What is refused half-way is taken back."""
    told = json.loads(note)
    kind = KINDS[told["verb"]]
    attributes = {"name": NAME} if kind is ChangeKind.UPDATE else {}
    store = OneChange(CHANGE, subject.id, kind, told["plan"], attributes)
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
