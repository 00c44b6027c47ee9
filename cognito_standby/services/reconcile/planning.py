"""Plan Listing and Plan Comparison: the work items of the Distributed Maps."""

from __future__ import annotations

from cognito_standby.domain.reconciliation import Run
from cognito_standby.domain.work_items import Plan
from cognito_standby.services.reconcile.context import ReconcileContext


def plan_listing(ctx: ReconcileContext, run: Run, number: int) -> Plan:
    """The work items of one round, from 0 on; a round that was planned before is not planned anew.

    The file is a JSON array of WorkItem.to_dict(). Calls: the listing (probes, ListGroups), pacer,
    clock, files.
    """
    raise NotImplementedError


def plan_comparison(ctx: ReconcileContext, run: Run) -> Plan:
    """The buckets of shards; `done` is false and the file a JSON array of {"bucket": name}.

    Calls: files.
    """
    raise NotImplementedError
