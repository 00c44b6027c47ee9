"""`standby reconcile --seed`: what a first filling takes, before anybody is asked to agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cognito_standby.core.domain.quotas import DEFAULTS
from cognito_standby.operator.domain.seeding import Filling, to_capture, to_create
from cognito_standby.operator.services.run_context import RunContext
from cognito_standby.reconciliation.services.reports import last_readable
from cognito_standby.reconciliation.settings import RunConfig


@dataclass(frozen=True)
class Census:
    """One Region before a filling. `memberships` is known from its last report only."""

    region: str
    users: int
    memberships: int
    quotas: Mapping[str, float]
    share: float
    told_by: str
    """Where quotas and share come from."""


def census(ctx: RunContext) -> Census:
    """One DescribeUserPool, and the last report where there is one."""
    users, last = ctx.listing.estimated_users(), last_readable(ctx.files, but="")
    if last is None or not last.quotas:
        told = "by default; no report tells them yet"
        return Census(ctx.region, users, 0, DEFAULTS, RunConfig().quota_share, told)
    quotas = {**DEFAULTS, **{each.category: each.quota for each in last.quotas if each.quota}}
    told = f"as of the run {last.run.id}"
    memberships = last.totals.memberships
    return Census(ctx.region, users, memberships, quotas, last.quotas[0].share, told)


def estimate(active: Census, standby: Census) -> tuple[Filling, Filling]:
    """The active Region's filling, then the standby's."""
    return (
        to_capture(active.region, active.users, active.quotas, active.share),
        to_create(
            standby.region,
            active.users,
            standby.users,
            active.memberships,
            standby.quotas,
            standby.share,
        ),
    )
