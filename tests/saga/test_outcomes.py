"""The page says what becomes of each failure; this holds it to what happens."""

from __future__ import annotations

from tests.saga.outcomes import table, written


def test_the_table_of_outcomes_is_fresh() -> None:
    assert written() == table(), "run: python -m tests.saga.outcomes"
