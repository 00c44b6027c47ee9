"""Compare Shards: one worker joins listing, ledger and records of a bucket of shards."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.domain.reconciliation import Run, Suspect, Tally
from cognito_standby.services.reconcile.context import ReconcileContext


def compare_bucket(ctx: ReconcileContext, run: Run, bucket: str) -> Tally:
    """Compare the shards of a bucket and write `compare/<bucket>.json`. Repeatable: a bucket that
    has its file is not compared again.

    Calls: both indexes, the reverse map for users whom the ledger does not know, clock, files.
    """
    raise NotImplementedError


def suspects_in(ctx: ReconcileContext, file: str) -> Iterator[Suspect]:
    """The suspects of one bucket's file (`Judgement.buckets`)."""
    raise NotImplementedError
