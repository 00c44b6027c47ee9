"""What is lost, or comes late, when a decision is carried out: for the list of conflicts. Pure."""

from __future__ import annotations

from collections.abc import Collection

from cognito_standby.core.domain.conflicts import Conflict, ConflictKind, conflicts
from cognito_standby.core.domain.ledger import locally_changed
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import PRESENT, Fields, digest
from cognito_standby.replication.domain.projection import Target
from cognito_standby.replication.domain.view import View


def lost_in_standby(view: View, winner: Record, target: Target) -> tuple[Conflict, ...]:
    """What is lost when the pool of a Region that stands by is made to look like the winner."""
    return (*_undone(view, winner, target), *_unseen(view, winner))


def overridden(
    view: View, winner: Record, captured: Fields, but: Collection[str] = ()
) -> tuple[Conflict, ...]:
    """What is lost of the other Region's record when a local change in the active Region wins: the
    fields, but for these, that the record changed since this pool was last in sync with it."""
    base = view.ledger.base
    said = winner.state
    names = {
        name
        for name in {*said, *captured}.difference(but)
        if said.get(name) != captured.get(name) and _digest_in(said, name) != base.get(name)
    }
    return conflicts(view.subject, ConflictKind.OVERRIDDEN, said, names)


def merged(view: View, winner: Record, target: Target) -> tuple[Conflict, ...]:
    """What a record of an older claim changes in the active pool, for a user whom that pool has had
    in sync before. The record may have been captured before the claim or, in a Region that was cut
    off, after it; nothing tells which."""
    row, seen = view.ledger, view.observed.fields
    if row.confirmed is None or winner.version == row.confirmed_version:
        return ()
    names = {n for n in {*seen, *target.fields} if seen.get(n) != target.fields.get(n)}
    if names and winner.deleted and PRESENT in seen:
        names.add(PRESENT)
    return conflicts(view.subject, ConflictKind.MERGED, seen, names)


def _undone(view: View, winner: Record, target: Target) -> tuple[Conflict, ...]:
    """A person's change in this pool. If the own record wins, whatever differs in the pool is
    somebody's change, unless we are putting it back. A change through the Admin API that was cut
    off counts as one, too; its removal of a user does not."""
    row, seen = view.ledger, view.observed.fields
    wanted: Fields = {} if winner.deleted else target.fields
    differing = {name for name in {*seen, *wanted} if seen.get(name) != wanted.get(name)}
    own = winner.region == view.region
    if not own or row.restoring or winner.deleted:
        differing &= locally_changed(seen, row)
    return conflicts(view.subject, ConflictKind.UNDONE, seen, differing)


def _unseen(view: View, winner: Record) -> tuple[Conflict, ...]:
    """What this Region captured and confirmed, and the other Region's winner had not seen."""
    own = view.partition.own
    if own is None or winner.region == view.region or winner.seen is None:
        return ()
    if own.revision <= winner.seen or view.ledger.confirmed_version != own.version:
        return ()
    said, wins = own.state, winner.state
    names = {name for name in {*said, *wins} if said.get(name) != wins.get(name)}
    return conflicts(view.subject, ConflictKind.OVERRIDDEN, said, names)


def _digest_in(fields: Fields, name: str) -> str | None:
    return digest(fields[name]) if name in fields else None
