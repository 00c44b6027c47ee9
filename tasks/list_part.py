"""List Part: one worker lists one work item. Input: {"run", "item", "width"}."""

from __future__ import annotations

from typing import Any

from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.domain.work_items import WorkItem
from cognito_standby.reconciliation.services.listing import list_part
from cognito_standby.reconciliation.services.spending import spending
from tasks.reconcile_step import run_of, world
from tasks.reporting import counted, report


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer whether the item is done; its files say the rest."""
    run, item = run_of(event), WorkItem.from_dict(event.get("item"))
    with spending(world(event, context), run, WorkPhase.LISTING, item.id) as ctx:
        listed = list_part(ctx, run, item)
    report(
        "list_part: listed" if listed.done else "list_part: checkpointed",
        {},
        run=run.id,
        item=listed.item,
        users=listed.users,
        memberships=listed.memberships,
    )
    return {"done": listed.done}
