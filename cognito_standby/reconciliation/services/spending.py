"""What a worker of a listing or a comparison spends, counted at its ports and written down beside
its results. Who does the work again spends again: each attempt has a file of its own.

Repairs count for themselves (`metering`), because they make other calls.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.usage import Usage
from cognito_standby.reconciliation.ports import (
    LedgerIndex,
    LedgerPage,
    Pacer,
    RecordIndex,
    RecordPage,
    RunFiles,
)
from cognito_standby.reconciliation.services.context import ReconcileContext, file_of

FOLDER = "usage/"
_RECORD_BYTES, _ROW_BYTES = 330, 420
"""About an entry of the indexes by shard: keys, digests, names of attributes (docs/data.md)."""

_UNIT_BYTES = 4096
_BATCH_ITEM_UNITS = 0.5
"""BatchGetItem rounds each item up by itself (developer guide, "Read consistency and units")."""


@contextmanager
def spending(
    ctx: ReconcileContext, run: Run, phase: str, worker: str
) -> Iterator[ReconcileContext]:
    """The same world, counted; what was spent is written at each checkpoint, or break.

    `phase`: listing or compare. `worker`: what it works at.
    """
    meter, began = _Meter(), ctx.clock.now()
    try:
        yield replace(
            ctx,
            pacer=_Pacer(ctx.pacer, meter),
            records=_Records(ctx.records, meter),
            ledger=_Ledger(ctx.ledger, meter),
            files=_Files(ctx.files, meter),
        )
    finally:
        ended = ctx.clock.now()
        stamp = f"{ended:%Y%m%dT%H%M%S%f}"
        body = json.dumps({"usage": meter.usage(began, ended).to_dict()}).encode()
        name = file_of(run.id, f"{FOLDER}{phase}/{worker}-{stamp}.json")
        ctx.files.write(name, body, "application/json")


@dataclass
class _Meter:
    calls: Counter[str] = field(default_factory=Counter)
    throttled: Counter[str] = field(default_factory=Counter)
    read_units: float = 0.0
    puts: int = 1
    """The file of the spending itself."""
    gets: int = 0

    def usage(self, began: datetime, ended: datetime) -> Usage:
        return Usage(
            dict(self.calls),
            dict(self.throttled),
            read_units=self.read_units,
            puts=self.puts,
            gets=self.gets,
            began_at=began,
            ended_at=ended,
        )

    def page(self, entries: int, size: int) -> None:
        self.read_units += max(1, -(-entries * size // _UNIT_BYTES)) / 2


@dataclass
class _Pacer:
    pacer: Pacer
    meter: _Meter

    def wait(self, category: str) -> None:
        self.pacer.wait(category)
        if category:
            self.meter.calls[category] += 1

    def throttled(self, category: str) -> None:
        self.pacer.throttled(category)
        if category:
            self.meter.throttled[category] += 1

    def remaining_seconds(self) -> float:
        return self.pacer.remaining_seconds()


@dataclass
class _Records:
    index: RecordIndex
    meter: _Meter

    def page(self, shard: str, token: str) -> RecordPage:
        page = self.index.page(shard, token)
        self.meter.page(len(page.records) + len(page.unreadable), _RECORD_BYTES)
        return page


@dataclass
class _Ledger:
    index: LedgerIndex
    meter: _Meter

    def page(self, shard: str, token: str) -> LedgerPage:
        page = self.index.page(shard, token)
        self.meter.page(len(page.rows), _ROW_BYTES)
        return page

    def origins_of(self, local_subs: Sequence[str]) -> Mapping[str, str]:
        self.meter.read_units += _BATCH_ITEM_UNITS * len(local_subs)
        return self.index.origins_of(local_subs)


@dataclass
class _Files:
    files: RunFiles
    meter: _Meter

    def write(self, name: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        self.meter.puts += 1
        self.files.write(name, body, content_type)

    def read(self, name: str) -> bytes | None:
        self.meter.gets += 1
        return self.files.read(name)

    def read_range(self, name: str, start: int, length: int) -> bytes:
        self.meter.gets += 1
        return self.files.read_range(name, start, length)

    def names(self, prefix: str) -> Sequence[str]:
        """A listing is billed like a write."""
        self.meter.puts += 1
        return self.files.names(prefix)
