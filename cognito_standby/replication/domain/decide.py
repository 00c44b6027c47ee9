"""The heart of the protocol: from one look at everything, what to do next and why. Pure.

    winner     pool                     active                     standby
    none       user there               Capture                    Capture
    none       a provider's, and one    Bind                       Bind
               record knows them
    none       the same, and several    Skip                       Skip
               could be meant
    federated  never signed in here     Confirm; staged: Apply     Confirm; staged: Apply
    federated  a native user, no link   Skip                       Skip
    living     never there, and the     Confirm                    Confirm
               pool is filled on demand
    any        equals the winner        Confirm                    Confirm
    tombstone  back by a recovery       Skip (reconciliation       Apply
                                        asks); erased: Apply
    own        differs                  Capture                    Apply (what differs is listed)
    own        half put back by us      Apply                      Apply
    foreign    local change             Capture (it wins; what     Apply (the change is listed)
                                        it overrides is listed)
    foreign    otherwise differs        Apply (what comes late     Apply
                                        is listed)

The role is the one that the claims show in this very look. A field is a *local change* when it
equals neither what we last confirmed (base) nor what we are writing (target): somebody else wrote
it. What is listed, and why: domain/losses.py.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.absence import Proof, has_returned
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.groups import is_of_provider
from cognito_standby.core.domain.ledger import LedgerRow, locally_changed, refusal_of
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import Observation, UserStatus
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import (
    FEDERATED,
    PRESENT,
    Fields,
    SubjectKind,
    is_about_factors,
)
from cognito_standby.replication.domain import federated, losses, on_demand, staging
from cognito_standby.replication.domain.creation_names import name_for
from cognito_standby.replication.domain.kin import Bind, only_one
from cognito_standby.replication.domain.projection import Target, target_in, without_links
from cognito_standby.replication.domain.view import View


@dataclass(frozen=True)
class Capture:
    """Write the pool's state as this Region's record. `conflicts`: what it overrides of a record
    of the other Region that this pool had not seen."""

    fields: Fields
    deleted: bool
    reason: str
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True)
class Apply:
    """Write the winner's state into the pool. `conflicts`: what is lost by it, or comes late; it
    is listed before the first write."""

    target: Target
    needs_password: bool
    reason: str
    conflicts: tuple[Conflict, ...] = ()

    @property
    def undoes(self) -> bool:
        """Whether somebody's change in this pool is undone. Only this look can tell: once the write
        is named in the ledger, the change looks like ours."""
        return any(each.kind is ConflictKind.UNDONE for each in self.conflicts)


@dataclass(frozen=True)
class Confirm:
    """The pool holds what the winner says. `own_tombstone`: a foreign deletion is confirmed and
    this Region's own tombstone must be written first. `conflicts`: what is lost by that; of a
    provider's user whom somebody has removed, and whom no replay makes again."""

    target: Target
    own_tombstone: bool
    reason: str
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True)
class Skip:
    """Nothing is to be done, for a reason worth telling."""

    reason: str
    fields: Fields = field(default_factory=dict)
    """Field -> reason, where the subject counts among those of which a pool does not hold all."""


Decision = Capture | Apply | Confirm | Skip | Bind


def decide(view: View) -> Decision:
    """The next step of SYNC for this view. Nobody is made whom only a provider's sign-in makes, or
    who would keep one of a provider's users out, or for whom the pool has no name."""
    decision = _decide(view)
    made: Fields = decision.target.fields if isinstance(decision, Apply) else {}
    if view.observed.present or PRESENT not in made:
        return decision
    if FEDERATED in made and isinstance(decision, Apply) and view.winner is not None:
        return replace(_nobody_yet(view, view.winner), conflicts=decision.conflicts)
    if federated.is_named_as_theirs(view, made):
        return Skip(NotHeld.PROVIDERS_NAME)
    name = name_for(view.schema, made) if view.subject.kind is SubjectKind.USER else ""
    if isinstance(name, NotHeld):
        return Skip(name, {PRESENT: name})
    if isinstance(decision, Apply) and on_demand.is_awaited(view):
        return Confirm(on_demand.nobody_yet(decision.target), False, on_demand.AWAITED)
    return decision


def _nobody_yet(view: View, winner: Record) -> Confirm:
    target = federated.nobody(view, winner)
    return Confirm(target, False, target.skipped[PRESENT])


def _decide(view: View) -> Decision:
    if reason := _unsupported(view):
        return Skip(reason)
    winner = view.winner
    if winner is None:
        return _first_capture(view)
    foreign, target = winner.region != view.region, project(view, winner)
    if (special := _federated(view, winner, target)) is not None:
        return special
    missing = not view.observed.present and not winner.deleted
    if missing and (view.wanted or on_demand.never_came(view)):
        # In an active Region too: the absence is not a deletion that nobody has seen yet.
        return Apply(target, False, RESTORED)
    needs_password = (foreign or view.ledger.restoring) and _needs_password(view, winner)
    shows = _shows(view.observed, target) and not _overtaken_deletion(view, winner)
    if shows and not needs_password:
        own = view.partition.own
        kept = own is None or not own.deleted or (winner.erased and not own.erased)
        settled = winner.retired and own is None and not view.observed.present
        own_tombstone = foreign and winner.deleted and kept and not settled
        return Confirm(target, own_tombstone, "the pool holds what the winner says")
    if winner.deleted and has_returned(view.ledger, view.observed):
        returned = _returned(view, winner, target)
        if returned is not None:
            return returned
    if not view.active:
        return _stand_by(view, winner, target, needs_password)
    local = is_local_change(view.observed.fields, view.ledger) or _set_up_here(view, winner)
    if not foreign:
        if view.ledger.restoring and (shows or not local):
            return Apply(target, needs_password, "the pool is half put back")
        return _capture(view, winner, "this Region's own record is behind")
    if local:
        return _capture(view, winner, "a local change wins")
    late = losses.merged(view, winner, target)
    return Apply(target, needs_password, BEHIND, late)


RESTORED = "missing, and asked for: made again from the record"
STAGES = "a provider's user is staged, before they come"
COMPLETES = "known by the provider's subject, and completed"


def _federated(view: View, winner: Record, target: Target) -> Decision | None:
    """What is decided otherwise of a provider's user; None: nothing. In a pool that stands by the
    record wins, as always. Whoever was bound in an active one gets the rest of the record first;
    then what the sign-in has brought is captured."""
    if federated.is_rightly_absent(view, winner):
        if staging.may_be_staged(view, winner):
            return Apply(target, False, STAGES)
        return _nobody_yet(view, winner)
    if federated.is_former_copy(view, winner):
        return Skip(NotHeld.FORMER_COPY)
    if not federated.is_to_be_completed(view, winner):
        return None
    unmarked = federated.is_unmarked(view)
    if not view.active:
        return Apply(target, False, COMPLETES) if unmarked else None
    whole = federated.completed(view, target)
    if unmarked or not _shows(view.observed, whole):
        return Apply(whole, False, COMPLETES)
    if _shows(view.observed, target):
        return Confirm(target, False, "the pool holds what the winner says")
    return _capture(view, winner, "the provider's sign-in is newer", view.ledger.given)


BEHIND = "the pool is behind the other Region's record"


def _stand_by(view: View, winner: Record, target: Target, needs_password: bool) -> Apply:
    """In the pool of a Region that knows of a higher claim the winner stands, whichever Region
    wrote it: a change there is undone and listed. A missing user whom no row or record places in
    this very pool is no change: so a replaced pool is filled."""
    unknown = not view.observed.present and view.proof is Proof.NONE
    lost = () if unknown else losses.lost_in_standby(view, winner, target)
    return Apply(target, needs_password, "a change in the standby loses" if lost else BEHIND, lost)


def is_own(view: View) -> bool:
    """Whether this Region's own record wins."""
    return view.winner is not None and view.winner.region == view.region


def project(view: View, record: Record) -> Target:
    """What the viewed pool should show of a record.

    Whoever is deleted and kept for the grace period is linked to nothing, so that whoever signs in
    by the identity is somebody new, as in the pool of the deletion. Links that an active pool's own
    record finds are an administrator's since.
    """
    carried = _carried(view) if record.region == view.region else {}
    row, seen, unrecorded = view.ledger, view.observed, unrecorded_factors(view, record)
    changed = locally_changed(seen.fields, row) if view.active and row.base else set[str]()
    if view.active:
        changed |= unrecorded
    refused = {
        name
        for name, noted in row.refused.items()
        if noted == refusal_of(view.user_pool_id, record.fields.get(name, ""))
    }
    target = target_in(
        *(record, seen, view.schema, carried, view.taken, changed, refused, unrecorded),
        standby=not view.active,
    )
    if record.deleted and (record.region != view.region or not view.active):
        target = without_links(target)
    return staging.staged(target, view, record)


def _carried(view: View) -> dict[str, str]:
    """What stays out. That nobody had come yet says nothing of what the pool can hold."""
    return {name: why for name, why in view.ledger.skipped.items() if why != NotHeld.AWAITED}


def unrecorded_factors(view: View, record: Record) -> frozenset[str]:
    """Second factors that this pool shows, and of which neither the record nor anything that was
    confirmed here tells: a person's, of a time when records told none, or of one when this Region
    stood by. They are nobody's to turn off."""
    return frozenset(
        name
        for name in view.observed.fields
        if is_about_factors(name)
        and name not in record.fields
        and (name not in view.ledger.base or view.ledger.skipped.get(name) == NotHeld.ONLY_HERE)
    )


def with_carried(state: Fields, view: View, winner: Record) -> dict[str, str]:
    """A state of this pool, with what the winner says of the fields that the pool cannot hold. So
    does the tombstone of a user who is let in again: it keeps the last state, unless it is that of
    an erasure."""
    last = winner.subject.kind is SubjectKind.USER and not winner.erased
    names = project(view, replace(winner, deleted=False) if last else winner).skipped
    said = {name: winner.fields[name] for name in names if name in winner.fields}
    return {name: value for name, value in state.items() if name not in names} | said


def _shows(observed: Observation, target: Target) -> bool:
    return dict(observed.fields) == dict(target.fields)


def _overtaken_deletion(view: View, winner: Record) -> bool:
    """Whether a user whose deletion arrives from the other Region was changed here, in the active
    one. A user who was disabled here looks as the deletion wants it, but is still a change that
    wins."""
    return (
        winner.deleted
        and winner.region != view.region
        and winner.version != view.ledger.confirmed_version
        and view.observed.present
        and view.active
        and is_local_change(view.observed.fields, view.ledger)
    )


def is_local_change(fields: Fields, ledger: LedgerRow) -> bool:
    """Whether some field equals neither what was there nor what we are writing."""
    return bool(locally_changed(fields, ledger))


def _set_up_here(view: View, winner: Record) -> bool:
    """Whether somebody has a second factor that they turned on while this Region stood by."""
    return any(name in view.ledger.skipped for name in unrecorded_factors(view, winner))


def _unsupported(view: View) -> str:
    """Why a user who was never replicated is left alone, or nothing. A group that Cognito made for
    a provider is, whatever an older release made of it."""
    group = view.subject.kind is SubjectKind.GROUP
    if group and is_of_provider(view.subject.id):
        return NotHeld.PROVIDERS_GROUP
    if federated.tells_no_provider(view):
        return federated.NO_PROVIDER_TOLD
    if view.partition.records or view.ledger.was_here:
        return ""
    return "not confirmed yet" if view.observed.status is UserStatus.UNCONFIRMED else ""


def _first_capture(view: View) -> Decision:
    if view.kin:
        if whom := only_one(view.kin):
            return Bind(whom, "a record knows them by the provider's subject")
        return Skip(NotHeld.AMBIGUOUS, {FEDERATED: NotHeld.AMBIGUOUS})
    if view.observed.present:
        return Capture(view.observed.fields, False, "first sight")
    if view.ledger.confirmed:  # of this pool: `of_this_pool` has seen to it
        return Capture(view.ledger.confirmed, True, "gone before its record was seen")
    return Skip("never seen in this pool and without a record")


def _returned(view: View, winner: Record, target: Target) -> Apply | Skip | None:
    """A deleted user whom a recovery of the pool brought back. Nobody enabled them, so no event is
    a reason to capture them, and disabling them again loses nothing. In the active pool an operator
    may let such a user in, unless they were erased: then the pool is captured (None)."""
    if winner.erased:
        return Apply(target, False, "erased, and brought back by a recovery of the pool")
    if not view.active:
        return Apply(target, False, "deleted, and brought back by a recovery of the pool")
    if view.asked:
        return None
    return Skip("deleted, and brought back by a recovery of the pool: reconciliation asks")


def _capture(
    view: View, winner: Record, reason: str, given: Collection[str] | None = None
) -> Capture | Skip:
    """The pool's state, plus what the winner says of fields that this pool cannot hold. `given`:
    what a provider says anew at each sign-in, so that nobody has to decide about it."""
    fields = view.observed.fields
    if not fields and view.proof is Proof.NONE:
        return Skip("its record is about another pool: nothing says that it was in this one")
    state = with_carried(fields, view, winner) if fields else fields
    foreign = winner.region != view.region
    lost = losses.overridden(view, winner, state, given or ()) if foreign else ()
    return Capture(state or winner.fields, not state, reason, lost)


def _needs_password(view: View, winner: Record) -> bool:
    """Whether a user that we made still has the temporary password, with which Cognito refuses
    recovery. Once a user was confirmed, their password is theirs and never touched again. Whoever
    is staged keeps it: nobody but their provider is to let them in."""
    return (
        not winner.deleted
        and not staging.is_staged(view, winner)
        and view.observed.status is UserStatus.FORCE_CHANGE_PASSWORD
        and view.observed.local_sub != view.subject.id
        and view.ledger.confirmed_version is None
    )
