"""Undelete: somebody whose tombstone is still there is made again in the active pool.

The step is that of a creation, and its record a capture. A living record is never put before the
pool shows the user: in an active Region an own record that the pool does not show is a deletion,
and any hint would capture it. First this Region's tombstone becomes the winner, so that whoever
looks at a half-made user captures what the pool holds, and deletes nobody for the other Region.
"""

from __future__ import annotations

from dataclasses import replace

from cognito_standby.changes.domain.changes import entity_tag
from cognito_standby.changes.domain.problems import (
    BY_PROVIDER,
    ERASED,
    NAME_TAKEN,
    OVERTAKEN,
    POOL_UNPREPARED,
    REFUSED_BY_POOL,
)
from cognito_standby.changes.domain.saga import ChangePlan, plan_of
from cognito_standby.changes.services import awaited
from cognito_standby.changes.services.context import (
    ChangeContext,
    ClaimedChange,
    refuse,
    require_free_addresses,
)
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import (
    FEDERATED,
    GROUP,
    Fields,
    attributes_of,
    names_with,
)
from cognito_standby.replication.domain.creation_names import name_for
from cognito_standby.replication.domain.decide import project
from cognito_standby.replication.domain.federated import is_named_as_theirs
from cognito_standby.replication.domain.projection import Target
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.sync import put_own


def plan_undelete(
    ctx: ChangeContext, work: ClaimedChange, view: View, winner: Record
) -> ChangePlan:
    """What is going to be written; nothing where nobody is deleted any more: a repetition.

    ChangeRefusedError: told to whoever asked. PlanStaleError: the own record moved.
    """
    seen = view.observed.fields
    tag = entity_tag(seen)
    if not winner.deleted:
        return plan_of(work.request.kind, view.subject.key, seen, seen, {}, tag)
    _require_restorable(ctx, work, view, winner)
    target = living_target(view, winner)
    wanted = _without_gone_groups(ctx, target.fields)
    _require_free(ctx, work, view, wanted)
    if winner.region != ctx.sync.region:
        put_own(ctx.sync, view, winner.fields, True, work.change.id)
    plan = plan_of(work.request.kind, view.subject.key, seen, wanted, {}, tag)
    carried = {name: winner.fields[name] for name in target.skipped if name in winner.fields}
    return replace(plan, carried=carried)


def living_target(view: View, winner: Record) -> Target:
    """What this pool can show of somebody's last state."""
    return project(view, replace(winner, deleted=False))


def require_undeletable(ctx: ChangeContext, work: ClaimedChange, view: View) -> None:
    """Before each write: this Region's record still is the winner, and nobody has erased the user.

    ChangeRefusedError. As the list of erasures: it cannot be read, so nobody is made.
    """
    own = view.partition.own
    if own is None or view.winner is not own:
        refuse(ctx, work, OVERTAKEN)
    if own.erased or ctx.sync.erasures.has(view.subject):
        refuse(ctx, work, ERASED)


def _require_restorable(
    ctx: ChangeContext, work: ClaimedChange, view: View, winner: Record
) -> None:
    if winner.erased or ctx.sync.erasures.has(view.subject):
        refuse(ctx, work, ERASED)
    if FEDERATED in winner.fields:
        refuse(ctx, work, BY_PROVIDER)
    if not view.observed.present and ORIGIN_SUB_ATTRIBUTE not in view.schema.attributes:
        refuse(ctx, work, POOL_UNPREPARED)


def _require_free(ctx: ChangeContext, work: ClaimedChange, view: View, wanted: Fields) -> None:
    """Whoever has the name or an address now keeps it."""
    schema = view.schema
    if not view.observed.present:
        name = name_for(schema, wanted)
        if isinstance(name, NotHeld) or is_named_as_theirs(view, wanted):
            refuse(ctx, work, REFUSED_BY_POOL)
        given = attributes_of(wanted)
        names = {name, *(given[each] for each in schema.sign_in_attributes if given.get(each))}
        if any(ctx.sync.directory.get_user(each) is not None for each in sorted(names)):
            refuse(ctx, work, NAME_TAKEN)
        if awaited.kept_names(ctx.sync, names, view.subject):
            refuse(ctx, work, NAME_TAKEN)
    require_free_addresses(ctx, work, view, wanted)


def _without_gone_groups(ctx: ChangeContext, fields: Fields) -> dict[str, str]:
    """A group that was deleted since is no reason to keep somebody out."""
    directory = ctx.sync.directory
    gone = {GROUP + n for n in names_with(GROUP, fields) if directory.get_group(n) is None}
    return {name: value for name, value in fields.items() if name not in gone}
