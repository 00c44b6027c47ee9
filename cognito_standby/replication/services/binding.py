"""Somebody signs in through a provider for the first time in this pool, and a record knows them.

Cognito has just made a user with a sub of its own. The ledger is told whose it is, and what will be
written, in one transaction under both leases; the replay of the record then completes the user.
From the transaction on everything finds them by the record's subject, a crash included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cognito_standby.core.domain.errors import LeaseHeldError, NotYetVisibleError, PlanStaleError
from cognito_standby.core.domain.identities import identity_in
from cognito_standby.core.domain.ledger import Binding, Intent, LedgerRow
from cognito_standby.core.domain.subjects import (
    ABSENT,
    ATTRIBUTE,
    Fields,
    Subject,
    SubjectKind,
    image_of,
)
from cognito_standby.replication.domain.decide import Apply, decide
from cognito_standby.replication.domain.kin import Bind, Standing, standing_of
from cognito_standby.replication.domain.view import Kin, View
from cognito_standby.replication.services.context import SyncContext

Look = Callable[[SyncContext, Subject, LedgerRow, Fields | None], View]


def kin_of(ctx: SyncContext, view: View, look: Look) -> tuple[Kin, ...]:
    """Whom the records know by the identity of a provider's user who is not known yet. The index
    names them, and each is looked at. Whoever was deleted is not among them.

    NotYetVisibleError: the index tells of a record that has not arrived here. Without it they would
    be taken for somebody new, and two people they would stay.
    """
    identity = identity_in(view.observed.fields)
    known = view.subject.kind is not SubjectKind.USER or view.partition.records
    if identity is None or known or view.ledger.was_here or not ctx.federated.completes:
        return ()
    if identity.provider in view.schema.pairwise:
        return ()  # of a pairwise provider the same subject may be another person here
    found: list[Kin] = []
    for key in ctx.records.named(identity.text):
        subject = Subject.user(key)
        if subject == view.subject:
            continue
        theirs = look(ctx, subject, ctx.ledger.read(subject), ABSENT)
        if not theirs.partition.records and key in ctx.records.on_their_way(identity.text):
            raise NotYetVisibleError("the record of whom the index of names tells is on its way")
        standing = standing_of(theirs, identity)
        if standing in (Standing.FREE, Standing.TAKEN):
            found.append(Kin(subject, standing is Standing.FREE))
    return tuple(found)


def bind(ctx: SyncContext, view: View, decision: Bind, holder: str, look: Look) -> None:
    """Note whose the user is. The leases of both are needed, and neither is waited for with the
    other in hand (I5).

    LeaseHeldError: somebody is at work on the subject. PlanStaleError: they are not free any more.
    """
    try:
        _bind(ctx, view, decision, holder, look)
    except LeaseHeldError:
        for subject in (view.subject, decision.subject):
            ctx.ledger.release(subject, holder)
        raise


def _bind(ctx: SyncContext, view: View, decision: Bind, holder: str, look: Look) -> None:
    seen, subject = view.observed, decision.subject
    row = ctx.ledger.take_lease(subject, holder)
    theirs = look(ctx, subject, row, ABSENT)
    identity = identity_in(seen.fields)
    if identity is None or standing_of(theirs, identity) is not Standing.FREE:
        ctx.ledger.release(subject, holder)
        raise PlanStaleError("whom the identity belongs to has changed")
    given = frozenset(name for name in seen.fields if name.startswith(ATTRIBUTE))
    intent = _intent(theirs, view, given)
    binding = Binding(intent, seen.local_sub, seen.username, row.local_sub, given)
    ctx.ledger.bind(view.subject, holder, subject, binding)


def _intent(theirs: View, view: View, given: frozenset[str]) -> Intent:
    """What the replay will decide, as soon as the user is the subject's."""
    seen, base = view.observed, image_of(view.observed.fields)
    row = LedgerRow(
        theirs.subject,
        local_sub=seen.local_sub,
        base=base,
        user_pool_id=view.user_pool_id,
        given=given,
    )
    decision = decide(replace(theirs, ledger=row, observed=seen, schema=view.schema))
    target = decision.target if isinstance(decision, Apply) else None
    shown = target.fields if target else seen.fields
    return Intent(base, image_of(shown), target.skipped if target else {}, seen.username)


def bound_as(ctx: SyncContext, view: View) -> Subject | None:
    """Whose the user is by now, after whose own sub a hint has asked; None: nobody else's."""
    nobody = not view.observed.present and not view.partition.records
    if not nobody or view.ledger.was_here or view.subject.kind is not SubjectKind.USER:
        return None
    origin = ctx.ledger.origin_of(view.subject.id)
    return Subject.user(origin) if origin and origin != view.subject.id else None
