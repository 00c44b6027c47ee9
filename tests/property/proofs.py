"""What tests of the explorer say: all is well within bounds, and a broken rule is caught."""

from __future__ import annotations

from tests.property.explore import Report, explore
from tests.property.mutants import Mutant
from tests.property.states import Bounds

_SECONDS = 60


def all_is_well(bounds: Bounds) -> Report:
    """Every state is visited, and nothing wrong is found."""
    report = explore(bounds, seconds=_SECONDS)
    print(report)  # noqa: T201 - shown by pytest -s
    assert report.finding is None, report
    assert report.complete, report
    return report


def is_caught(mutant: Mutant) -> None:
    """Something wrong is found where the rule is broken."""
    report = mutant.explored(_SECONDS)
    assert report.finding is not None, f"{mutant.rule}: {report}"
