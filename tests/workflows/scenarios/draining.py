"""What `stand_down` and `fail_over` do alike: they wait until nothing runs, and reconcile."""

from __future__ import annotations

from typing import Any

from tests.workflows.judges import returns
from tests.workflows.scenarios import Step

SETTLE, SETTLED, AWAIT_CALM = "Settle Region", "Is It Settled", "Await Calm"
RECONCILE, RECONCILED, AWAIT_RUN = "Reconcile Region", "Is It Reconciled", "Await Reconciliation"
SURVEY = "Survey Records"
TALLY = {"records": 3, "revisions": 7}
RUN = {"run": "run-1", "attempt": 0, "ended": False, "clean": False, "why": "started"}


def settled(given: Any, *waits_for: str) -> Step:
    answer = {"settled": not waits_for, "waits_for": list(waits_for)}
    return "settle_region", {"request": given}, returns(answer)


def reconciled(given: Any, asked: int = 0, **told: Any) -> Step:
    payload = {"request": given, "name": "NAME", "started_at": "START", "attempt": asked}
    return "reconcile_region", payload, returns({**RUN, **told})
