"""Naming in the ledger whom an import job is about to make (I4).

Each is looked at under their lease, as a replay would, and only who is to be made in just this way
is named: the row then tells of an open creation of that name, and whoever looks at them next finds
the imported user by it and by the mark. The lease is given back at once, for a job can take hours.
Until then another actor may find the creation open and make the user, whom the job then passes
over: nobody is made twice, because the name is.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from cognito_standby.core.domain.errors import LeaseHeldError, PlanStaleError
from cognito_standby.core.domain.ledger import Intent
from cognito_standby.core.domain.subjects import Subject, image_of
from cognito_standby.recovery.domain.import_plan import CHANGED, Fate, Planned
from cognito_standby.recovery.services.export import csv_user
from cognito_standby.recovery.services.patiently import patiently
from cognito_standby.recovery.services.transfer_ports import TransferContext
from cognito_standby.replication.domain.decide import Apply, decide
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
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda row: _named(ctx, row, f"import:{run_id}"), rows))


def _named(ctx: TransferContext, row: Planned, holder: str) -> Planned:
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
