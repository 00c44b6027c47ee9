"""The rules about changes in a Region that stands by, each broken in one place."""

from __future__ import annotations

from typing import Any

from cognito_standby.replication.domain import decide as deciding
from cognito_standby.replication.domain import losses
from cognito_standby.replication.services import replay, sync
from cognito_standby.replication.services.pool_writer import PoolWriter
from tests.property.bounds.standby import (
    BORN_THERE,
    CUT_OFF,
    HOLDER,
    LATE_SWAP,
    OLD_ACTIVE,
    STRANGER,
    UNSEEN,
)
from tests.property.bounds.sync import ANN, named
from tests.property.broken.sync import Patch, constant, nothing
from tests.property.mutants import Mutant
from tests.property.states import Bounds


def own_record_follows() -> list[Patch]:
    """The old rule: where the own record wins, the pool is captured whatever the role."""
    real = deciding._stand_by

    def stand_by(view: Any, winner: Any, *args: Any) -> Any:
        if winner.region == view.region and not view.ledger.restoring:
            return deciding._capture(view, winner, "this Region's own record is behind")
        return real(view, winner, *args)

    return [(deciding, "_stand_by", stand_by)]


def strangers_are_skipped() -> list[Patch]:
    real = deciding._first_capture

    def first(view: Any) -> Any:
        return real(view) if view.active else deciding.Skip("the Region stands by")

    return [(deciding, "_first_capture", first)]


def without_password() -> list[Patch]:
    real = deciding._needs_password

    def needs(view: Any, winner: Any) -> bool:
        return winner.region != view.region and real(view, winner)

    return [(deciding, "_needs_password", needs)]


def lists_afterwards() -> list[Patch]:
    listed, written = sync.note_conflicts, PoolWriter.write
    later: list[Any] = []

    def note(*args: Any) -> None:
        later[:] = [args]

    def write(*args: Any) -> None:
        written(*args)
        listed(*later[0])

    return [(replay, "note_conflicts", note), (PoolWriter, "write", write)]


BOTH = Bounds("changes in both Regions", ((named("v1"),), (named("w1", 1),)), (ANN,), claims=1)

MUTANTS = [
    Mutant("a change in the standby loses, whoever's record wins", own_record_follows, OLD_ACTIVE),
    Mutant("who is not known is always captured", strangers_are_skipped, STRANGER),
    Mutant(
        "list what is undone",
        lambda: [(losses, "_undone", constant(()))],
        OLD_ACTIVE,
    ),
    Mutant("list it before it is written over", lists_afterwards, BORN_THERE),
    Mutant(
        "list what comes late",
        lambda: [(losses, "merged", constant(()))],
        CUT_OFF,
    ),
    Mutant(
        "list what the winner had not seen",
        lambda: [(losses, "_unseen", constant(()))],
        BOTH,
    ),
    Mutant(
        "list what a local change overrides",
        lambda: [(losses, "overridden", constant(()))],
        BOTH,
    ),
    Mutant(
        "go on with what was begun to be put back",
        lambda: [(replay, "is_own", constant(False))],
        BORN_THERE,
    ),
    Mutant("who is made again at home can recover", without_password, BORN_THERE),
    Mutant(
        "an undone deletion needs a second witness",
        lambda: [(replay, "witness_absence", nothing)],
        UNSEEN,
    ),
    Mutant(
        "keep a holder's place until their change is listed",
        lambda: [(deciding.Apply, "undoes", False)],
        HOLDER,
    ),
    Mutant(
        "keep it no longer",
        lambda: [(deciding.Apply, "undoes", property(lambda self: bool(self.conflicts)))],
        LATE_SWAP,
        slow=True,
    ),
]
