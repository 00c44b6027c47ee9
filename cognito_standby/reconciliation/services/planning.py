"""Plan Listing: the work items of each round, until nothing is left to list."""

from __future__ import annotations

from collections.abc import Sequence

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain.listing_notes import ListingState, Progress
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.run_notes import Opened
from cognito_standby.reconciliation.domain.work_items import ItemKind, WorkItem, WorkPlan
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.definitions import list_definitions
from cognito_standby.reconciliation.services.filing import Filing
from cognito_standby.reconciliation.services.patience import is_late
from cognito_standby.reconciliation.services.pool_notes import read_pool_note
from cognito_standby.reconciliation.services.probing import (
    Probing,
    begin,
    bundled,
    go_on,
    item_size,
)


def plan_listing(ctx: ReconcileContext, run: Run, number: int) -> WorkPlan:
    """The work items of one round, from 0 on; a round that was planned before is not planned anew.

    Goes on with what was checkpointed. What came no further for `attempts` rounds in a row is named
    and left out. Splits the pool as far as its time allows. The file is a JSON array of
    WorkItem.to_dict(). Calls: the listing (probes, ListGroups), pacer, clock, files.
    InvalidRecordError: the round before was not planned.
    """
    store = ctx.store(run)
    state = store.listing_state(number)
    if state is None:
        state = store.listing_state(number - 1) if number else ListingState()
        if state is None:
            raise InvalidRecordError(f"round {number - 1} was not planned")
        _plan(ctx, run, state, number)
    if not state.open and not state.to_split and state.groups == []:
        store.end_listing(state)
        return WorkPlan(done=True)
    return WorkPlan(done=False, items_file=store.listing_round(number), count=len(state.open))


def _plan(ctx: ReconcileContext, run: Run, state: ListingState, number: int) -> None:
    store = ctx.store(run)
    opened = store.opened()
    filing = Filing.of(ctx, opened)
    _take_up(ctx, run, state)
    if state.groups is None:
        _define_groups(ctx, run, state)
    probing = _probe(ctx, opened, filing, state)
    progress = Progress(done=True, users=probing.users, misfiled=probing.misfiled)
    store.write_part(f"probes-{number:03d}", progress, probing.rows)
    _plan_groups(ctx, state)
    for prefixes in bundled(probing.chains, probing.item_users):
        _add_item(state, ItemKind.PREFIX, prefixes)
    store.write_listing_round(number, state)


def _define_groups(ctx: ReconcileContext, run: Run, state: ListingState) -> None:
    try:
        state.groups = list_definitions(ctx, run)
    except InvalidRecordError as error:
        state.groups = []
        state.failed["definitions"] = str(error)
        state.failed_values.append([ItemKind.GROUP.value, "definitions"])


def _plan_groups(ctx: ReconcileContext, state: ListingState) -> None:
    """A group is one chain of pages, whatever its size. So where there are few groups, each is an
    item of its own, and they come first."""
    groups = state.groups or []
    size = max(1, min(ctx.settings.item_groups, len(groups) // (2 * ctx.settings.concurrency)))
    for start in range(0, len(groups), size):
        _add_item(state, ItemKind.GROUP, groups[start : start + size])
    state.groups = []


def _probe(ctx: ReconcileContext, opened: Opened, filing: Filing, state: ListingState) -> Probing:
    expected = max(opened.estimated_users, read_pool_note(ctx).users)
    if state.begun:
        to_split = [(str(prefix), float(size)) for prefix, size in state.to_split]
        probing = Probing(to_split, item_size(ctx.settings, expected))
    else:
        probing = begin(ctx, filing, expected)
        state.begun = True
    if not is_late(ctx) or not probing.chains:
        go_on(ctx, filing, probing)
    state.to_split = [list(sized) for sized in probing.to_split]
    return probing


def _take_up(ctx: ReconcileContext, run: Run, state: ListingState) -> None:
    """Keep the items that are not done; count those that came no further."""
    store = ctx.store(run)
    parts = store.parts() if state.open else {}
    before, state.open = state.open, []
    for item in map(WorkItem.from_dict, before):
        written = parts.get(item.id, [])
        try:
            progress = store.last_progress(written)
            why = progress.broken
        except InvalidRecordError as error:
            progress, why = Progress(), str(error)
        if progress.done:
            continue
        failures = item.failures + 1 if len(written) == item.parts else 0
        if failures >= ctx.settings.attempts:
            why = why or f"came no further in {failures} rounds"
        if why:
            state.failed[item.id] = why
            state.failed_values += [[item.kind.value, value] for value in item.values]
        else:
            taken_up = WorkItem(item.id, item.kind, item.values, failures, len(written))
            state.open.append(taken_up.to_dict())


def _add_item(state: ListingState, kind: ItemKind, values: Sequence[str]) -> None:
    state.items += 1
    item = WorkItem(f"{kind.value}-{state.items:05d}", kind, tuple(values))
    state.open.append(item.to_dict())
