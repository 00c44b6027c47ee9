"""Names that two people want: re-used, taken over, swapped.

A pool lets one user hold a username or address. Records replay one user at a time and in any
order, so the winner of one user can need what the pool still shows for another. Whoever should no
longer hold it, by their own record, is evicted: a deleted user is removed (the record keeps them),
a living one is parked at an address that delivers nowhere until their own sync sets the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from cognito_standby.core.domain.contacts import CONTACTS, PREFERRED
from cognito_standby.core.domain.errors import LeaseHeldError, NameHeldError, StandbyError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.pools import PoolUser, UserStatus
from cognito_standby.core.domain.subjects import (
    ABSENT,
    ATTRIBUTE,
    FALSE,
    TRUE,
    Fields,
    Subject,
    digest,
)
from cognito_standby.replication.domain.decide import Apply, Confirm, decide, is_own
from cognito_standby.replication.domain.projection import Target
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.lease_expiry import asked_again, may_be_on_its_way
from cognito_standby.replication.services.look import identify, look
from cognito_standby.replication.services.pool_writer import PoolWriter
from cognito_standby.replication.services.preconditions import require_confirmed_table

_T = TypeVar("_T")


def making_way(
    ctx: SyncContext, view: View, names: Sequence[str], holder: str, call: Callable[[], _T]
) -> _T:
    """Make the call. If a name is held by a user who should no longer hold it, free it and call
    again.

    A subject that has to wait gives its own lease back (I5): otherwise two users who want each
    other's names would each hold the lease that the other needs. Where the SDK made a call more
    than once, an earlier one may be on its way: then it keeps the lease until that runs out.
    """
    try:
        return call()
    except NameHeldError:
        try:
            evict(ctx, view, names, holder)
            return call()
        except (NameHeldError, LeaseHeldError) as error:
            if not asked_again(error):
                ctx.ledger.release(view.subject, holder)
            raise


def evict(ctx: SyncContext, view: View, names: Sequence[str], execution: str) -> None:
    """Free the names for a subject by evicting who holds them, or say why not.

    NameHeldError: somebody rightly holds one, or what they should hold is not known yet; their
    sync was woken. LeaseHeldError: somebody is at work on the holder.
    """
    for name in names:
        user = ctx.directory.get_profile(name)
        if user is None or user.sub == view.observed.local_sub:
            continue
        subject = identify(ctx, Hint(local_sub=user.sub))
        if subject == view.subject:
            continue
        _evict_holder(ctx, subject, user, name, execution)


def _evict_holder(
    ctx: SyncContext, subject: Subject, user: PoolUser, name: str, execution: str
) -> None:
    row = ctx.ledger.take_lease(subject, execution)
    ends = True
    try:
        # Woken before the write: their sync waits for the lease, and a bus that refuses here
        # has changed nothing.
        ctx.bus.publish(
            Hint(
                origin_sub=subject.key,
                cause="a name of theirs is needed by another user",
                hinted_at=ctx.clock.now().isoformat(),
            )
        )
        held = look(ctx, subject, row)
        target = _evicted_state(held, user, name)
        if not target:
            require_confirmed_table(ctx)
        ends = False
        _write_holder(ctx, held, user, target, execution)
        ends = True
    except StandbyError as error:
        ends = ends or not may_be_on_its_way(error)
        raise
    finally:
        if ends:  # otherwise the lease runs out by itself
            ctx.ledger.release(subject, execution)


def _write_holder(
    ctx: SyncContext, held: View, user: PoolUser, target: Fields, execution: str
) -> None:
    """Write the holder, under the name by which they were found. There is no second look, because
    their lease is held, and whoever needs the name tries for it again; only for an unconfirmed
    sign-up there is one, so that nobody who is just confirming is removed. Nobody is asked whose
    the address is, because a parked address is nobody's."""
    writer = PoolWriter(
        ctx,
        replace(held, observed=replace(held.observed, username=user.username)),
        execution,
        restoring=is_own(held),
        look_again=_still_unconfirmed if _is_unknown_sign_up(held) else _no_look,
        asks_first=False,
    )
    if target:
        writer.alter_user(Target(target, {}))
    else:
        writer.remove_user()


def _no_look(_ctx: SyncContext, _view: View, _holder: str) -> None:
    """The second look is left out: what was just looked at counts."""


def _still_unconfirmed(ctx: SyncContext, view: View, _holder: str) -> None:
    """NameHeldError: they are confirmed by now, and so somebody to be replicated."""
    user = ctx.directory.get_user_by_sub(view.observed.local_sub)
    if user is not None and user.status is not UserStatus.UNCONFIRMED:
        raise NameHeldError("the sign-up that holds the name was confirmed meanwhile")


def _is_unknown_sign_up(held: View) -> bool:
    """Whether the holder is a sign-up in a Region that stands by which nobody confirmed and no
    record knows: it gives way to a person whom the active Region knows. Where people sign up, in
    the active Region, they may be about to confirm it."""
    unknown = not held.partition.records and held.ledger.confirmed is None
    return unknown and not held.active and held.observed.status is UserStatus.UNCONFIRMED


def _evicted_state(held: View, user: PoolUser, name: str) -> Fields:
    """What the holder's pool entry becomes: nothing for a deleted user and for a sign-up in a
    standby that nobody confirmed, else a parked address.

    NameHeldError: the holder may stay. A change of their own that neither a record nor the list of
    conflicts shows yet is never overwritten. The parked address counts as verified so that Cognito
    sends nothing to it; the top-level domain `invalid` delivers nowhere (RFC 2606), and +999 is no
    country (ITU-T E.164).
    """
    if _is_unknown_sign_up(held):
        return ABSENT
    winner, decision = held.winner, decide(held)
    if isinstance(decision, Apply) and decision.undoes:
        raise NameHeldError("a change of the holder's is not on the list of conflicts yet")
    if winner is not None and winner.deleted and isinstance(decision, Apply | Confirm):
        return ABSENT
    if winner is not None and isinstance(decision, Apply):
        parked = {
            "email": f"parked-{user.sub}@parked.invalid",
            "phone_number": f"+999{int(digest(user.sub), 16) % 10**11:011d}",
        }
        if PREFERRED in held.schema.alias_attributes:
            parked[PREFERRED] = f"parked-{user.sub}"
        for contact, address in parked.items():
            field = ATTRIBUTE + contact
            holds = _same(user.attributes.get(contact), name)
            claims = _same(winner.fields.get(field), name)
            flag = {f"{field}_verified": TRUE} if contact in CONTACTS else {}
            if holds and not claims:
                return {**held.observed.fields, field: address, **flag}
            verified = not flag or winner.fields.get(f"{field}_verified") == TRUE
            if holds and not verified and contact in held.schema.alias_attributes:
                # Marked as verified in passing, by a write that was cut off: the address is theirs,
                # the alias is not.
                return {**held.observed.fields, f"{field}_verified": FALSE}
    if name not in (user.username, *user.attributes.values()):
        raise NameHeldError("another user rightly holds the name in another case")
    raise NameHeldError("another user rightly holds the name or address")


def _same(address: str | None, name: str) -> bool:
    """Whether an address is the name: the pool that found its holder by it may ignore case."""
    return address is not None and address.casefold() == name.casefold()
