"""A planned failover loses no change under traffic; and each of its rules is needed for that."""

from __future__ import annotations

import pytest

from tests.property.bounds.planned import PLANNED
from tests.property.broken.planned import MUTANTS
from tests.property.mutants import Mutant
from tests.property.proofs import all_is_well, is_caught
from tests.property.states import Bounds


@pytest.mark.parametrize("bounds", PLANNED, ids=lambda bounds: bounds.name)
def test_all_is_well_within(bounds: Bounds) -> None:
    report = all_is_well(bounds)
    assert report.rests, "nothing comes to rest"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_broken_rule_is_caught(mutant: Mutant) -> None:
    is_caught(mutant)
