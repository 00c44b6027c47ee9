"""Memberships that change under a replay: every state within small bounds, and broken rules."""

from __future__ import annotations

import pytest

from tests.property.bounds.memberships import MEMBERSHIPS
from tests.property.broken.memberships import MUTANTS
from tests.property.mutants import Mutant
from tests.property.proofs import all_is_well, is_caught
from tests.property.states import Bounds


@pytest.mark.parametrize("bounds", MEMBERSHIPS, ids=lambda bounds: bounds.name)
def test_all_is_well_within(bounds: Bounds) -> None:
    all_is_well(bounds)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_broken_rule_is_caught(mutant: Mutant) -> None:
    is_caught(mutant)
