"""What a plan can tell by the records alone: that the other Region's record is news here.

Then a replay is needed, or the pool is like the record already; the replay's own look tells which.
So the plan needs neither a lease nor a look at the pool, which is a third of what a replay may ask
of Cognito. Where something else is needed after all, the replay says so and the plan looks.
"""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.domain.absence import of_this_pool
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services.context import SyncContext

REASON = "the other Region's record is news here"


@dataclass(frozen=True)
class News:
    """The record that wins, and what is noted of its subject."""

    record: Record
    row: LedgerRow


def news_of(ctx: SyncContext, subject: Subject) -> News | None:
    """The other Region's record, if it wins and this pool was not yet seen to hold it.

    None where row or records cannot be read, too: the look tells it, under the lease by which the
    failure is treated. Without one it would seem that somebody else has been at work, and
    containment would wake a sync that fails again, for ever.
    """
    try:
        row = of_this_pool(ctx.ledger.read(subject), ctx.user_pool_id)
        winner = resolve(ctx.records.read(subject)[0])
    except StandbyError:
        return None
    if winner is None or winner.region == ctx.region or winner.version == row.confirmed_version:
        return None
    return News(winner, row)
