"""Undelete, at any moment: whoever is brought back is whole, and in both pools or in none."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.changes.services import end
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services import look, sync
from tests.property import undeleting
from tests.property.bounds.undelete import ALONE, BOUNDS, LATE
from tests.property.broken.sync import Patch
from tests.property.explore import Report
from tests.property.mutants import Mutant
from tests.property.proofs import all_is_well, is_caught
from tests.property.states import Bounds


@pytest.mark.parametrize("bounds", BOUNDS, ids=lambda bounds: bounds.name)
def test_all_is_well_within(bounds: Bounds) -> None:
    report = all_is_well(bounds)
    assert brought_back(report), "nobody ever came back"


def brought_back(report: Report) -> bool:
    """Whether somebody was in both pools, enabled, after a deletion."""
    outcomes: Any = report.outcomes
    return any(
        all(any(enabled for _, enabled, _ in pool) for pool in shown)
        and any(not change.fields for change in history)
        for shown, history, _ in outcomes
    )


def puts_alone() -> list[Patch]:
    """A living record, put directly: no intent, no second look, no user."""

    def put(_: str, ctx: Any, subject: Subject, holder: str, __: str) -> undeleting.Onward:
        view = look.look(ctx, subject, ctx.ledger.take_lease(subject, holder))
        if view.active and view.winner is not None and view.winner.deleted:
            sync.put_own(ctx, view, view.winner.fields, False, "")
        ctx.ledger.release(subject, holder)
        return undeleting.END, ""

    return [(undeleting, "step", put)]


MUTANTS = [
    Mutant("undelete by a capture, never by a put alone", puts_alone, LATE),
    Mutant(
        "what is taken back is buried first",
        lambda: [(end, "_bury", lambda _ctx, _work, view, _plan: view)],
        ALONE,
    ),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_broken_rule_is_caught(mutant: Mutant) -> None:
    is_caught(mutant)
