"""Naming in the ledger whom an import job is about to make (I4).

Each is looked at under their lease, as a replay would, and only who is to be made in just this way
is named: the row then tells of an open creation of that name, and whoever looks at them next finds
the imported user by it and by the mark. The lease is given back at once, for a job can take hours.
Until then another actor may find the creation open and make the user, whom the job then passes
over: nobody is made twice, because the name is.

In a pool that is filled on demand no replay makes who is awaited, unless somebody asked for them.
Who goes by no job is named there, too: then their replay goes on with an open creation.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    LeaseHeldError,
    PlanStaleError,
)
from cognito_standby.core.domain.ledger import Intent
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.subjects import Subject, image_of
from cognito_standby.recovery.domain.import_plan import CHANGED, Fate, Planned
from cognito_standby.recovery.services.export import csv_user
from cognito_standby.recovery.services.patiently import patiently
from cognito_standby.recovery.services.transfer_ports import TransferContext
from cognito_standby.replication.domain.creation_names import name_for
from cognito_standby.replication.domain.decide import Apply, decide, is_own
from cognito_standby.replication.domain.on_demand import never_came
from cognito_standby.replication.services.look import look
from cognito_standby.replication.services.pool_calls import creation_fields
from cognito_standby.replication.services.preconditions import require_believable
from cognito_standby.replication.services.sync import note

_AT_ONCE = 8
"""Of 120 reads of users a second, the pool's apps included; a look makes two."""
BUSY = "somebody is at work on them"
PRESENT_HERE = "found in the pool"
HELD = "another user of the pool has the name"


def named(ctx: TransferContext, rows: Sequence[Planned], run_id: str) -> list[Planned]:
    """The rows with those who were named still to be made by the job, and all others not.

    StandbyError: the records cannot be believed, or a service does not answer; some are named.
    """
    ctx = _asking(ctx)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda row: _named(ctx, row, f"import:{run_id}"), rows))


def _asking(ctx: TransferContext) -> TransferContext:
    """Whoever imports asks for everybody who is awaited."""
    on_demand = ctx.sync.on_demand or ctx.sync.directory.schema().on_demand
    return replace(ctx, sync=replace(ctx.sync, on_demand=on_demand, filling=True))


def _named(ctx: TransferContext, row: Planned, holder: str) -> Planned:
    if row.fate is Fate.CALL and ctx.sync.on_demand:
        return _opened(ctx, row, holder)
    if row.fate is not Fate.JOB:
        return row
    subject = Subject.user(row.origin_sub)
    try:
        why = patiently(ctx, lambda: _name(ctx, subject, row, holder))
    except LeaseHeldError:
        return replace(row, fate=Fate.CALL, reason=BUSY)
    except PlanStaleError:
        why = CHANGED
    return replace(row, fate=Fate.CALL, reason=why) if why else row


def _opened(ctx: TransferContext, row: Planned, holder: str) -> Planned:
    """The row as it is. Whoever cannot be named stays awaited, which the next import finds."""
    with suppress(LeaseHeldError, PlanStaleError, InvalidRecordError):
        patiently(ctx, lambda: _open(ctx, Subject.user(row.origin_sub), holder))
    return row


def _open(ctx: TransferContext, subject: Subject, holder: str) -> None:
    sync = ctx.sync
    view = look(sync, subject, sync.ledger.take_lease(subject, holder))
    try:
        decision = decide(view)
        if not (never_came(view) and isinstance(decision, Apply)):
            return
        require_believable(sync, view, decision)
        name = name_for(view.schema, decision.target.fields)
        if not isinstance(name, NotHeld):
            target = decision.target
            wanted = image_of(creation_fields(target.fields))
            own = is_own(view)
            note(sync, view, Intent({}, wanted, target.skipped, name, restoring=own), holder)
    finally:
        sync.ledger.release(subject, holder)


def _name(ctx: TransferContext, subject: Subject, row: Planned, holder: str) -> str:
    """Why the user does not go by the job, or ""."""
    sync = ctx.sync
    leased = sync.ledger.take_lease(subject, holder)
    try:
        view = look(sync, subject, leased)
        decision, winner = decide(view), view.winner
        if view.observed.present:
            return PRESENT_HERE
        if not isinstance(decision, Apply) or winner is None or view.ledger.was_here:
            return CHANGED
        if row.user is None or csv_user(view.schema, winner) != row.user:
            return CHANGED
        if sync.directory.get_profile(row.user.username) is not None:
            return HELD
        require_believable(sync, view, decision)
        target = decision.target
        wanted = image_of(creation_fields(target.fields))
        note(sync, view, Intent({}, wanted, target.skipped, row.user.username), holder)
        return ""
    finally:
        sync.ledger.release(subject, holder)
