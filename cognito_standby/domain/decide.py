"""The heart of the protocol: from one look at everything, what to do next and why. Pure.

    winner                  pool                        decision
    own, or none            equals the winner           Confirm
    own, or none            differs                     Capture
    foreign                 equals the winner           Confirm
    foreign                 local change, active        Capture (it wins; a conflict)
    foreign                 local change, standby       Capture once (it loses; a conflict),
                                                        then Apply
    foreign                 otherwise differs           Apply

A field is a *local change* when it equals neither what we last confirmed (base) nor what we are
writing (target): somebody else wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.domain.absence import Proof, has_returned, proof_of_presence
from cognito_standby.domain.epochs import Claims, is_active
from cognito_standby.domain.ledger import LedgerRow
from cognito_standby.domain.pools import PoolSchema, Sighting, UserStatus
from cognito_standby.domain.projection import Target, target_in
from cognito_standby.domain.records import Partition, Record, resolve
from cognito_standby.domain.subjects import Fields, Subject, image_of


@dataclass(frozen=True)
class View:
    """One look at everything that bears on a subject in one Region."""

    subject: Subject
    region: str
    partition: Partition
    claims: Claims
    ledger: LedgerRow
    sighting: Sighting
    schema: PoolSchema
    user_pool_id: str = ""
    """This Region's pool; the ledger's row is what it tells about this one."""
    asked: bool = False
    """An operator was asked about who is gone and who is back, and said yes."""

    @property
    def proof(self) -> Proof:
        """Whether the user was in this pool, so that an absence means something."""
        return proof_of_presence(self.ledger, self.partition.own, self.user_pool_id)

    @property
    def winner(self) -> Record | None:
        """The record that the world should look like."""
        return resolve(self.partition)

    @property
    def active(self) -> bool:
        """Whether this Region is active for this subject."""
        return is_active(self.region, self.claims, self.partition.epochs)


@dataclass(frozen=True)
class Capture:
    """Write the pool's state as this Region's record. `conflict`: it overrides, or loses to,
    a record of the other Region that it had not seen."""

    fields: Fields
    deleted: bool
    conflict: bool
    reason: str


@dataclass(frozen=True)
class Apply:
    """Write the winner's state into the pool."""

    target: Target
    needs_password: bool
    reason: str


@dataclass(frozen=True)
class Confirm:
    """The pool holds what the winner says. `own_tombstone`: a foreign deletion is confirmed and
    this Region's own tombstone must be written first."""

    target: Target
    own_tombstone: bool
    reason: str


@dataclass(frozen=True)
class Skip:
    """Nothing is to be done, for a reason worth telling."""

    reason: str


Decision = Capture | Apply | Confirm | Skip


def decide(view: View) -> Decision:
    """The next step of SYNC for this view."""
    if reason := _unsupported(view):
        return Skip(reason)
    winner = view.winner
    if winner is None:
        return _first_capture(view)
    foreign = winner.region != view.region
    target = project(view, winner)
    needs_password = foreign and not winner.deleted and _needs_password(view)
    shows = _shows(view.sighting, target) and not _overtaken_deletion(view, winner)
    if shows and not needs_password:
        own = view.partition.own
        kept = own is None or not own.deleted or (winner.erased and not own.erased)
        settled = winner.retired and own is None and not view.sighting.present
        own_tombstone = foreign and winner.deleted and kept and not settled
        return Confirm(target, own_tombstone, "the pool holds what the winner says")
    if winner.deleted and has_returned(view.ledger, view.sighting) and not view.asked:
        return _returned(view, winner, target)
    if not foreign:
        return _capture(view, winner, conflict=False, reason="this Region's own record is behind")
    if is_local_change(view.sighting.fields, view.ledger):
        if view.active:
            return _capture(view, winner, conflict=True, reason="a local change wins")
        if not _already_recorded(view):
            return _capture(view, winner, conflict=True, reason="a change in the standby loses")
    return Apply(target, needs_password, "the pool is behind the other Region's record")


def project(view: View, record: Record) -> Target:
    """What the viewed pool should show of a record."""
    carried = view.ledger.skipped if record.region == view.region else {}
    return target_in(record, view.sighting, view.schema, carried)


def _shows(sighting: Sighting, target: Target) -> bool:
    return dict(sighting.fields) == dict(target.fields)


def _overtaken_deletion(view: View, winner: Record) -> bool:
    """Whether somebody changed a user here, in the active Region, whose deletion in the other one
    is news. A disabled user looks as the deletion wants it, and is yet a change that wins."""
    return (
        winner.deleted
        and winner.region != view.region
        and winner.version != view.ledger.confirmed_version
        and view.sighting.present
        and view.active
        and is_local_change(view.sighting.fields, view.ledger)
    )


def is_local_change(fields: Fields, ledger: LedgerRow) -> bool:
    """Whether some field equals neither what was there nor what we are writing."""
    seen, base = image_of(fields), ledger.base
    target = ledger.target if ledger.target is not None else base
    return any(
        seen.get(name) not in (base.get(name), target.get(name)) for name in {*seen, *base, *target}
    )


def _unsupported(view: View) -> str:
    """Why a user who was never replicated is left alone, or nothing."""
    if view.partition.records or view.ledger.was_here:
        return ""
    match view.sighting.status:
        case UserStatus.UNCONFIRMED:
            return "not confirmed yet"
        case UserStatus.EXTERNAL_PROVIDER:
            return "federated: appears in the standby at the first sign-in there"
        case _:
            return ""


def _first_capture(view: View) -> Decision:
    if view.sighting.present:
        return Capture(view.sighting.fields, False, False, "first sight")
    if view.ledger.confirmed:  # of this pool: `of_this_pool` has seen to it
        return Capture(view.ledger.confirmed, True, False, "gone before its record was seen")
    return Skip("never seen in this pool and without a record")


def _returned(view: View, winner: Record, target: Target) -> Decision:
    """A deleted user whom a recovery of the pool brought back. Nobody let them in: no event is a
    reason to capture them. Who was erased, and whom the other Region deleted, goes again."""
    if winner.erased:
        return Apply(target, False, "erased, and brought back by a recovery of the pool")
    if winner.region != view.region and not view.active:
        return Apply(target, False, "deleted, and brought back by a recovery of the pool")
    return Skip("deleted, and brought back by a recovery of the pool: reconciliation asks")


def _capture(view: View, winner: Record, *, conflict: bool, reason: str) -> Capture | Skip:
    """The pool's state, plus what the winner says of fields that this pool cannot hold."""
    if not view.sighting.present:
        if view.proof is Proof.NONE:
            return Skip("its record is about another pool: nothing says that it was in this one")
        return Capture(winner.fields, True, conflict, reason)
    carried = {name: winner.fields[name] for name in project(view, winner).skipped}
    return Capture({**view.sighting.fields, **carried}, False, conflict, reason)


def _already_recorded(view: View) -> bool:
    """Whether this Region's own record says what the pool says, so that a losing capture has
    been made and the winner can be applied."""
    own = view.partition.own
    return own is not None and _shows(view.sighting, project(view, own))


def _needs_password(view: View) -> bool:
    """Whether a user that we made still has the temporary password, with which Cognito refuses
    recovery. Once a user was confirmed, their password is theirs and never touched again."""
    return (
        view.sighting.status is UserStatus.FORCE_CHANGE_PASSWORD
        and view.sighting.local_sub != view.subject.id
        and view.ledger.confirmed_version is None
    )


def conflicting_fields(ours: Fields, theirs: Fields) -> list[str]:
    """Names of the fields in which two states differ, for a report without values."""
    return sorted(n for n in {*ours, *theirs} if ours.get(n) != theirs.get(n))
