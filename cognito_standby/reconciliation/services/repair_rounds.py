"""Plan Repairs: the batches of each round, until every suspect was visited.

Group definitions come first: a member of a group that is missing could not converge.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.subjects import GROUP_KEY
from cognito_standby.reconciliation.domain.reconciliation import Drift, Mode, Run, Suspect, Tally
from cognito_standby.reconciliation.domain.repairs import Batch, Did, RepairPart, Visit
from cognito_standby.reconciliation.domain.work_items import (
    Judgement,
    WorkPlan,
    suspect_from_list,
    suspect_to_list,
)
from cognito_standby.reconciliation.services.comparing import suspects_in
from cognito_standby.reconciliation.services.context import ReconcileContext, file_of
from cognito_standby.reconciliation.services.notes import read_json, read_list

_CAPTURED = (Drift.MISSING_RECORD, Drift.STALE_RECORD)
_RESERVE_SECONDS = 20.0
GROUPS, USERS = "groups", "users"
"""Beginnings of the names of batches."""
_END = "-end.json"


def plan_repairs(ctx: ReconcileContext, run: Run, number: int) -> WorkPlan:
    """The batches of one round, from 0 on; a round that was planned before is not planned anew.

    The file is a JSON array of Batch.to_dict(). A batch that came no further `attempts` rounds in
    a row is ended, and its rest reported as left. Calls: pacer, files. InvalidRecordError: the
    comparison has not been judged.
    """
    name = file_of(run.id, f"repair/round-{number}.json")
    if (known := read_list(ctx, name)) is not None:
        return WorkPlan(False, name, len(known))
    judgement = _judgement(ctx, run)
    if run.mode is Mode.DRY_RUN:
        return WorkPlan(True)
    batches = _batches(ctx, run, judgement)
    items: list[Batch] = []
    if batches is not None:
        items = list(_still_open(ctx, run, batches, _round(ctx, run, number - 1)))
        items = [each for each in items if each.groups] or items
        if not items:
            return WorkPlan(True)
    bulk = run.seeding or captures_of(judgement.tally) > ctx.settings.bulk_above
    planned = [replace(each, round=number, bulk=bulk).to_dict() for each in items]
    ctx.files.write(name, json.dumps(planned).encode(), "application/json")
    return WorkPlan(False, name, len(planned))


def captures_of(tally: Tally) -> int:
    """How many records a run is about to write, by what it found."""
    return sum(tally.drift.get(kind.value, 0) for kind in _CAPTURED)


def read_batch(ctx: ReconcileContext, run: Run, batch: str) -> list[Suspect]:
    """The suspects of a batch. InvalidRecordError: there is no such batch."""
    listed = read_list(ctx, file_of(run.id, f"suspects/{batch}.list"))
    if listed is None:
        raise InvalidRecordError("there is no such batch")
    return [suspect_from_list(raw) for raw in listed]


def parts_of(ctx: ReconcileContext, run: Run, batch: str) -> list[str]:
    """The files of a batch's parts, in their order."""
    return sorted(ctx.files.names(file_of(run.id, f"repair/{batch}/part-")))


def write_part(
    ctx: ReconcileContext, run: Run, batch: str, number: int, part: RepairPart, *, end: bool
) -> None:
    """Note what became of some suspects of a batch; `end`: nobody is left after them."""
    name = f"repair/{batch}/part-{number:05d}{_END if end else '.json'}"
    body = json.dumps(part.to_dict()).encode()
    ctx.files.write(file_of(run.id, name), body, "application/json")


def visited_in(ctx: ReconcileContext, names: Sequence[str]) -> int:
    """How many suspects of a batch were visited, by its parts."""
    if not names:
        return 0
    last = RepairPart.from_dict(read_json(ctx, names[-1]))
    return last.first + len(last.visits)


def _judgement(ctx: ReconcileContext, run: Run) -> Judgement:
    judged = read_json(ctx, file_of(run.id, "judgement.json"))
    if judged is None:
        raise InvalidRecordError("the comparison of this run has not been judged")
    return Judgement.from_dict(judged)


def _divided(ctx: ReconcileContext, index: str) -> tuple[int, list[str]]:
    """How many buckets are divided, and the batches that came of them."""
    known = read_json(ctx, index)
    if known is None and ctx.files.read(index) is None:
        return 0, []
    try:
        return int(known["buckets"]), [str(each) for each in known["batches"]]
    except (KeyError, TypeError, ValueError):
        raise InvalidRecordError(f"{index} tells no batches") from None


def _batches(ctx: ReconcileContext, run: Run, judgement: Judgement) -> list[Batch] | None:
    """All batches of the run; None: there was no time to divide the suspects of all buckets.

    `suspects/batches.json` tells how many buckets are divided, and into what. Whoever dies before
    it is written leaves batches that the next one writes again under the same names.
    """
    index = file_of(run.id, "suspects/batches.json")
    before, ids = _divided(ctx, index)
    done = before
    groups, users = _Dividing(ctx, run, GROUPS), _Dividing(ctx, run, USERS)
    groups.number = users.number = len(ids)
    for file in judgement.buckets[done:]:
        if ctx.pacer.remaining_seconds() < _RESERVE_SECONDS:
            break
        for suspect in suspects_in(ctx, file):
            (groups if suspect.key.startswith(GROUP_KEY) else users).add(suspect)
        done += 1
    ids += [*groups.ended(), *users.ended()]
    if done > before:
        body = json.dumps({"buckets": done, "batches": ids})
        ctx.files.write(index, body.encode(), "application/json")
    if done < len(judgement.buckets):
        return None
    return [Batch(each, groups=each.startswith(GROUPS)) for each in ids]


@dataclass
class _Dividing:
    """Writes suspects of one sort as batches of a size."""

    ctx: ReconcileContext
    run: Run
    prefix: str
    number: int = 0
    ids: list[str] = field(default_factory=list)
    some: list[Suspect] = field(default_factory=list)

    def add(self, suspect: Suspect) -> None:
        """One more."""
        self.some.append(suspect)
        if len(self.some) == self.ctx.settings.batch_suspects:
            self._write()

    def ended(self) -> list[str]:
        """All batches, the last one as small as it is."""
        if self.some:
            self._write()
        return self.ids

    def _write(self) -> None:
        name = f"{self.prefix}-{self.number:06d}"
        body = json.dumps([suspect_to_list(each) for each in self.some]).encode()
        file = file_of(self.run.id, f"suspects/{name}.list")
        self.ctx.files.write(file, body, "application/json")
        self.ids.append(name)
        self.number += 1
        self.some = []


def _round(ctx: ReconcileContext, run: Run, number: int) -> dict[str, Batch]:
    listed = read_list(ctx, file_of(run.id, f"repair/round-{number}.json"))
    batches = map(Batch.from_dict, listed or ())
    return {batch.id: batch for batch in batches}


def _still_open(
    ctx: ReconcileContext, run: Run, batches: list[Batch], former: dict[str, Batch]
) -> Iterator[Batch]:
    """The batches that have no end yet, with what is known of their progress."""
    parts: dict[str, list[str]] = {batch.id: [] for batch in batches}
    for name in ctx.files.names(file_of(run.id, "repair/")):
        parts.get(name.split("/")[-2], []).append(name)
    for batch in batches:
        names = sorted(parts[batch.id])
        if names and names[-1].endswith(_END):
            continue
        before = former.get(batch.id)
        stuck = before is not None and before.parts == len(names)
        failures = before.failures + 1 if before and stuck else 0
        if failures < ctx.settings.attempts:
            yield replace(batch, parts=len(names), failures=failures)
        else:
            _give_up(ctx, run, batch, names)


def _give_up(ctx: ReconcileContext, run: Run, batch: Batch, names: list[str]) -> None:
    first = visited_in(ctx, names)
    left = read_batch(ctx, run, batch.id)[first:]
    visits = tuple(Visit(each, Did.LEFT, "its batch came no further") for each in left)
    write_part(ctx, run, batch.id, len(names), RepairPart(first, visits), end=True)
