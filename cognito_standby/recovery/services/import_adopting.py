"""Whom a job made although nobody wants them any more.

A job takes hours, and no lease holds a user for so long. Who is erased or deleted after they were
named is confirmed to be gone, because the pool does not show them yet; then the job makes them. In
the row nothing tells of them any more, and a reconciliation would take them for somebody new. So
each user of an ended job whose creation is not open any more is looked for by the name and the mark
and noted as ours; their sync then removes or disables them as the record says.
"""

from __future__ import annotations

from cognito_standby.core.domain.absence import of_this_pool
from cognito_standby.core.domain.errors import LeaseHeldError
from cognito_standby.core.domain.ledger import Intent, LedgerRow
from cognito_standby.core.domain.pools import user_fields
from cognito_standby.core.domain.subjects import Subject, image_of
from cognito_standby.recovery.services.transfer_ports import TransferContext
from cognito_standby.replication.services.look import look

_TRIES, _SECONDS = 40, 5.0
"""Longer than two leases of 90 s."""


def adopt(ctx: TransferContext, origin_sub: str, username: str, holder: str) -> bool:
    """Note an imported user of whom the ledger does not tell; whether there was one.

    LeaseHeldError: somebody is at work on them for longer than a lease lasts.
    """
    subject, sync = Subject.user(origin_sub), ctx.sync
    row = of_this_pool(sync.ledger.read(subject), sync.user_pool_id)
    if row.creation_is_open or row.local_sub:
        return False
    leased = _leased(ctx, subject, holder)
    try:
        if look(sync, subject, leased).observed.present:
            return False
        user = sync.directory.get_user(username)
        if user is None or user.origin_sub != origin_sub or sync.ledger.origin_of(user.sub):
            return False
        seen = image_of(user_fields(user, sync.directory.schema()))
        noted = Intent(seen, seen, {}, user.username)
        sync.ledger.note_created(subject, holder, noted, user.sub, user.username)
        return True
    finally:
        sync.ledger.release(subject, holder)


def _leased(ctx: TransferContext, subject: Subject, holder: str) -> LedgerRow:
    for _ in range(_TRIES):
        try:
            return ctx.sync.ledger.take_lease(subject, holder)
        except LeaseHeldError:
            ctx.pause(_SECONDS)
    return ctx.sync.ledger.take_lease(subject, holder)
