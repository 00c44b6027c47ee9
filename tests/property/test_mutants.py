"""A broken rule must be noticed, or it is not a rule."""

from __future__ import annotations

import pytest

from tests.property.explore import explore
from tests.property.mutants import MUTANTS, UNNEEDED, Mutant

pytestmark = pytest.mark.timeout(400)  # of the clock; others may share the processor


@pytest.mark.parametrize(
    "mutant", [m for m in MUTANTS if not m.slow], ids=lambda mutant: mutant.rule
)
def test_a_broken_rule_is_caught(mutant: Mutant) -> None:
    with mutant.applied():
        report = explore(mutant.where, seconds=60, deep=True)
    assert report.finding is not None, f"{mutant.rule}: {report}"


@pytest.mark.parametrize("mutant", UNNEEDED, ids=lambda mutant: mutant.rule)
def test_a_rule_that_nothing_shows_to_be_needed(mutant: Mutant) -> None:
    with mutant.applied():
        report = explore(mutant.where, seconds=60, deep=True)
    assert report.finding is None, f"it is needed after all: {report}"
