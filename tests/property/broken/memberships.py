"""The rules about looks without memberships, and plans without a look, each broken in one place."""

from __future__ import annotations

from typing import Any

from cognito_standby.replication.services import replay, sync
from tests.property.bounds.memberships import AWAY
from tests.property.broken.sync import Patch, nothing
from tests.property.mutants import TWO, Mutant


def never_looks_again() -> list[Patch]:
    real = sync._plan

    def plan(ctx: Any, subject: Any, holder: str, hint: Any, _: bool) -> Any:
        return real(ctx, subject, holder, hint, False)

    return [(sync, "_plan", plan)]


MUTANTS = [
    Mutant("a plan that a replay sends back looks", never_looks_again, TWO),
    Mutant(
        "look at the profile between intent and write",
        lambda: [(replay, "profile_unmoved", nothing)],
        AWAY,
    ),
]
