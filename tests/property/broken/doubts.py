"""The rules about what an absence proves, each broken in one place."""

from __future__ import annotations

from typing import Any

from cognito_standby.core.domain.absence import Proof
from cognito_standby.replication.domain import decide as deciding
from cognito_standby.replication.domain import view as viewing
from cognito_standby.replication.services import look, names, preconditions
from tests.property.bounds.doubts import (
    BRINGS_BACK,
    NEW_POOL,
    OLD_TABLE,
    TAKES_AWAY,
)
from tests.property.broken.sync import Patch, constant, nothing
from tests.property.mutants import Mutant


def another_pool_counts() -> list[Patch]:
    return [
        (look, "of_this_pool", lambda row, _: row),
        (viewing, "proof_of_presence", constant(Proof.NAMED)),
    ]


def another_table_is_believed() -> list[Patch]:
    def require_confirmed_table(ctx: Any) -> Any:
        return ctx.ledger.region_notes()

    return [
        (preconditions, "require_confirmed_table", require_confirmed_table),
        (names, "require_confirmed_table", require_confirmed_table),
    ]


MUTANTS = [
    Mutant("what is known of another pool proves no absence", another_pool_counts, NEW_POOL),
    Mutant("another table makes nobody", another_table_is_believed, OLD_TABLE),
    Mutant(
        "who is gone after a recovery is not deleted",
        lambda: [(preconditions, "_require_no_recovery", nothing)],
        TAKES_AWAY,
    ),
    Mutant(
        "who is back by a recovery is captured by no hint",
        lambda: [(deciding, "has_returned", constant(False))],
        BRINGS_BACK,
    ),
]
