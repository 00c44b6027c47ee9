"""A planned failover loses no change under traffic; and each of its rules is needed for that."""

from __future__ import annotations

import pytest

from tests.property.bounds.planned import PLANNED
from tests.property.broken.planned import MUTANTS
from tests.property.explore import explore
from tests.property.mutants import Mutant
from tests.property.states import Bounds

pytestmark = pytest.mark.timeout(400)  # of the clock; others may share the processor


@pytest.mark.parametrize("bounds", PLANNED, ids=lambda bounds: bounds.name)
def test_all_is_well_within(bounds: Bounds) -> None:
    report = explore(bounds, seconds=60)
    print(report)  # noqa: T201 - shown by pytest -s
    assert report.finding is None, report
    assert report.complete, report
    assert report.rests, "nothing comes to rest"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_broken_rule_is_caught(mutant: Mutant) -> None:
    with mutant.applied():
        report = explore(mutant.where, seconds=60, deep=True)
    assert report.finding is not None, f"{mutant.rule}: {report}"
