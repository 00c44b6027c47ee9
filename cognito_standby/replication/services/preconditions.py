"""What a step must be sure of before it records a deletion or creates, removes or disables anybody.

These looks come after the look at the pool that found somebody gone. Whatever took that user away
began before, so it is seen here. The looks cost a read of the ledger and, for an absence, a call of
Cognito; ordinary changes cost neither.
"""

from __future__ import annotations

from cognito_standby.core.domain.absence import Proof, RegionNotes, unsettled
from cognito_standby.core.domain.errors import NotBelievedError
from cognito_standby.core.domain.subjects import ENABLED, TRUE, Subject
from cognito_standby.replication.domain.decide import Apply, Capture
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.context import SyncContext

OTHER_TABLE = "the records table is not the confirmed one: standby accept-table"
RECOVERED = "the pool was recovered, and no reconciliation has looked after it"
ERASED = "the user was erased, and the record is of a time before: it was restored"
UNPROVEN = "what says that the user was here names no pool, and this is not the first noted one"


def require_believable(ctx: SyncContext, view: View, decision: Capture | Apply) -> None:
    """Go on only if what the decision relies on may be believed.

    NotBelievedError: for now it may not; try again later.
    """
    match decision:
        case Capture(deleted=True):
            notes = require_confirmed_table(ctx)
            if view.proof is Proof.UNNAMED and notes.first_pool != ctx.user_pool_id:
                raise NotBelievedError(UNPROVEN)
            _require_no_recovery(ctx, view, notes)
        case Capture():
            if view.winner is not None and view.winner.deleted:
                _require_no_recovery(ctx, view, ctx.ledger.region_notes())
        case Apply():
            if _makes_or_removes(view, decision):
                require_confirmed_table(ctx)
            if _lets_in_again(view, decision):
                require_not_erased(ctx, view.subject)


def require_not_erased(ctx: SyncContext, subject: Subject) -> None:
    """Asked before anybody is made, of the list as it is now: records may be those of a copy.

    NotBelievedError: the user was erased. As the port: it cannot be read, so nobody is made.
    """
    if ctx.erasures.has(subject):
        raise NotBelievedError(ERASED)


def require_confirmed_table(ctx: SyncContext) -> RegionNotes:
    """What is noted of the Region, if the table is the confirmed one. The first table counts as
    confirmed.

    NotBelievedError: it is another table.
    """
    notes, table_id = ctx.ledger.region_notes(), ctx.records.table_id()
    if not notes.table_id:
        ctx.ledger.note_table("", table_id)
        notes = ctx.ledger.region_notes()  # of several who look first, one notes it
    if notes.table_id != table_id:
        raise NotBelievedError(OTHER_TABLE)
    return notes


def _require_no_recovery(ctx: SyncContext, view: View, notes: RegionNotes) -> None:
    """Not for an approved run: the operator who approved it has seen what the recovery did."""
    if not view.asked and unsettled(ctx.directory.recoveries(), notes):
        raise NotBelievedError(RECOVERED)


def _makes_or_removes(view: View, decision: Apply) -> bool:
    """Whether a user is created, removed, disabled or enabled because a record says so."""
    seen, target = view.observed.fields, decision.target.fields
    return not seen or not target or seen.get(ENABLED) != target.get(ENABLED)


def _lets_in_again(view: View, decision: Apply) -> bool:
    """Whether a disabled user is enabled. Who is made is asked about where they are made."""
    seen, target = view.observed.fields, decision.target.fields
    return bool(seen) and seen.get(ENABLED) != TRUE and target.get(ENABLED) == TRUE
