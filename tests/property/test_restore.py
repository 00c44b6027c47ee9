"""A restore at any moment: nobody is there twice, half or in one pool only."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.replication.services import replay
from tests.property.bounds.restore import FAULTY, LARGER, RESTORING
from tests.property.mutants import Mutant
from tests.property.proofs import all_is_well, is_caught
from tests.property.states import Bounds
from tests.property.test_undelete import brought_back

LASTING = {"restore of the retired, stripped here"}
"""A tombstone is no living record: a restore makes nobody of it."""


def _unnoted() -> list[tuple[Any, str, Any]]:
    """A half-made user is taken for what the active pool says."""
    return [(replay, "is_own", lambda _view: False)]


@pytest.mark.parametrize("bounds", RESTORING, ids=lambda bounds: bounds.name)
def test_all_is_well_within(bounds: Bounds) -> None:
    assert brought_back(all_is_well(bounds)) is (bounds.name not in LASTING)


@pytest.mark.full
@pytest.mark.parametrize("bounds", LARGER, ids=lambda bounds: bounds.name)
def test_all_is_well_within_more(bounds: Bounds) -> None:
    assert brought_back(all_is_well(bounds))


def test_a_broken_rule_is_caught() -> None:
    is_caught(Mutant("a restore notes that it puts back", _unnoted, FAULTY))
