"""After a recovery of the pool: who must not come back is removed at once, then absences count
again."""

from __future__ import annotations

from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.ports import HintBus
from cognito_standby.reconciliation.domain.drift_report import Answer
from cognito_standby.reconciliation.domain.reconciliation import Drift, Mode, Run
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict, Judgement
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.run_store import suspects_in


def wake_erased(ctx: ReconcileContext, bus: HintBus, judgement: Judgement) -> int:
    """Hint everybody who was erased and is back, without waiting for an answer to the brake's
    question: `sync_user` removes them. How many. Repeatable: a second hint finds nothing to do.

    Calls: files, bus. ServiceUnavailableError: the bus took no more.
    """
    if judgement.verdict is not BrakeVerdict.ASK:
        return 0  # repaired at once, or only looked at
    erased = [
        suspect
        for file in judgement.buckets
        for suspect in suspects_in(ctx.files, file)
        if suspect.kind is Drift.ERASED_RETURNED and suspect.key
    ]
    for suspect in erased:
        now = ctx.clock.now().isoformat()
        bus.publish(Hint(origin_sub=suspect.key, cause="erased, and back", hinted_at=now))
    return len(erased)


def settle_recoveries(ctx: ReconcileContext, run: Run, answer: Answer) -> tuple[str, ...]:
    """From now on absences are believed again, if this run has looked at everything after the
    recoveries and what it asked was answered with a yes. The recoveries that are settled.

    Calls: files, the ledger.
    """
    store = ctx.store(run)
    opened, judgement = store.opened(), store.judgement()
    if ctx.witnesses is None or judgement is None or not opened.recovered:
        return ()
    whole = not (run.shards or judgement.not_listed or judgement.not_compared)
    settled = judgement.verdict in (BrakeVerdict.REPAIR, BrakeVerdict.NOTHING) or (
        judgement.verdict is BrakeVerdict.ASK and answer is Answer.APPROVED
    )
    if not (whole and settled and run.mode is Mode.REPAIR):
        return ()
    ctx.witnesses.ledger.note_reconciled(frozenset(opened.recovered))
    return opened.recovered
