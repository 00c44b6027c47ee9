"""Plan Repairs: the batches of each round, until every suspect was visited.

Group definitions come first: a member of a group that is missing could not converge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.subjects import GROUP_KEY
from cognito_standby.reconciliation.domain.file_names import is_end
from cognito_standby.reconciliation.domain.reconciliation import Drift, Mode, Run, Suspect, Tally
from cognito_standby.reconciliation.domain.repairs import Batch, Did, RepairPart, Visit
from cognito_standby.reconciliation.domain.work_items import Judgement, WorkPlan
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.run_store import RunStore, suspects_in

_CAPTURED = (Drift.MISSING_RECORD, Drift.STALE_RECORD)
_RESERVE_SECONDS = 20.0
GROUPS, USERS = "groups", "users"
"""Beginnings of the names of batches."""


def plan_repairs(ctx: ReconcileContext, run: Run, number: int) -> WorkPlan:
    """The batches of one round, from 0 on; a round that was planned before is not planned anew.

    The file is a JSON array of Batch.to_dict(). A batch that came no further `attempts` rounds in
    a row is ended, and its rest reported as left. Calls: pacer, files. InvalidRecordError: the
    comparison has not been judged.
    """
    store = ctx.store(run)
    file = store.repair_round_file(number)
    if (known := store.repair_items(number)) is not None:
        return WorkPlan(False, file, len(known))
    judgement = store.judgement()
    if judgement is None:
        raise InvalidRecordError("the comparison of this run has not been judged")
    if run.mode is Mode.DRY_RUN:
        return WorkPlan(True)
    batches = _batches(ctx, run, judgement)
    items: list[Batch] = []
    if batches is not None:
        items = list(_still_open(ctx, run, batches, _round(store, number - 1)))
        items = [each for each in items if each.groups] or items
        if not items:
            return WorkPlan(True)
    bulk = run.seeding or captures_of(judgement.tally) > ctx.settings.bulk_above
    planned = [replace(each, round=number, bulk=bulk) for each in items]
    store.write_repair_round(number, planned)
    return WorkPlan(False, file, len(planned))


def captures_of(tally: Tally) -> int:
    """How many records a run is about to write, by what it found."""
    return sum(tally.drift.get(kind.value, 0) for kind in _CAPTURED)


def visited_in(store: RunStore, parts: Sequence[str]) -> int:
    """How many suspects of a batch were visited, by its parts."""
    if not parts:
        return 0
    last = store.repair_part(parts[-1])
    return last.first + len(last.visits)


def _batches(ctx: ReconcileContext, run: Run, judgement: Judgement) -> list[Batch] | None:
    """All batches of the run; None: there was no time to divide the suspects of all shards.

    A file says how many shards are divided, and into which batches. A planner that dies before it
    is written leaves batches that the next one writes again under the same names.
    """
    store = ctx.store(run)
    before, ids = store.batches()
    done, size = before, ctx.settings.batch_suspects
    groups, users = _Dividing(store, GROUPS, size), _Dividing(store, USERS, size)
    groups.number = users.number = len(ids)
    for file in judgement.buckets[done:]:
        if ctx.pacer.remaining_seconds() < _RESERVE_SECONDS:
            break
        for suspect in suspects_in(ctx.files, file):
            (groups if suspect.key.startswith(GROUP_KEY) else users).add(suspect)
        done += 1
    ids += [*groups.ended(), *users.ended()]
    if done > before:
        store.write_batches(done, ids)
    if done < len(judgement.buckets):
        return None
    return [Batch(each, groups=each.startswith(GROUPS)) for each in ids]


@dataclass
class _Dividing:
    """Writes suspects of one sort as batches of a size."""

    store: RunStore
    prefix: str
    size: int
    number: int = 0
    ids: list[str] = field(default_factory=list)
    some: list[Suspect] = field(default_factory=list)

    def add(self, suspect: Suspect) -> None:
        """One more."""
        self.some.append(suspect)
        if len(self.some) == self.size:
            self._write()

    def ended(self) -> list[str]:
        """All batches, the last one as small as it is."""
        if self.some:
            self._write()
        return self.ids

    def _write(self) -> None:
        name = f"{self.prefix}-{self.number:06d}"
        self.store.write_batch(name, self.some)
        self.ids.append(name)
        self.number += 1
        self.some = []


def _round(store: RunStore, number: int) -> dict[str, Batch]:
    return {batch.id: batch for batch in store.repair_round(number) or ()}


def _still_open(
    ctx: ReconcileContext, run: Run, batches: list[Batch], former: dict[str, Batch]
) -> Iterator[Batch]:
    """The batches that have no end yet, with what is known of their progress."""
    store = ctx.store(run)
    parts = store.all_repair_parts([batch.id for batch in batches])
    for batch in batches:
        names = parts[batch.id]
        if names and is_end(names[-1]):
            continue
        before = former.get(batch.id)
        stuck = before is not None and before.parts == len(names)
        failures = before.failures + 1 if before and stuck else 0
        if failures < ctx.settings.attempts:
            yield replace(batch, parts=len(names), failures=failures)
        else:
            _give_up(store, batch, names)


def _give_up(store: RunStore, batch: Batch, names: list[str]) -> None:
    first = visited_in(store, names)
    left = store.batch(batch.id)[first:]
    visits = tuple(Visit(each, Did.LEFT, "its batch came no further") for each in left)
    store.write_repair_part(batch.id, len(names), RepairPart(first, visits), end=True)
