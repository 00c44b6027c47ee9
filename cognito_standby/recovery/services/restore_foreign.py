"""`standby restore --into POOL`: everybody of the records in a pool outside of the installation.

The code that makes people is that of every replay. The tables are not: such a pool has no ledger,
and nothing about it may get into those of the installation. So, as in a rehearsal, a store in
memory tells the records as the other Region's, and the ledger lasts as long as the command does.
Whoever is there already is known by the mark, so that it can be run again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    NewerSchemaError,
    NotSettlingError,
)
from cognito_standby.core.domain.pools import (
    ORIGIN_SUB_ATTRIBUTE,
    Observation,
    PoolSchema,
    PoolUser,
)
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.subjects import ABSENT, GROUP, Subject, SubjectKind, names_with
from cognito_standby.core.ports import UserDirectory
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.reconciliation.ports import ListingExpiredError, Pacer, PoolListing, UserPage
from cognito_standby.recovery.domain.foreign_pools import (
    UNREADABLE,
    Seen,
    Standing,
    standing_of,
)
from cognito_standby.recovery.services.patiently import patiently
from cognito_standby.recovery.services.transfer_ports import TransferContext
from cognito_standby.replication.domain.projection import target_in

_AT_ONCE, _BATCH = 16, 1000


@dataclass(frozen=True)
class ForeignContext:
    """`source`: the Region whose records are read. `pool_id`, `directory`, `listing`: of the pool
    that is filled, which `pacer` paces. `other`: the other Region."""

    source: TransferContext
    other: str
    pool_id: str
    directory: UserDirectory
    listing: PoolListing
    pacer: Pacer


@dataclass(frozen=True)
class ForeignLook:
    """What there is. `there`: origin sub -> the user; `groups`, `people`: living records."""

    seen: Seen
    there: dict[str, PoolUser]
    groups: list[Record]
    people: list[Record]


def look_into(ctx: ForeignContext, whom: str = "") -> ForeignLook:
    """Read everything, and write nothing. `whom`: an origin sub; "": everybody."""
    schema, left_out = ctx.listing.schema(), Counter[str]()
    there, strangers = _there(ctx)
    records = list(_living(ctx, left_out))
    groups = [each for each in records if each.subject.kind is SubjectKind.GROUP]
    people = [each for each in records if each.subject.kind is SubjectKind.USER]
    if whom:
        people = [each for each in people if each.subject.id == whom]
        theirs = {name for each in people for name in names_with(GROUP, each.fields)}
        groups = [each for each in groups if each.subject.id in theirs]
    seen = Seen(
        pool_id=ctx.pool_id,
        region=ctx.source.sync.region,
        own_pool=ctx.source.sync.user_pool_id,
        marks=ORIGIN_SUB_ATTRIBUTE in schema.attributes,
        strangers=strangers,
        there=sum(each.subject.id in there for each in people),
        people=len(people),
        groups=len(groups),
        left_out=dict(left_out),
        not_held=_not_held(schema, people),
    )
    return ForeignLook(seen, there, groups, people)


def refusal(look: ForeignLook) -> str:
    """Why nothing is written; "": nothing is in the way."""
    standing = standing_of(look.seen)
    return "" if standing is Standing.FILLS else standing.value


def _there(ctx: ForeignContext) -> tuple[dict[str, PoolUser], int]:
    """Whom the pool has, by their marks; and how many of other origin: without a mark, or with one
    of which the records know nothing."""
    marked: dict[str, PoolUser] = {}
    strangers, token = 0, ""
    while True:
        page = patiently(ctx.source, partial(_page, ctx, token))
        for user in page.users:
            mark = user.attributes.get(ORIGIN_SUB_ATTRIBUTE, "")
            strangers += not mark or mark in marked
            marked.setdefault(mark, user)
        if not (token := page.token):
            break
    marked.pop("", None)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        known = dict(zip(marked, pool.map(lambda mark: _is_known(ctx, mark), marked), strict=True))
    strangers += sum(not each for each in known.values())
    return {mark: user for mark, user in marked.items() if known[mark]}, strangers


def _page(ctx: ForeignContext, token: str) -> UserPage:
    try:
        return ctx.listing.list_users("", token)
    except ListingExpiredError:
        raise NotSettlingError("the pool could not be listed within an hour") from None


def _is_known(ctx: ForeignContext, mark: str) -> bool:
    try:
        return resolve(ctx.source.sync.records.read(Subject.user(mark))[0]) is not None
    except NewerSchemaError:
        return True
    except InvalidRecordError:
        return False


def _living(ctx: ForeignContext, left_out: Counter[str]) -> Iterator[Record]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for shard in range(SHARDS):
            keys = sorted(_keys(ctx, f"{shard:02x}"))
            for start in range(0, len(keys), _BATCH):
                subjects = map(Subject.from_key, keys[start : start + _BATCH])
                for found in pool.map(lambda subject: winner_of(ctx, subject), subjects):
                    if isinstance(found, Record):
                        yield found
                    else:
                        left_out[found] += 1


def _keys(ctx: ForeignContext, shard: str) -> set[str]:
    token, keys = "", set[str]()
    while True:
        page = ctx.source.index.page(shard, token)
        keys |= {*(each.key for each in page.records), *page.unreadable}
        if not (token := page.token):
            return keys


def winner_of(ctx: ForeignContext, subject: Subject) -> Record | str:
    """As an export has them: an erasure counts whatever the record says."""
    if ctx.source.sync.erasures.has(subject):
        return "erased"
    try:
        winner = resolve(ctx.source.sync.records.read(subject)[0])
    except (InvalidRecordError, NewerSchemaError):
        return UNREADABLE
    return "deleted" if winner is None or winner.deleted else winner


def _not_held(schema: PoolSchema, people: list[Record]) -> dict[str, int]:
    found = Counter[str]()
    for record in people:
        skipped = target_in(record, Observation(ABSENT), schema, {}).skipped
        found.update(f"{name}: {why}" for name, why in skipped.items())
    return dict(sorted(found.items()))
