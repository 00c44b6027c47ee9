"""Plan Restore: the work of each round, until everybody was looked at, and then restored.

Between the two everything that the looks called for is added up, and the brake judges it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cognito_standby.core.domain.errors import InvalidRecordError, NotSettlingError
from cognito_standby.core.domain.subjects import GROUP_KEY
from cognito_standby.reconciliation.domain.prices import active_users_usd
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.work_items import WorkPlan
from cognito_standby.recovery.domain.restore_estimate import Crowd
from cognito_standby.recovery.domain.restore_plan import (
    Begun,
    Plan,
    Progress,
    Work,
    WorkKind,
    brake_of,
    calls_of,
    minutes_by_strategy,
    minutes_of,
)
from cognito_standby.recovery.domain.restoring import Action, Planned
from cognito_standby.recovery.services.restore_context import RestoreContext
from cognito_standby.recovery.services.restore_store import RestoreStore, Row

_BATCH_SUBJECTS = 500
CLAIMED = "a Region claimed since the restore began: begin another one"


def plan_restore(ctx: RestoreContext, run: Run, number: int) -> WorkPlan:
    """The work of one round, from 0 on. A round that was planned is not planned anew.

    Calls: files, claims. NotSettlingError: workers came no further in the last round.
    """
    store = ctx.store(run)
    file = store.round_file(run, number)
    if (known := store.round(run, number)) is not None:
        return WorkPlan(False, file, len(known))
    begun = begun_of(store)
    plan = store.plan()
    items = _looks(store, begun) if plan is None else []
    if not items:
        items = _restores(ctx, store, begun, plan or _judged(ctx, store, begun))
    if not items:
        return WorkPlan(True)
    _require_progress(ctx, store, run, number)
    store.write_round(run, number, items)
    return WorkPlan(False, file, len(items))


def begun_of(store: RestoreStore) -> Begun:
    """What the restore starts from. InvalidRecordError: it was not opened."""
    begun = store.begun()
    if begun is None:
        raise InvalidRecordError("this restore was not opened")
    return begun


def _looks(store: RestoreStore, begun: Begun) -> list[Work]:
    """The segments that nobody has looked through."""
    ended = {name for name, last in store.all_last_looks().items() if last.done}
    return [Work(WorkKind.LOOK, name) for name in begun.pieces if name not in ended]


def _restores(ctx: RestoreContext, store: RestoreStore, begun: Begun, plan: Plan) -> list[Work]:
    """The batches that have not ended, definitions of groups before who is in them."""
    if not begun.lets(plan):
        return []
    if dict(ctx.region.claims.read_claims().numbers) != dict(begun.claims):
        return []
    last = store.all_last_did()
    ended = {name for name, part in last.items() if part.end == len(store.batch(name))}
    for names in (plan.groups, plan.users):
        if left := [name for name in names if name not in ended]:
            return [Work(WorkKind.RESTORE, name) for name in left]
    return []


def _judged(ctx: RestoreContext, store: RestoreStore, begun: Begun) -> Plan:
    """Everything added up, the batches written, and then the plan: a planner that dies before
    writes the same batches again."""
    rows, left = dict[str, Planned](), Counter[str]()
    for looks in (each for name in begun.pieces for each in store.looks(name)):
        rows.update((row.key, row) for row in looks.rows)
        left.update(looks.left)
    settings = ctx.region.settings
    actions = Counter(row.action.value for row in rows.values())
    actions[Action.LEAVE.value] += sum(left.values())
    reasons = left + Counter(row.reason for row in rows.values() if not row.action.writes)
    writes = [row for row in rows.values() if row.action.writes]
    groups = [row for row in writes if row.key.startswith(GROUP_KEY)]
    users = [row for row in writes if not row.key.startswith(GROUP_KEY)]
    calls = calls_of(Counter(row.action.value for row in users), sum(r.memberships for r in users))
    made = [row for row in users if row.action is Action.CREATE]
    imported = [row for row in made if row.imports]
    claims = dict(ctx.region.claims.read_claims().numbers)
    overwritten = actions[Action.CHANGE.value] + actions[Action.REVERT.value]
    plan = Plan(
        actions={name: number for name, number in sorted(actions.items()) if number},
        reasons=dict(sorted(reasons.items())),
        not_held=_not_held(writes),
        groups=tuple(_divided(store, "groups", groups)),
        users=tuple(_divided(store, "users", users)),
        calls=calls,
        minutes=minutes_of(calls, settings.quotas, settings.quota_share),
        usd=active_users_usd(len(users)),
        by_strategy=minutes_by_strategy(
            *(_crowd(made), _crowd(imported)), settings.quotas, settings.quota_share
        ),
        importable=len(imported),
        stops=() if claims == dict(begun.claims) else (CLAIMED,),
        asks=brake_of(overwritten, begun.users, settings.brake),
    )
    refused = (row for row in rows.values() if row.action is Action.REFUSE)
    store.write_refused(sorted((row.key, row.reason) for row in refused))
    store.write_plan(plan)
    return plan


def _crowd(rows: Sequence[Planned]) -> Crowd:
    return Crowd(len(rows), sum(row.memberships for row in rows))


def _not_held(rows: Sequence[Planned]) -> Mapping[str, int]:
    found = Counter(f"{name}: {why}" for row in rows for name, why in row.not_held.items())
    return dict(sorted(found.items()))


def _divided(store: RestoreStore, prefix: str, rows: Sequence[Planned]) -> Iterator[str]:
    ordered = sorted(rows, key=lambda row: row.key)
    for number, start in enumerate(range(0, len(ordered), _BATCH_SUBJECTS)):
        name = f"{prefix}-{number:05d}"
        batch = ordered[start : start + _BATCH_SUBJECTS]
        store.write_batch(name, [Row(row.key, row.action, row.seen) for row in batch])
        yield name


def _require_progress(ctx: RestoreContext, store: RestoreStore, run: Run, number: int) -> None:
    """Workers that die write nothing: after some rounds without a file an end is made of it."""
    now, before = store.parts(), store.progress(run)
    stuck = before.stuck + 1 if before.round not in (-1, number) and before.parts == now else 0
    if stuck >= ctx.region.settings.attempts:
        raise NotSettlingError("the workers of this restore come no further")
    store.write_progress(run, Progress(number, now, stuck))
