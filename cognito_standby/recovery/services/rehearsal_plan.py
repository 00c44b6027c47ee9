"""What a rehearsal would do, before anybody is asked: it reads, and makes nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from cognito_standby.core.domain.errors import InvalidRecordError, NewerSchemaError
from cognito_standby.core.domain.groups import is_of_provider
from cognito_standby.core.domain.pools import PoolSchema, group_fields
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.sign_in import SignInRules
from cognito_standby.core.domain.subjects import GROUP_KEY, Fields, Subject
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.reconciliation.services.pages import pages
from cognito_standby.recovery.domain.rehearsal_cost import Estimate, estimate
from cognito_standby.recovery.domain.rehearsal_marks import KEPT, LASTS, Mark
from cognito_standby.recovery.domain.rehearsal_people import (
    Person,
    group_fields_of,
    group_names,
    invented,
    rewritten,
)
from cognito_standby.recovery.domain.rehearsal_pool import Copy, Described, copy_of
from cognito_standby.recovery.domain.rehearsal_report import People
from cognito_standby.recovery.services.rehearsal_context import (
    NotRehearsedError,
    RehearsalContext,
)

_GROUPS = 10
"""Of the pool's groups that invented people are put into, at most."""


@dataclass(frozen=True)
class RehearsalOrder:
    """What was asked for. `id`: of this rehearsal."""

    id: str
    people: People
    count: int
    keep: bool = False


@dataclass(frozen=True)
class RehearsalPlan:
    """All that is needed to go on. `users`: of the standby, by Cognito's estimate; `active`:
    whether apps are using this Region's quotas."""

    order: RehearsalOrder
    mark: Mark
    described: Described
    copy: Copy
    rules: SignInRules
    people: Sequence[Person]
    groups: Mapping[str, Fields]
    estimate: Estimate
    users: int
    active: bool


def plan_rehearsal(ctx: RehearsalContext, order: RehearsalOrder) -> RehearsalPlan:
    """NotRehearsedError: there is nobody to sample. NotCopiedError: the standby has a setting that
    is not known."""
    described = ctx.pools.describe(ctx.user_pool_id)
    mark = Mark(ctx.installation, order.id, ctx.clock.now() + (KEPT if order.keep else LASTS))
    copy, schema = copy_of(described, mark), ctx.standby.schema()
    defined = dict(_defined(ctx))
    people = _people(ctx, order, schema, list(defined))
    if not people:
        raise NotRehearsedError("no record of a living person was found: try --people invented")
    groups = {name: defined.get(name) or _recorded(ctx, name) for name in group_names(people)}
    return RehearsalPlan(
        order=order,
        mark=mark,
        described=described,
        copy=copy,
        rules=ctx.standby.sign_in_rules(),
        people=people,
        groups=groups,
        estimate=estimate(len(people), len(groups), copy.plan),
        users=int(described.get("EstimatedNumberOfUsers") or 0),
        active=ctx.records.read_active().epoch.region == ctx.region,
    )


def _people(
    ctx: RehearsalContext, order: RehearsalOrder, schema: PoolSchema, groups: Sequence[str]
) -> list[Person]:
    match order.people:
        case People.INVENTED:
            return invented(order.id, order.count, schema, groups[:_GROUPS])
        case People.SAMPLE:
            return _sample(ctx, order, schema)
        case _:
            assert_never(order.people)


def _sample(ctx: RehearsalContext, order: RehearsalOrder, schema: PoolSchema) -> list[Person]:
    """Living people of records, from shards in an order that the rehearsal's id draws: shards are
    hashes, so that it is a sample of everybody."""
    found: list[Person] = []
    shards = list(range(SHARDS))
    random.Random(order.id).shuffle(shards)  # noqa: S311 - which people, not a secret
    for shard in shards:
        for record in _living(ctx, f"{shard:02x}"):
            person = rewritten(order.id, len(found), record.fields, schema)
            found += [person] if person else []
            if len(found) == order.count:
                return found
    return found


def _living(ctx: RehearsalContext, shard: str) -> Iterator[Record]:
    """Each once, on however many pages their records are. Whoever was erased is not even taken as a
    pattern."""
    seen: set[str] = set()
    for page in pages(lambda token: ctx.index.page(shard, token)):
        for key in dict.fromkeys(each.key for each in page.records if not each.deleted):
            if key in seen or key.startswith(GROUP_KEY):
                continue
            seen.add(key)
            subject = Subject.from_key(key)
            try:
                winner = resolve(ctx.records.read(subject)[0])
            except (InvalidRecordError, NewerSchemaError):
                continue
            if winner is not None and not winner.deleted and not ctx.erasures.has(subject):
                yield winner


def _defined(ctx: RehearsalContext) -> Iterator[tuple[str, Fields]]:
    for page in pages(ctx.standby.list_groups):
        for group in page.groups:
            if not is_of_provider(group.name):
                yield group.name, group_fields_of(group_fields(group))


def _recorded(ctx: RehearsalContext, name: str) -> Fields:
    """Of a group that people are in, and that the standby does not have yet."""
    winner = resolve(ctx.records.read(Subject.group(name))[0])
    return group_fields_of(winner.fields if winner else {}) or {"present": "true"}
