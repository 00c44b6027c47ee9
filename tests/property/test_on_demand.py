"""People who come to a pool that is filled on demand are made once, rightly, and as themselves; and
each rule is needed for that."""

from __future__ import annotations

from typing import Any

import pytest

from tests.property.bounds.on_demand import ASKED, ASKED_TOO, ON_DEMAND, SLOW
from tests.property.broken.on_demand import ASKED_MUTANTS, MUTANTS
from tests.property.explore import Report, explore
from tests.property.mutants import Mutant
from tests.property.proofs import all_is_well, is_caught
from tests.property.states import Bounds

pytestmark = pytest.mark.timeout(400)  # of the clock; others may share the processor


@pytest.mark.parametrize("bounds", ON_DEMAND, ids=lambda bounds: bounds.name)
def test_all_is_well_within(bounds: Bounds) -> None:
    report = all_is_well(bounds)
    assert came_in(report) is not (bounds.erased or bounds.outdated or bounds.misnamed)


def test_a_creation_must_not_outlive_its_lease() -> None:
    finding = explore(SLOW).finding
    assert finding is not None
    assert "has come, and is awaited" in finding.what


@pytest.mark.parametrize(
    "bounds",
    [*ASKED, *(pytest.param(each, marks=pytest.mark.full) for each in ASKED_TOO)],
    ids=lambda bounds: bounds.name,
)
def test_all_is_well_where_an_operator_asks_about_who_is_awaited(bounds: Bounds) -> None:
    assert came_in(all_is_well(bounds))


@pytest.mark.parametrize("mutant", ASKED_MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_broken_rule_of_such_a_question_is_caught(mutant: Mutant) -> None:
    is_caught(mutant)


def came_in(report: Report) -> bool:
    """Whether somebody was in the pool that is filled on demand."""
    outcomes: Any = report.outcomes
    return any(shown[1] for shown, _, _ in outcomes)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_broken_rule_is_caught(mutant: Mutant) -> None:
    is_caught(mutant)
