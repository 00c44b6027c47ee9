"""Judge Drift: adds up the buckets, and the brake."""

from __future__ import annotations

from cognito_standby.domain.reconciliation import Run
from cognito_standby.domain.work_items import Judgement
from cognito_standby.services.reconcile.context import ReconcileContext


def judge(ctx: ReconcileContext, run: Run) -> Judgement:
    """The verdict, also written to `judgement.json`. Repeatable.

    Calls: claims, files.
    """
    raise NotImplementedError


def note_approval(ctx: ReconcileContext, run: Run) -> None:
    """An operator approved: the size of the pool as listed is what the next run expects.

    Calls: files.
    """
    raise NotImplementedError
