"""Who comes through a provider, in one pool after the other: every state within small bounds, and
broken rules."""

from __future__ import annotations

import pytest

from tests.property.bounds.binding import BINDING, DEEP_BINDING
from tests.property.broken.binding import MUTANTS
from tests.property.explore import explore
from tests.property.mutants import Mutant
from tests.property.proofs import all_is_well, is_caught
from tests.property.states import Bounds


@pytest.mark.parametrize("bounds", BINDING, ids=lambda bounds: bounds.name)
def test_all_is_well_within(bounds: Bounds) -> None:
    all_is_well(bounds)


@pytest.mark.full
@pytest.mark.parametrize("bounds", DEEP_BINDING, ids=lambda bounds: bounds.name)
def test_all_is_well_within_larger_ones(bounds: Bounds) -> None:
    """As far as half a minute goes; all of them: `make prove`."""
    report = explore(bounds, seconds=30)
    assert report.finding is None, report


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_broken_rule_is_caught(mutant: Mutant) -> None:
    is_caught(mutant)
