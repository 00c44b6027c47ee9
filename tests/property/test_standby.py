"""Changes in the pool of a Region that stands by: they lose, and somebody is told."""

from __future__ import annotations

import pytest

from tests.property.bounds.standby import STANDBY
from tests.property.broken.standby import MUTANTS
from tests.property.mutants import Mutant
from tests.property.proofs import all_is_well, is_caught
from tests.property.states import Bounds


@pytest.mark.parametrize("bounds", STANDBY, ids=lambda bounds: bounds.name)
def test_all_is_well_within(bounds: Bounds) -> None:
    all_is_well(bounds)


@pytest.mark.parametrize(
    "mutant", [m for m in MUTANTS if not m.slow], ids=lambda mutant: mutant.rule
)
def test_a_broken_rule_is_caught(mutant: Mutant) -> None:
    is_caught(mutant)
