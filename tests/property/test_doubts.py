"""Replaced and recovered pools, and another table: nobody is deleted, made or let in by them."""

from __future__ import annotations

import pytest

from tests.property.bounds.doubts import DOUBTS
from tests.property.broken.doubts import MUTANTS
from tests.property.mutants import Mutant
from tests.property.proofs import all_is_well, is_caught
from tests.property.states import Bounds


@pytest.mark.parametrize("bounds", DOUBTS, ids=lambda bounds: bounds.name)
def test_all_is_well_within(bounds: Bounds) -> None:
    report = all_is_well(bounds)
    assert report.rests, "the doubts are never resolved"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_broken_rule_is_caught(mutant: Mutant) -> None:
    is_caught(mutant)
