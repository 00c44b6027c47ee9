"""Where the files of a reconciliation lie in the bucket. The only place that knows; those of a
restore, `runs/<restore>/restore/`: `recovery/domain/restore_plan.py`.

runs/<run>/
  run.json                          what Open Run found
  listing/plan-<n>.json             the planner's state after round n, written last
  listing/round-<n>.json            the work items of round n
  listing/<item>/g<g>-p<part>.rows  rows of a part of an item, and `.json`, how far it came
  listing/summary.json              which parts count; the listing is done
  compare/items.json                the buckets; compare/totals.json: what was listed
  compare/plan/<bucket>.json        where a bucket's rows lie
  compare/<shard>.json              tally and suspects of a shard
  readiness/<shard>.people          who does not get in by themselves, a line each; `.fields`: what
                                    the pool does not hold. None: nobody, and nothing
  readiness.json                    the counts of all shards, added up
  judgement.json
  suspects/batches.json             into which batches the suspects are divided
  suspects/<batch>.list             the suspects of a batch
  repair/round-<n>.json             the batches of round n
  repair/<batch>/part-<n>.json      what became of some; `-end.json`: nobody is left after them
  usage/<phase>/<worker>-<time>.json   what a worker of listing or compare spent
runs/pools/<pool>.json              what earlier releases noted of a pool
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

RUNS = "runs/"
REPORTS = "reports/"
"""They outlive the files of their run (`services.reports`)."""

_PART = re.compile(r"listing/([^/]+)/g(\d+)-p(\d+)\.json$")
_ROUNDS = ("round-", "items.")
_PLANS = (*_ROUNDS, "plan-", "summary.", "totals.")
"""Beginnings of the names of the planners' files, beside the progress of their workers."""
_END = "-end.json"


class WorkPhase(StrEnum):
    """Work that a Distributed Map shares out; the names of the folders."""

    LISTING = "listing"
    COMPARING = "compare"
    REPAIRING = "repair"


@dataclass(frozen=True, order=True)
class PartName:
    """A part of a listing, in the order of writing.

    A generation is one attempt to list the whole item: when a token is not accepted any more the
    next one begins, and what the former ones listed does not count.
    """

    generation: int
    part: int
    item: str

    @property
    def note(self) -> str:
        """How far the item came, within the run's folder; written after the rows."""
        return f"{self._stem}.json"

    @property
    def rows(self) -> str:
        """The rows, within the run's folder."""
        return f"{self._stem}.rows"

    @property
    def _stem(self) -> str:
        return f"listing/{self.item}/g{self.generation}-p{self.part:05d}"

    @classmethod
    def of(cls, name: str) -> PartName | None:
        """By the name of its note; None: it is no part's."""
        match = _PART.search(name)
        return cls(int(match[2]), int(match[3]), match[1]) if match else None


def counting(parts: Iterable[PartName]) -> list[PartName]:
    """An item's parts of its newest generation, in order."""
    ordered = sorted(parts)
    return [part for part in ordered if part.generation == ordered[-1].generation]


OPENED = "run.json"
LISTING_SUMMARY = "listing/summary.json"
BUCKETS = "compare/items.json"
TOTALS = "compare/totals.json"
JUDGEMENT = "judgement.json"
READINESS = "readiness.json"
BATCHES = "suspects/batches.json"


def listing_plan(number: int) -> str:
    """The planner's state after a round."""
    return f"listing/plan-{number:03d}.json"


def listing_round(number: int) -> str:
    """A round's work items."""
    return f"listing/round-{number:03d}.json"


def bucket(name: str) -> str:
    """Where a bucket's rows lie."""
    return f"compare/plan/{name}.json"


def shard(name: str) -> str:
    """A shard's tally and suspects."""
    return f"compare/{name}.json"


def helpless(shard_name: str) -> str:
    """Who of a shard does not get in by themselves."""
    return f"readiness/{shard_name}.people"


def not_held(shard_name: str) -> str:
    """What the pool does not hold of the subjects of a shard."""
    return f"readiness/{shard_name}.fields"


def batch(name: str) -> str:
    """A batch's suspects."""
    return f"suspects/{name}.list"


def repair_round(number: int) -> str:
    """A round's batches."""
    return f"repair/round-{number}.json"


def repair_part(batch_id: str, number: int, *, end: bool) -> str:
    """What became of some suspects of a batch."""
    return f"{repair_parts(batch_id)}{number:05d}{_END if end else '.json'}"


def repair_parts(batch_id: str) -> str:
    """With what the names of a batch's parts begin."""
    return f"repair/{batch_id}/part-"


def batch_of(part: str) -> str:
    """The batch to which the file of a part belongs."""
    return part.split("/")[-2]


def is_end(part: str) -> bool:
    """Whether it is the last part of its batch."""
    return part.endswith(_END)


def usage(phase: WorkPhase, worker: str, stamp: str) -> str:
    """What a worker of a listing or a comparison spent; each attempt has a file of its own."""
    return f"{usages(phase)}{worker}-{stamp}.json"


def usages(phase: WorkPhase) -> str:
    """The folder of those files."""
    return f"usage/{phase}/"


def folder(phase: WorkPhase) -> str:
    """Where a phase writes."""
    return f"{phase}/"


def listing_parts(item: str) -> str:
    """The folder of an item's parts; of all items' where none is named."""
    return f"listing/{item}/" if item else "listing/"


def is_round(name: str) -> bool:
    """Whether it holds the work items of a round."""
    return name.rsplit("/", 1)[-1].startswith(_ROUNDS)


def is_progress(name: str) -> bool:
    """Whether a worker says in it how far it came."""
    plan = "/plan/" in name or name.rsplit("/", 1)[-1].startswith(_PLANS)
    return name.endswith(".json") and not plan


def pool_note(user_pool_id: str) -> str:
    """Where earlier releases noted what the next run has to know of a pool: a file among those of
    the runs, which expires as they do."""
    return f"{RUNS}pools/{user_pool_id}.json"
