"""Plan Listing: the work items of each round, until nothing is left to list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.work_items import ItemKind, WorkItem, WorkPlan
from cognito_standby.reconciliation.services.buckets import plan_comparison
from cognito_standby.reconciliation.services.context import ReconcileContext, file_of
from cognito_standby.reconciliation.services.definitions import list_definitions
from cognito_standby.reconciliation.services.filing import Filing
from cognito_standby.reconciliation.services.notes import (
    SUMMARY,
    read_note,
    read_pool_note,
    write_note,
)
from cognito_standby.reconciliation.services.opening import Opened, read_opened
from cognito_standby.reconciliation.services.parts import (
    PartProgress,
    last_progress,
    parts_by_item,
    write_part,
)
from cognito_standby.reconciliation.services.patience import is_late
from cognito_standby.reconciliation.services.probing import (
    Probing,
    begin,
    bundled,
    go_on,
    item_size,
)

__all__ = ["plan_comparison", "plan_listing"]


@dataclass
class _State:
    """What the planner knows after a round.

    to_split, chains   prefixes, each with its size (probing)
    groups             names not planned yet; None: the definitions were not listed yet
    open               items that are not done
    failed             items given up, with the reason
    failed_values      their prefixes and groups, each with its kind
    """

    to_split: list[list[Any]] = field(default_factory=list)
    groups: list[str] | None = None
    open: list[dict[str, Any]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    failed_values: list[list[str]] = field(default_factory=list)
    begun: bool = False
    items: int = 0


def plan_listing(ctx: ReconcileContext, run: Run, number: int) -> WorkPlan:
    """The work items of one round, from 0 on; a round that was planned before is not planned anew.

    Takes up what was checkpointed, names and leaves out what came no further `attempts` rounds in a
    row, and splits the pool as far as its time allows. The file is a JSON array of
    WorkItem.to_dict(). Calls: the listing (probes, ListGroups), pacer, clock, files.
    InvalidRecordError: the round before was not planned.
    """
    state = _read(ctx, run, number)
    if state is None:
        state = _read(ctx, run, number - 1) if number else _State()
        if state is None:
            raise InvalidRecordError(f"round {number - 1} was not planned")
        _plan(ctx, run, state, number)
    if not state.open and not state.to_split and state.groups == []:
        if read_note(ctx, run, SUMMARY) is None:
            write_note(ctx, run, SUMMARY, {"failed": state.failed, "values": state.failed_values})
        return WorkPlan(done=True)
    file = file_of(run.id, _round_file(number))
    return WorkPlan(done=False, items_file=file, count=len(state.open))


def _plan(ctx: ReconcileContext, run: Run, state: _State, number: int) -> None:
    opened = read_opened(ctx, run)
    filing = Filing.of(ctx, opened)
    _take_up(ctx, run, state)
    if state.groups is None:
        _define_groups(ctx, run, state)
    probing = _probe(ctx, opened, filing, state)
    progress = PartProgress(done=True, users=probing.users, misfiled=probing.misfiled)
    write_part(ctx, run, f"probes-{number:03d}", progress, probing.rows)
    _plan_groups(ctx, state)
    for prefixes in bundled(probing.chains, probing.item_users):
        _add_item(state, ItemKind.PREFIX, prefixes)
    write_note(ctx, run, _round_file(number), state.open)
    write_note(ctx, run, _plan_file(number), asdict(state))


def _define_groups(ctx: ReconcileContext, run: Run, state: _State) -> None:
    try:
        state.groups = list_definitions(ctx, run)
    except InvalidRecordError as error:
        state.groups = []
        state.failed["definitions"] = str(error)
        state.failed_values.append([ItemKind.GROUP.value, "definitions"])


def _plan_groups(ctx: ReconcileContext, state: _State) -> None:
    """A group is one chain of pages, whatever its size: few groups are an item each, and first."""
    groups = state.groups or []
    size = max(1, min(ctx.settings.item_groups, len(groups) // (2 * ctx.settings.workers)))
    for start in range(0, len(groups), size):
        _add_item(state, ItemKind.GROUP, groups[start : start + size])
    state.groups = []


def _probe(ctx: ReconcileContext, opened: Opened, filing: Filing, state: _State) -> Probing:
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


def _take_up(ctx: ReconcileContext, run: Run, state: _State) -> None:
    """Keep the items that are not done; count those that came no further."""
    names = parts_by_item(ctx, run) if state.open else {}
    before, state.open = state.open, []
    for item in map(WorkItem.from_dict, before):
        written = names.get(item.id, [])
        try:
            progress = last_progress(ctx, run, written)
            why = progress.broken
        except InvalidRecordError as error:
            progress, why = PartProgress(), str(error)
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


def _add_item(state: _State, kind: ItemKind, values: Sequence[str]) -> None:
    state.items += 1
    item = WorkItem(f"{kind.value}-{state.items:05d}", kind, tuple(values))
    state.open.append(item.to_dict())


def _read(ctx: ReconcileContext, run: Run, number: int) -> _State | None:
    raw = read_note(ctx, run, _plan_file(number))
    if raw is None:
        return None
    try:
        return _State(**raw)
    except TypeError:
        raise InvalidRecordError("the planner's state is not of its shape") from None


def _plan_file(number: int) -> str:
    return f"listing/plan-{number:03d}.json"


def _round_file(number: int) -> str:
    return f"listing/round-{number:03d}.json"
