"""Close Restore: the report, and the pool is given back.

The report outlives the files of its run: `reports/<day>/<restore>.restore` (JSON: what was planned,
and how many had which outcome) and `.outcomes` beside it (a line of JSON for each subject).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import to_plain
from cognito_standby.core.domain.subjects import GROUP_KEY, digest
from cognito_standby.reconciliation.domain.file_names import REPORTS
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.recovery.domain.restore_plan import Done, Outcome, Plan
from cognito_standby.recovery.domain.restore_request import RestoreRequest
from cognito_standby.recovery.domain.restoring import Action
from cognito_standby.recovery.services.restore_context import RestoreContext
from cognito_standby.recovery.services.restore_planning import begun_of
from cognito_standby.recovery.services.restore_store import RestoreStore

_AT_ONCE, _BATCHES = 8, 64
"""Readers, fewer than a client has connections; and batches whose outcomes wait to be written."""
NOT_REACHED = "not reached: a Region claimed, or the restore was stopped"


@dataclass(frozen=True)
class RestoreReport:
    """What a restore came to. `ran`: more was wanted than a plan, and nothing was in the way."""

    restore: str
    region: str
    user_pool_id: str
    started_at: str
    ended_at: str
    active: bool
    request: RestoreRequest
    plan: Plan
    ran: bool
    outcomes: Mapping[str, int]

    @property
    def lines(self) -> str:
        """The file with a line for each subject, beside the report's own."""
        return f"{REPORTS}{self.started_at[:10]}/{self.restore}.outcomes"

    @property
    def keeps_past(self) -> bool:
        """Whether the table of the time stays: whoever has only looked is about to go on."""
        return bool(self.request.as_of and not self.ran and self.plan.writes)

    @property
    def left(self) -> int:
        """Subjects that should have been restored, and were not."""
        return self.outcomes.get(Outcome.LEFT.value, 0) if self.ran else 0


def name_of(run: Run) -> str:
    """Where a restore's report lies. No name of a reconciliation's report ends so."""
    return f"{REPORTS}{run.started_at[:10]}/{run.id}.restore"


def close_restore(ctx: RestoreContext, run: Run) -> RestoreReport:
    """Write both files, and give the pool back. Repeatable."""
    store = ctx.store(run)
    begun, plan = begun_of(store), store.plan()
    if plan is None:
        raise InvalidRecordError("this restore was not planned")
    ran = begun.lets(plan)
    counts, lines = Counter[str](), list[str]()
    for done in _everybody(store, plan, ran=ran):
        lines.append(_line(done, begun.request))
        if ran:
            counts[done.outcome.value] += 1
    report = RestoreReport(
        *(run.id, run.region, run.user_pool_id, run.started_at),
        ended_at=ctx.region.clock.now().isoformat(),
        active=begun.active,
        request=begun.request,
        plan=plan,
        ran=ran,
        outcomes=dict(sorted(counts.items())),
    )
    files = ctx.region.files
    body = "\n".join([*lines, ""]).encode()
    files.write(report.lines, body, "application/x-ndjson")
    whole = json.dumps(to_plain(report), indent=1, ensure_ascii=False)
    files.write(name_of(run), whole.encode(errors="replace"), "application/json")
    ctx.region.register.close(run)
    return report


def _everybody(store: RestoreStore, plan: Plan, *, ran: bool) -> Iterator[Done]:
    """Everybody who was to be restored, or refused; somebody looks at it before it runs, too.
    Batches are read side by side: of half a million users there are 20,000 parts, too many to be
    read one by one in this step's time."""
    batches = (*plan.groups, *plan.users)
    with ThreadPoolExecutor(_AT_ONCE) as readers:
        for first in range(0, len(batches), _BATCHES):
            some = batches[first : first + _BATCHES]
            for rows in readers.map(lambda batch: _of_batch(store, batch, ran=ran), some):
                yield from rows
    for key, reason in store.refused():
        yield Done(key, Action.REFUSE, Outcome.REFUSED, reason)


def _of_batch(store: RestoreStore, batch: str, *, ran: bool) -> list[Done]:
    done = {each.key: each for part in store.did(batch) for each in part.done}
    rows = store.batch(batch)
    return [done.get(row.key) or _not_done(row.key, row.action, ran=ran) for row in rows]


def _not_done(key: str, action: Action, *, ran: bool) -> Done:
    if not ran:
        return Done(key, action, Outcome.PLANNED)
    return Done(key, action, Outcome.LEFT, NOT_REACHED)


def _line(done: Done, asked: RestoreRequest) -> str:
    """Names of groups are nobody's; people are told by a digest if it was not asked otherwise."""
    clear = asked.clear_ids or done.key.startswith(GROUP_KEY)
    told = {
        "id": done.key if clear else digest(done.key),
        "action": done.action.value,
        "outcome": done.outcome.value,
        **({"reason": done.reason} if done.reason else {}),
    }
    return json.dumps(told)
