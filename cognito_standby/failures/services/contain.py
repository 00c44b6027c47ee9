"""Containment: what a failed execution leaves behind is made safe until somebody redrives it.

It works only under the failed execution's own lease, so nobody else has worked on the user since.
It works only in the standby, because an active pool belongs to the people who use it. It never
removes or enables a user: it puts back what was confirmed last, and disables a user who was never
completed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cognito_standby.core.domain.contacts import with_flags
from cognito_standby.core.domain.errors import NameHeldError, PlanStaleError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    ENABLED,
    FALSE,
    PRESENT,
    USERNAME,
    Fields,
    Subject,
    image_of,
)
from cognito_standby.replication.domain.decide import is_local_change
from cognito_standby.replication.domain.projection import Target
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.aliases import held_in
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.look import identify, look
from cognito_standby.replication.services.pool_calls import LOCK_FIRST
from cognito_standby.replication.services.pool_writer import PoolWriter


class Containment(StrEnum):
    """What was done about a failure."""

    PUT_BACK = "what was confirmed last was put back"
    DISABLED = "a user who was never completed was disabled"
    LEFT = "nothing was half written"
    ACTIVE = "an active pool is never touched"
    MOVED = "somebody else has been at work"
    HELD = "a name of what was confirmed last is somebody else's by now"

    @property
    def quarantines(self) -> bool:
        """Whether the pool's entry was made safe, and waits for an operator."""
        return self in (Containment.PUT_BACK, Containment.DISABLED)


@dataclass(frozen=True)
class Contained:
    """The outcome. `woken`: a sync was started to look again."""

    subject: Subject
    done: Containment
    woken: bool


def contain_failure(
    ctx: SyncContext, hint: Hint, failed: str, holder: str, reason: str, *, wake: bool = False
) -> Contained:
    """Contain one execution that failed, was stopped or timed out.

    hint     the failed execution's input
    failed   that execution; whichever of its runs held the lease
    holder   this run of the containment's own execution
    reason   error class, for the ledger and the operator
    wake     start a sync afterwards in any case

    LeaseHeldError: its lease has not expired, so its last call may still run, or somebody
    redrives it at this moment. PlanStaleError: the lease was lost half-way, or the claims keep
    moving. After either, call again. A containment that finds its own lease has run before: then
    a sync looks after it in any case.
    """
    subject = identify(ctx, hint)
    lease = ctx.ledger.read(subject).lease
    retried = lease is not None and lease.holder == holder
    try:
        row = ctx.ledger.take_over_lease(subject, failed, holder)
    except PlanStaleError:
        return _ended(ctx, subject, Containment.MOVED, woken=True)
    view = look(ctx, subject, row)
    done, safe = _safe_state(view)
    woken = wake or retried or done is Containment.MOVED
    if safe is not None:
        done = _put(ctx, view, safe, holder, done)
        woken = woken or done in (Containment.MOVED, Containment.HELD)
    state = SyncState.QUARANTINED if done.quarantines else SyncState.FAILED
    ctx.ledger.note_state(subject, holder, state, reason)
    return _ended(ctx, subject, done, woken=woken)


def _safe_state(view: View) -> tuple[Containment, Fields | None]:
    """What the pool entry should become, if anything.

    A disabled user stays disabled, whatever was confirmed, because the failed replay may have been
    the one that should disable them.
    """
    row, seen = view.ledger, view.observed.fields
    if view.active:
        return Containment.ACTIVE, None
    if row.target is None or not view.observed.username:
        return Containment.LEFT, None
    if is_local_change(seen, row):
        return Containment.MOVED, None
    if row.confirmed is None or PRESENT not in row.confirmed:
        # Even when all fields are there: without the last call people cannot recover.
        return Containment.DISABLED, {**seen, ENABLED: FALSE}
    if row.target == image_of(seen):
        return Containment.LEFT, None
    kept = {name: seen[name] for name in (USERNAME,) if name in seen}
    locked = {ENABLED: FALSE} if seen[ENABLED] == FALSE else {}
    return Containment.PUT_BACK, with_flags({**row.confirmed, **kept, **locked})


def _put(
    ctx: SyncContext, view: View, safe: Fields, holder: str, meant: Containment
) -> Containment:
    """Make the pool entry safe. Returns what was done: the intended containment only if a look then
    shows it."""
    seen = view.observed
    if held := held_in(ctx, seen, safe):
        safe, meant = _without(safe, seen.fields, held), Containment.HELD
    writer = PoolWriter(
        ctx, view, holder, restoring=view.ledger.restoring, look_again=_unmoved_standby
    )
    try:
        writer.alter_user(Target(safe, view.ledger.skipped), LOCK_FIRST)
    except _MovedError:
        return Containment.MOVED
    except NameHeldError:
        return Containment.HELD
    after = look(ctx, view.subject, ctx.ledger.renew_lease(view.subject, holder))
    unchanged = not after.active and after.winner == view.winner and after.observed.fields == safe
    return meant if unchanged else Containment.MOVED


class _MovedError(Exception):
    """Somebody else has been at work since the look. Caught here; no machine ever sees it."""


def _unmoved_standby(ctx: SyncContext, view: View, holder: str) -> None:
    again = look(ctx, view.subject, ctx.ledger.renew_lease(view.subject, holder))
    if again.active or again.observed != view.observed:
        raise _MovedError("the pool is active by now, or shows something else")


def _without(safe: Fields, seen: Fields, held: tuple[str, ...]) -> Fields:
    """All fields but addresses by which another user signs in by now. There the user keeps what the
    failed replay left, without the verification flag, so nobody recovers by it."""
    fields = dict(safe)
    for name in (ATTRIBUTE + contact for contact in held):
        fields.pop(name)
        if name in seen:
            fields |= {name: seen[name], f"{name}_verified": FALSE}
    return with_flags(fields)


def _ended(ctx: SyncContext, subject: Subject, done: Containment, *, woken: bool) -> Contained:
    if woken:
        now = ctx.clock.now().isoformat()
        ctx.bus.publish(Hint(origin_sub=subject.key, cause="containment", hinted_at=now))
    return Contained(subject, done, woken)
