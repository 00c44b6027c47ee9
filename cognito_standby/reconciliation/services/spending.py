"""What a worker of a listing or a comparison spends, written down beside its results. Who does the
work again spends again: each attempt has a file of its own. Repairs tell it in their parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.services import metering
from cognito_standby.reconciliation.services.context import ReconcileContext

_ITSELF = 1
"""The file of the spending itself."""


@contextmanager
def spending(
    ctx: ReconcileContext, run: Run, phase: WorkPhase, worker: str
) -> Iterator[ReconcileContext]:
    """The same world, counted; what was spent is written at each checkpoint, or break.

    `phase`: listing or comparing. `worker`: what it works at.
    """
    meter, began = metering.Meter(puts=_ITSELF), ctx.clock.now()
    try:
        yield replace(
            ctx,
            pacer=metering.counted_turns(ctx.pacer, meter),
            records=metering.counted_record_index(ctx.records, meter),
            ledger=metering.counted_ledger_index(ctx.ledger, meter),
            files=metering.counted_files(ctx.files, meter),
            whole=ctx.whole and metering.counted_whole_records(ctx.whole, meter),
        )
    finally:
        ended = ctx.clock.now()
        stamp = f"{ended:%Y%m%dT%H%M%S%f}"
        ctx.store(run).write_usage(phase, worker, stamp, meter.taken(began, ended))
