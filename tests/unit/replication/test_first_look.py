"""Two workers look at a records table first: it is confirmed once, and both go on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.domain.absence import RegionNotes
from cognito_standby.core.domain.errors import NotBelievedError
from cognito_standby.replication.services.preconditions import require_confirmed_table
from tests.unit.world import World


class Meanwhile:
    """A ledger in which somebody else confirms a table between two looks."""

    def __init__(self, ledger: Any, table_id: str) -> None:
        self._ledger, self._table_id, self._looks = ledger, table_id, 0

    def region_notes(self) -> RegionNotes:
        """As it was before, at first."""
        self._looks += 1
        seen: RegionNotes = self._ledger.region_notes()
        if self._looks == 1:
            self._ledger.note_table("", self._table_id)
        return seen

    def note_table(self, former: str, table_id: str) -> bool:
        """Too late."""
        noted: bool = self._ledger.note_table(former, table_id)
        return noted


def _context(table_id: str) -> Any:
    ctx = World().primary.context
    return replace(ctx, ledger=Meanwhile(ctx.ledger, table_id))  # type: ignore[arg-type]


def test_who_comes_second_finds_the_same_table_confirmed() -> None:
    ctx = _context(World().primary.context.records.table_id())
    assert require_confirmed_table(ctx).table_id == ctx.records.table_id()


def test_who_comes_second_is_stopped_at_another_table() -> None:
    with pytest.raises(NotBelievedError):
        require_confirmed_table(_context("another"))
