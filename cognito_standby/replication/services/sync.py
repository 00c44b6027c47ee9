"""SYNC: the steps of the machine `sync_user`, for either direction and either Region.

Each step looks for itself and decides anew. So no personal data travels through the machine, and a
step that is repeated, redriven or late finds out by itself whether its work is still wanted. Every
writer looks again afterwards (I2).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from cognito_standby.core.domain.conflicts import Conflict
from cognito_standby.core.domain.errors import NotYetVisibleError, PlanStaleError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import Confirmation, Intent, SyncState
from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.core.domain.records import Draft, Record
from cognito_standby.core.domain.subjects import (
    FEDERATED,
    GROUP,
    PRESENT,
    Fields,
    Subject,
    SubjectKind,
    fingerprint,
    image_of,
    names_with,
)
from cognito_standby.replication.domain.decide import Apply, Capture, Confirm, Skip, decide
from cognito_standby.replication.domain.kin import Bind
from cognito_standby.replication.domain.on_demand import tells_of_them
from cognito_standby.replication.domain.projection import Target
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.binding import bind, bound_as
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.lease_expiry import expires_lease_on_error
from cognito_standby.replication.services.look import former_owners, identify, look
from cognito_standby.replication.services.news import REASON, News, news_of
from cognito_standby.replication.services.pace import seconds_to_wait
from cognito_standby.replication.services.password_notes import note_password
from cognito_standby.replication.services.pool_calls import fields_between_updates
from cognito_standby.replication.services.preconditions import require_believable

SKIPPED = "skipped: "
"""How the reason of an outcome begins where nothing was done, and why follows."""

STREAM = "replica_stream"
"""The cause that the pipe gives its hints."""
IMPORT = "import"
"""The cause of the hints that complete who was imported."""
_MANY = (STREAM, IMPORT)
"""Of these many can come at once, so that their replays wait in the line."""

_LONG = timedelta(hours=1)
"""Replication takes a second or so; alarms tell when it does not."""


@dataclass(frozen=True)
class SyncOutcome:
    """What a step did. `decision` is what the machine routes by: capture, apply or done.
    `conflict`: something was listed for somebody to decide."""

    subject: Subject
    decision: str
    reason: str
    winner: Record | None = None
    skipped_fields: tuple[str, ...] = field(default=())
    conflict: bool = False
    wait_seconds: int = 0
    """Until the turn of a replay: many at once would use up Cognito's quotas."""


def plan_sync(ctx: SyncContext, hint: Hint, holder: str, *, again: bool = False) -> SyncOutcome:
    """Take the lease, look, decide. Where nothing is to be written this is also the last look.

    Where a record is hinted at, and it is news, neither lease nor look: the replay has its own, and
    sends the execution back here (`again`) where it finds that something else is needed.

    LeaseHeldError; NotYetVisibleError: a user just made is not in the pool yet.
    """
    subject = identify(ctx, hint)
    note_password(ctx, subject, hint)
    return _plan(ctx, subject, holder, hint, again)


@expires_lease_on_error
def _plan(ctx: SyncContext, subject: Subject, holder: str, hint: Hint, again: bool) -> SyncOutcome:
    news = news_of(ctx, subject) if hint.origin_sub and not again else None
    if news is not None:
        written = not _stays_absent(ctx, news)
        waits, imported = hint.cause in _MANY and written, hint.cause == IMPORT
        wait = seconds_to_wait(ctx, news, imported=imported) if waits else 0
        return SyncOutcome(subject, "apply", REASON, news.record, wait_seconds=wait)
    view = look(ctx, subject, ctx.ledger.take_lease(subject, holder))
    decision = decide(view)
    match decision:
        case Capture():
            return SyncOutcome(subject, "capture", decision.reason, view.winner)
        case Apply():
            return SyncOutcome(subject, "apply", decision.reason, view.winner)
        case Confirm():
            return settle(ctx, view, decision, holder)
        case Bind():
            bind(ctx, view, decision, holder, look)
            return _plan(ctx, decision.subject, holder, hint, True)
        case Skip():
            if other := bound_as(ctx, view):
                ctx.ledger.release(subject, holder)
                return _plan(ctx, other, holder, hint, again)
            if hint.may_be_early(ctx.clock.now(), ctx.early) and _may_still_appear(view):
                raise NotYetVisibleError("a user just made is not confirmed in the pool yet")
            ctx.ledger.note_state(
                subject, holder, SyncState.SKIPPED, decision.reason, decision.fields
            )
            return SyncOutcome(subject, "done", SKIPPED + decision.reason)


def _stays_absent(ctx: SyncContext, news: News) -> bool:
    """Whether the replay makes nobody: of a provider's user, if they are not staged; of whoever
    comes by themselves. Who is here is written to."""
    if FEDERATED in news.record.fields:
        return not ctx.federated.stages and not news.row.confirmed
    user = news.record.subject.kind is SubjectKind.USER
    return user and ctx.on_demand and news.row.target is None and not tells_of_them(news.row)


@expires_lease_on_error
def capture_record(ctx: SyncContext, subject: Subject, holder: str, change_id: str) -> SyncOutcome:
    """Pool -> record by compare-and-set, then look again and confirm.

    PlanStaleError: something moved. NotYetVisibleError: the pool's two views of a deletion differ.
    NotBelievedError: who is gone, or back, may be so for another reason.
    """
    view = look(ctx, subject, ctx.ledger.renew_lease(subject, holder))
    decision = decide(view)
    if isinstance(decision, Confirm):
        return settle(ctx, view, decision, holder)
    if not isinstance(decision, Capture):
        raise PlanStaleError("a capture is no longer what is needed")
    if decision.deleted:
        witness_absence(ctx, view)
    require_believable(ctx, view, decision)
    note_conflicts(ctx, decision.conflicts)
    # Woken before the put: a repetition finds the record written and comes no further.
    wake_unknown_groups(ctx, view, decision.fields)
    wake_former_owners(ctx, view, decision)
    put_own(ctx, view, decision.fields, decision.deleted, change_id)
    outcome = confirm_sync(ctx, subject, holder)
    return SyncOutcome(
        subject,
        "done",
        decision.reason,
        outcome.winner,
        outcome.skipped_fields,
        bool(decision.conflicts),
    )


@expires_lease_on_error
def confirm_sync(
    ctx: SyncContext, subject: Subject, holder: str, memberships: Fields | None = None
) -> SyncOutcome:
    """Look again; confirm and release the lease if pool and winner agree. `memberships`: those that
    need no second look, as nothing was written of them.

    PlanStaleError: they do not, or the lease is lost.
    """
    view = look(ctx, subject, ctx.ledger.renew_lease(subject, holder), memberships)
    decision = decide(view)
    if not isinstance(decision, Confirm):
        raise PlanStaleError("something moved since the write")
    return settle(ctx, view, decision, holder)


def settle(ctx: SyncContext, view: View, decision: Confirm, holder: str) -> SyncOutcome:
    """Note that pool and winner agree, and give the lease back."""
    if decision.own_tombstone and view.winner is not None:
        put_own(ctx, view, view.winner.fields, True, view.winner.change_id)
        return confirm_sync(ctx, view.subject, holder)
    observed, winner = view.observed, view.winner
    note_conflicts(ctx, decision.conflicts)
    if is_found_creation(view):
        note(ctx, view, intent_for(view, decision.target), holder)
    erased = winner is not None and winner.erased
    if erased:
        ctx.ledger.drop_conflicts(view.subject)
        ctx.erasures.learn(view.subject, winner.change_id if winner else "")
    ctx.ledger.confirm(
        view.subject,
        holder,
        Confirmation(
            fields=observed.fields,
            version=winner.version if winner else None,
            skipped=decision.target.skipped,
            local_sub=observed.local_sub or view.ledger.local_sub,
            local_username=observed.username or ("" if erased else view.ledger.local_username),
            record_fingerprint=fingerprint(winner.fields) if winner else "",
            anew=not view.ledger.was_here,
        ),
    )
    skipped = tuple(sorted(decision.target.skipped))
    # Without `present` nothing was replicated.
    left_out = SKIPPED if PRESENT in decision.target.skipped else ""
    return SyncOutcome(view.subject, "done", left_out + decision.reason, winner, skipped)


def intent_for(view: View, target: Target) -> Intent:
    """What to note before the pool is changed from what was seen to the target. It includes what
    the pool shows in between, which is our writing, too: an address may count as verified for a
    moment."""
    seen = view.observed.fields
    return Intent(
        base=image_of({**seen, **fields_between_updates(seen, target.fields)}),
        target=image_of(target.fields),
        skipped=target.skipped,
        local_username=view.observed.username,
    )


def is_found_creation(view: View) -> bool:
    """Whether the pool holds a user whom we made and whose sub the ledger does not know yet: the
    execution that made them died before it could note it."""
    return view.observed.local_sub not in ("", view.ledger.local_sub, view.subject.id)


def note(ctx: SyncContext, view: View, intent: Intent, holder: str) -> None:
    """Name in the ledger what is about to be written (I4).

    A creation that was found again is completed in the same write. An intent alone would leave out
    the sub; then nobody could find the user, who would look deleted.
    """
    intent = replace(intent, anew=not view.ledger.was_here)
    if is_found_creation(view):
        made = view.observed
        ctx.ledger.note_created(view.subject, holder, intent, made.local_sub, made.username)
    else:
        ctx.ledger.note_intent(view.subject, holder, intent)


def wake_unknown_groups(ctx: SyncContext, view: View, fields: Fields) -> None:
    """A membership can be seen before its group's definition was: have the definition synced."""
    before = view.partition.own.fields if view.partition.own else {}
    new = tuple(name for name in names_with(GROUP, fields) if GROUP + name not in before)
    for name in sorted(set(new) - ctx.records.known_groups(new)) if new else ():
        ctx.bus.publish(
            Hint(group=name, cause="seen in a membership", hinted_at=ctx.clock.now().isoformat())
        )


def wake_former_owners(ctx: SyncContext, view: View, capture: Capture) -> None:
    """An address that this user verified may have been taken from somebody without an event."""
    if capture.deleted or view.subject.kind is not SubjectKind.USER:
        return
    for sub in former_owners(ctx, view, capture.fields):
        ctx.bus.publish(
            Hint(
                local_sub=sub,
                cause="another user has verified an address of theirs",
                hinted_at=ctx.clock.now().isoformat(),
            )
        )


def put_own(ctx: SyncContext, view: View, fields: Fields, deleted: bool, change_id: str) -> Record:
    """Write the own record over the revision that was seen. PlanStaleError: refused."""
    own = view.partition.own
    draft = Draft(
        subject=view.subject,
        epoch_number=view.claims.of(ctx.region).number,
        fields=fields,
        deleted=deleted,
        expected_revision=own.revision if own else None,
        change_id=change_id,
        bulk=ctx.bulk and not deleted and _has_long_arrived(ctx, own),
        user_pool_id=ctx.user_pool_id,
        seen=_seen(view),
        former=own,
    )
    record = ctx.records.put(draft, ctx.clock.now())
    if record is None:
        raise PlanStaleError("the own record moved")
    return record


def note_conflicts(ctx: SyncContext, found: tuple[Conflict, ...]) -> None:
    """List what is about to be lost, or comes late, before anything is written over it."""
    for conflict in found:
        ctx.ledger.note_conflict(conflict)


def _seen(view: View) -> int:
    """The revision of the other Region's record that this one has replayed, or overrides and lists:
    of its present record if that won, else the one that an earlier own write had seen."""
    own, other = view.partition.own, view.partition.other
    if other is not None and view.winner is other:
        return other.revision
    return (own.seen or 0) if own is not None else 0


def _has_long_arrived(ctx: SyncContext, own: Record | None) -> bool:
    """Whether every ordinary write of this record has arrived long ago. Replication may merge two
    writes into one, and then the stream shows the mark of the later one for both. A wrong time
    costs an execution too many or too few here; the next reconciliation finds the rest."""
    if own is None or own.bulk:
        return True
    return own.written_at is not None and ctx.clock.now() - own.written_at > _LONG


def _may_still_appear(view: View) -> bool:
    return not view.observed.present or view.observed.status is UserStatus.UNCONFIRMED


def witness_absence(ctx: SyncContext, view: View) -> None:
    """A deletion is believed only if the listing does not have the sub either. NotYetVisibleError:
    it has."""
    sub = view.ledger.local_sub or view.subject.id
    if view.subject.kind is SubjectKind.USER and ctx.directory.listed_by_sub(sub):
        raise NotYetVisibleError("the pool still lists a user whom it does not find")
