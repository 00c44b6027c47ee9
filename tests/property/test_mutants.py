"""A broken rule must be noticed, or it is not a rule."""

from __future__ import annotations

import pytest

from tests.property.mutants import MUTANTS, UNNEEDED, Mutant
from tests.property.proofs import is_caught


@pytest.mark.parametrize(
    "mutant", [m for m in MUTANTS if not m.slow], ids=lambda mutant: mutant.rule
)
def test_a_broken_rule_is_caught(mutant: Mutant) -> None:
    is_caught(mutant)


@pytest.mark.parametrize("mutant", UNNEEDED, ids=lambda mutant: mutant.rule)
def test_a_rule_that_nothing_shows_to_be_needed(mutant: Mutant) -> None:
    report = mutant.explored(60)
    assert report.finding is None, f"it is needed after all: {report}"
