"""The rules about who comes through a provider, each broken in one place."""

from __future__ import annotations

from typing import Any

from cognito_standby.replication.services import look
from tests.property.bounds.binding import CHANGED, FIRST
from tests.property.broken.sync import Patch
from tests.property.mutants import Mutant
from tests.twins.stores.ledger import InMemoryLedger


def knows_nobody() -> list[Patch]:
    return [(look, "kin_of", lambda *_: ())]


def without_the_reverse_map() -> list[Patch]:
    bind = InMemoryLedger.bind

    def half(self: Any, *args: Any) -> None:
        bind(self, *args)
        del self._origins[args[-1].local_sub]

    return [(InMemoryLedger, "bind", half)]


MUTANTS = [
    Mutant("a first sign-in is compared with the records", knows_nobody, FIRST),
    Mutant("row and reverse map are written at once", without_the_reverse_map, CHANGED),
]
