"""Undelete, at any moment: whoever is brought back is whole, and in both pools or in none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.property.bounds.undelete import UNDELETING
from tests.property.broken.undelete import MUTANTS
from tests.property.explore import Report
from tests.property.mutants import Mutant
from tests.property.proofs import all_is_well, is_caught
from tests.property.states import Bounds


@pytest.mark.parametrize("bounds", UNDELETING, ids=lambda bounds: bounds.name)
def test_all_is_well_within(bounds: Bounds) -> None:
    report = all_is_well(bounds)
    assert brought_back(report), "nobody ever came back"


def brought_back(report: Report) -> bool:
    """Whether somebody was in both pools, enabled, after a deletion."""
    outcomes: Any = report.outcomes
    return any(
        all(any(enabled for _, enabled, _ in pool) for pool in shown)
        and any(not change.fields for change in history)
        for shown, history, _ in outcomes
    )


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_broken_rule_is_caught(mutant: Mutant) -> None:
    is_caught(mutant)
