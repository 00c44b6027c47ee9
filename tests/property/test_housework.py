"""Purging and stripping, at any moment: nobody living is removed, nobody dead rises."""

from __future__ import annotations

import pytest

from tests.property.bounds.housework import HOUSEWORK
from tests.property.broken.housework import MUTANTS
from tests.property.explore import explore
from tests.property.mutants import Mutant
from tests.property.states import Bounds


@pytest.mark.parametrize("bounds", HOUSEWORK, ids=lambda bounds: bounds.name)
def test_all_is_well_within(bounds: Bounds) -> None:
    report = explore(bounds, seconds=60)
    print(report)  # noqa: T201 - shown by pytest -s
    assert report.finding is None, report
    assert report.complete, report


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_broken_rule_is_caught(mutant: Mutant) -> None:
    with mutant.applied():
        report = explore(mutant.where, seconds=60, deep=True)
    assert report.finding is not None, f"{mutant.rule}: {report}"
