"""What holds a scheduled run back: a schedule fires as soon as it is made, before anybody has asked
for a run.

Holding a run back costs nothing. A run that is not held back although it should be, because
Cognito's estimate of the users lags or records were kept, is asked about by the brake
(`domain.brake`, `unasked`).
"""

from __future__ import annotations

from enum import StrEnum

from cognito_standby.core.domain.quotas import USER_POOL_READ
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.patience import patiently
from cognito_standby.reconciliation.services.pool_notes import read_pool_note


class NotYet(StrEnum):
    """Why a scheduled run does not begin, and what begins one; for people."""

    OTHER_REGION = "the other Region's stack does not stand yet: deploy it"
    NOBODY_ASKED = "nobody has had this pool compared yet: run `standby reconcile`"


def held_back(*, both_stand: bool, begun: bool, users: int) -> NotYet | None:
    """The decision. `begun`: see PoolNote; `users`: about how many are in the pool."""
    if not both_stand:
        return NotYet.OTHER_REGION
    if not begun and users:
        return NotYet.NOBODY_ASKED
    return None


def scheduled_run_held_back(ctx: ReconcileContext) -> NotYet | None:
    """Why a scheduled run has to wait; None: it may begin.

    Calls: the Regions' announcements, the note about the pool, the listing's estimate.
    """
    both_stand, begun = ctx.regions.both_stand(), read_pool_note(ctx).begun
    asked = both_stand and not begun
    users = patiently(ctx, USER_POOL_READ, ctx.listing.estimated_users) if asked else 0
    return held_back(both_stand=both_stand, begun=begun, users=users)
