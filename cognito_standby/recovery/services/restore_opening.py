"""Open Restore: takes the pool, and refuses what cannot be done, before anything is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cognito_standby.core.domain.epochs import is_active
from cognito_standby.core.domain.errors import InvalidRecordError, PoolPausedError
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE
from cognito_standby.core.domain.quotas import USER_POOL_READ
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.services.patience import patiently
from cognito_standby.recovery.domain.past_tables import to_the_second
from cognito_standby.recovery.domain.restore_plan import Begun
from cognito_standby.recovery.domain.restore_request import RestoreOrder, RestoreRequest
from cognito_standby.recovery.services.past_tables import why_never
from cognito_standby.recovery.services.restore_context import RestoreContext

_SEGMENT_USERS, _LEAST_SEGMENTS = 2_000, 4
_ITEMS_OF_A_USER = 2
"""In the records: one for each Region, at least."""
_MOST_SEGMENTS = 256
NO_MARK = (
    f"the pool has no {ORIGIN_SUB_ATTRIBUTE}: whom a restore makes could not be told from somebody "
    "new; add the attribute, or use `standby export` and an import without it"
)


@dataclass(frozen=True)
class OpenedRestore:
    """`run`: the restore; None: it may not begin. `running`: the execution that holds the pool."""

    run: Run | None
    why: str = ""
    running: str = ""
    as_of: str = ""


def open_restore(ctx: RestoreContext, new: Run, order: RestoreOrder) -> OpenedRestore:
    """Begin a restore, or go on with one. Repeatable: what was noted first stays.

    Calls: register, claims, the listing's schema and estimate, files, witnesses, records, tables of
    a time.
    PoolPausedError: the pool is being recovered. InvalidRecordError: there is none to go on with.
    """
    begun = _known(ctx, new, order)
    run = new if begun is None else replace(begun.run, execution=new.execution)
    if why := _refusal(ctx, run) or (begun and _out_of_reach(ctx, begun.request)):
        return OpenedRestore(None, why)
    if begun is None:
        made = _begin(ctx, run, order.request)
        if isinstance(made, str):
            return OpenedRestore(None, made)
        begun = made
    holder = ctx.region.register.open(run)
    if holder.execution != run.execution:
        return OpenedRestore(None, f"{holder.id} is under way in this pool", holder.execution)
    ordered = replace(begun, run=run, run_it=order.run, accept_brake=order.accept_brake)
    ctx.store(run).write_begun(ordered)
    return OpenedRestore(run, as_of=begun.request.as_of)


def _known(ctx: RestoreContext, new: Run, order: RestoreOrder) -> Begun | None:
    begun = ctx.store(replace(new, id=order.resume or new.id)).begun()
    if begun is None and order.resume:
        raise InvalidRecordError(f"there is no restore {order.resume} in this Region")
    if begun is not None and begun.run.user_pool_id != new.user_pool_id:
        raise InvalidRecordError(f"the restore {begun.run.id} was about another pool")
    return begun


def _refusal(ctx: RestoreContext, run: Run) -> str:
    """Why nothing may be made from these records in this pool; "": nothing is known against it."""
    region = ctx.region
    if region.witnesses is not None:
        if any(each.under_way for each in region.witnesses.unsettled()):
            raise PoolPausedError("the pool is being recovered")
        if why := region.witnesses.other_table():
            return why
    noted = region.register.pool_of_record(region.user_pool_id)
    if noted != run.user_pool_id:
        told = f"this is the pool {run.user_pool_id}; the one noted for {run.region} is {noted}"
        return f"{told}: standby accept-pool"
    if ORIGIN_SUB_ATTRIBUTE not in ctx.sync.directory.schema().attributes:
        return NO_MARK
    return ""


def _begin(ctx: RestoreContext, run: Run, asked: RestoreRequest) -> Begun | str:
    region = ctx.region
    claims = region.claims.read_claims()
    active = is_active(region.region, claims, ())
    if (asked.deleted_since or asked.as_of) and not active:
        there = claims.highest().region or "the other Region"
        return f"deleted users are brought back in the active Region, and then replayed: {there}"
    if why := _out_of_reach(ctx, asked) or _unknown(ctx, asked):
        return why
    users = patiently(region, USER_POOL_READ, region.listing.estimated_users)
    segments = 0 if asked.user else _segments(users, ctx.source.estimated_items())
    return Begun(run, asked, active, dict(claims.numbers), segments, users)


def _segments(users: int, items: int) -> int:
    """By how many workers the table is looked through. Both figures are estimates, and either can
    be far too low: that of a pool that was wiped, that of a table that was made today."""
    people = max(users, items // _ITEMS_OF_A_USER)
    return min(_MOST_SEGMENTS, _LEAST_SEGMENTS + people // _SEGMENT_USERS)


def _out_of_reach(ctx: RestoreContext, asked: RestoreRequest) -> str:
    """Why there is no table of the time that was asked for: told before anything begins, for what a
    person typed fails no execution, which would alarm."""
    if not asked.as_of:
        return ""
    return why_never(ctx.tables, ctx.region.clock, to_the_second(asked.as_of))


def _unknown(ctx: RestoreContext, asked: RestoreRequest) -> str:
    """Whether whoever was named is not in the records."""
    if not (asked.user or asked.group) or asked.as_of:
        return ""  # of a time, the records of that time know
    subject = Subject.user(asked.user) if asked.user else Subject.group(asked.group)
    winner = resolve(ctx.sync.records.read(subject)[0])
    if winner is None:
        return f"no record is about {'that user' if asked.user else f'a group {asked.group}'}"
    if asked.user and winner.deleted and not asked.deleted_since:
        return "that user was deleted: standby undelete"
    return ""
