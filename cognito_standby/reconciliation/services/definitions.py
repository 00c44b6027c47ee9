"""The definitions of all groups: ListGroups, written as a part of the listing."""

from __future__ import annotations

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.groups import is_of_provider
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.quotas import USER_POOL_RESOURCE_READ
from cognito_standby.core.domain.subjects import Subject, shard_of_key
from cognito_standby.reconciliation.domain.listing_notes import Progress
from cognito_standby.reconciliation.domain.listing_rows import RowBuffer, group_row
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.ports import GroupPage, ListingExpiredError
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.patience import patiently

_ATTEMPTS = 4
ITEM = "definitions"


def list_definitions(ctx: ReconcileContext, run: Run) -> list[str]:
    """Write the definitions; the answer is the groups whose members are to be listed. Those that
    Cognito made for a provider belong to this pool alone.

    A pool has 10,000 groups at most, which is 34 s at 5 requests a second. InvalidRecordError: the
    listing does not end, or its tokens are refused again and again.
    """
    for _ in range(_ATTEMPTS):
        try:
            groups = _all_groups(ctx)
        except ListingExpiredError:
            continue
        if groups is None:
            continue
        rows, shards = RowBuffer(), frozenset(run.shards)
        for name, group in groups.items():
            key = Subject.group(name).key
            if not shards or shard_of_key(key) in shards:
                rows.add(key, group_row(group))
        ctx.store(run).write_part(ITEM, Progress(done=True), rows)
        return list(groups)
    raise InvalidRecordError("the groups of the pool cannot be listed to the end")


def _all_groups(ctx: ReconcileContext) -> dict[str, PoolGroup] | None:
    """By name; None: the pages go in circles."""
    groups: dict[str, PoolGroup] = {}
    token, seen = "", set[str]()
    while True:
        page = _page(ctx, token)
        ours = (group for group in page.groups if not is_of_provider(group.name))
        groups |= {group.name: group for group in ours}
        if not page.token:
            return groups
        if page.token in seen:
            return None
        seen.add(page.token)
        token = page.token


def _page(ctx: ReconcileContext, token: str) -> GroupPage:
    return patiently(ctx, USER_POOL_RESOURCE_READ, lambda: ctx.listing.list_groups(token))
