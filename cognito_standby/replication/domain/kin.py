"""Whether somebody who signs in through a provider for the first time here is known. Pure.

Compared are the provider's name and its subject, and nothing else: an address proves nobody. Kin
are those living winners that name the same identity. One who is free is the person; where more than
one could be meant, or an identity is a native user's by now, nobody is linked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from cognito_standby.core.domain.absence import Proof
from cognito_standby.core.domain.identities import Identity, identity_in
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.domain.federated import is_rightly_absent
from cognito_standby.replication.domain.view import Kin, View


class Standing(Enum):
    """How somebody who has the identity stands in this pool."""

    FREE = auto()
    """Theirs is the provider's user, and this pool has nobody for them."""
    TAKEN = auto()
    """Somebody of this pool is theirs, or the identity is linked to them."""
    GONE = auto()
    """They were deleted here, which is not recorded yet: who comes again is a new person."""


@dataclass(frozen=True)
class Bind:
    """Note that the user is this subject; then the record is replayed."""

    subject: Subject
    reason: str


def standing_of(view: View, identity: Identity) -> Standing | None:
    """Of a subject as one look shows it. None: the winner is deleted, or names another identity."""
    winner = view.winner
    if winner is None or winner.deleted:
        return None
    if winner.fields.get(identity.linked) == identity.text:
        return Standing.TAKEN
    if identity_in(winner.fields) != identity:
        return None
    if view.observed.present:
        return Standing.TAKEN
    never = view.proof is Proof.NONE or is_rightly_absent(view, winner)
    return Standing.FREE if never or not view.active else Standing.GONE


def only_one(kin: Sequence[Kin]) -> Subject | None:
    """Who the user is; None: it cannot be told."""
    if len(kin) == 1 and kin[0].free:
        return kin[0].subject
    return None
