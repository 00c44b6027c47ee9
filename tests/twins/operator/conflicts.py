"""Twin of the list of conflicts as an operator reads it."""

from __future__ import annotations

from collections.abc import Sequence

from cognito_standby.core.domain.conflicts import Conflict, Weight
from cognito_standby.operator.domain.decisions import means
from tests.twins.operator.operations import Switch
from tests.twins.stores.ledger import InMemoryLedger


class InMemoryConflictFinder:
    """ConflictFinder of one Region's ledger."""

    def __init__(self, ledger: InMemoryLedger, switch: Switch | None = None) -> None:
        self._ledger, self._switch = ledger, switch or Switch()

    def worst(self, limit: int) -> Sequence[Conflict]:
        """By weight, then as the table has them."""
        self._switch.check()
        order = list(Weight)
        listed = self._ledger.listed_conflicts()
        return sorted(listed, key=lambda each: order.index(each.weight))[:limit]

    def named(self, key: str) -> Sequence[Conflict]:
        """Those of one subject."""
        listed = self.worst(len(self._ledger.listed_conflicts()))
        return [each for each in listed if means(key, each.subject.key)]
