"""Finding a person in a Region, and looking at all that is kept about them there.

A Region that does not answer is unknown, and so is a part of one; neither ends the search.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import TypeVar

from cognito_standby.core.domain.epochs import is_active
from cognito_standby.core.domain.errors import InvalidRecordError, MisconfiguredError, StandbyError
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.names_index import NAMES, normal
from cognito_standby.core.domain.records import Partition
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.operator.domain.person import Claimant, Person, SeenUser, Side, claimant_of
from cognito_standby.operator.domain.person_search import Found, Search, lacking, merged
from cognito_standby.operator.ports import People
from cognito_standby.operator.services.context import OperatorContext, Unreachable, told
from cognito_standby.operator.services.person_history import changes_of, events_of, failures_of

_AT_ONCE = 8

Opened = OperatorContext | Unreachable
T = TypeVar("T")


def search(ctx: Opened, asked: str) -> Search:
    """Whom a Region knows by a username, an address, a phone number, or either sub."""
    if isinstance(ctx, Unreachable):
        return Search(ctx.region, unreachable=ctx.reason)
    found: dict[str, frozenset[Found]] = {}
    unknown: dict[str, str] = {}

    def add(key: str, by: Found) -> None:
        found[key] = found.get(key, frozenset()) | {by}

    subject = _subject(asked)
    if subject is not None:
        read = _part("records", unknown, lambda: ctx.records.read(subject))
        if read is not None and read[0].records:
            add(asked, Found.ORIGIN_SUB)
        if origin := _part("ledger", unknown, lambda: _bound(ctx, asked)):
            add(origin, Found.LOCAL_SUB)
    for key in _part("names", unknown, lambda: _recorded(ctx, asked)) or ():
        add(key, Found.RECORD_NAME)
    for seen in _part("pool", unknown, lambda: _people(ctx).named(asked)) or ():
        sub = seen.user.sub
        bound = _part("ledger", unknown, lambda sub=sub: _bound(ctx, sub))  # type: ignore[misc]
        if bound is not None:  # otherwise nobody knows whose user that is
            add(bound or sub, Found.LOCAL_SUB if sub == asked else Found.POOL_NAME)
    return Search(ctx.region, found, unknown=unknown)


def _recorded(ctx: OperatorContext, asked: str) -> list[str]:
    """Whose records have that name: the index names them, the records decide, by the pool's rule
    of case where that is known."""
    found: list[str] = []
    for key in ctx.names.find(asked) if ctx.names is not None else ():
        subject = _subject(key)
        if subject is None:
            continue
        told = {
            record.fields.get(name, "")
            for record in ctx.records.read(subject)[0].records
            for name in NAMES
        }
        if asked in told or (_ignores_case(ctx) and normal(asked) in map(normal, told)):
            found.append(key)
    return found


def _ignores_case(ctx: OperatorContext) -> bool:
    try:
        return not _people(ctx).facts().case_sensitive
    except StandbyError:
        return True


def look(ctx: Opened, origin_sub: str) -> Side:
    """Everything that a Region keeps about one person."""
    if isinstance(ctx, Unreachable):
        return Side(ctx.region, unreachable=ctx.reason)
    subject = Subject.user(origin_sub)
    unknown: dict[str, str] = {}
    read = _part("records", unknown, lambda: ctx.records.read(subject))
    partition, claims = read if read is not None else (Partition(), None)
    row = _part("ledger", unknown, lambda: ctx.ledger.read(subject))
    conflicts = _part("conflicts", unknown, lambda: ctx.ledger.conflicts_of(subject)) or ()
    facts = _part("pool", unknown, lambda: _people(ctx).facts())
    users = _part("pool", unknown, lambda: _users(ctx, origin_sub, row, partition))
    user, claimants = users if users is not None else (None, ())
    events = events_of(partition, row)
    events += _part("changes", unknown, lambda: changes_of(ctx, subject)) or []
    events += _part("failures", unknown, lambda: failures_of(ctx, subject, row)) or []
    return Side(
        region=ctx.region,
        active=None if claims is None else is_active(ctx.region, claims, partition.epochs),
        user=user,
        claimants=claimants,
        partition=partition,
        row=row,
        conflicts=tuple(conflicts),
        events=tuple(sorted(events, key=lambda event: event.at)),
        facts=facts,
        unknown=unknown,
    )


def people_of(
    opened: Sequence[Opened], searches: Sequence[Search]
) -> tuple[list[Search], list[Person]]:
    """Everybody whom the searches found, each asked about in every Region: those of whom something
    is known, and the searches, with why nothing is known now of somebody who was found."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        people = [
            Person(each, tuple(pool.map(look, opened, repeat(each))))
            for each in sorted(merged(searches))
        ]
    lost = [side for person in people if not person.known for side in person.sides]
    return lacking(searches, lost), [person for person in people if person.known]


def _users(
    ctx: OperatorContext, origin_sub: str, row: LedgerRow | None, partition: Partition
) -> tuple[Claimant | None, tuple[Claimant, ...]]:
    """Whom the ledger has as them, and who bears their origin sub besides, among those who bear
    one of their names: Cognito searches no custom attribute."""
    people = _people(ctx)
    local_sub = (row.local_sub if row else "") or origin_sub
    seen = people.by_sub(local_sub)
    user = _claimant(ctx, seen) if seen is not None else None
    if user is not None and user.origin_sub not in ("", origin_sub):
        user = None
    others: dict[str, Claimant] = {}
    for name in _names(partition, user):
        for other in people.named(name):
            if other.user.sub == local_sub or other.user.origin_sub != origin_sub:
                continue
            others[other.user.sub] = _claimant(ctx, other)
    return user, tuple(others.values())


def _claimant(ctx: OperatorContext, seen: SeenUser) -> Claimant:
    """With whom the ledger has as the one whose origin sub they bear."""
    claimed = _subject(seen.user.origin_sub)
    holder = ctx.ledger.read(claimed).local_sub if claimed is not None else ""
    return claimant_of(seen, _bound(ctx, seen.user.sub), holder)


def _names(partition: Partition, user: Claimant | None) -> list[str]:
    told = [record.fields.get(name, "") for record in partition.records for name in NAMES]
    if user is not None:
        seen = user.seen.user
        contacts = ("preferred_username", "email", "phone_number")
        told += [seen.username, *(seen.attributes.get(each, "") for each in contacts)]
    return [name for name in dict.fromkeys(told) if name]


def _bound(ctx: OperatorContext, local_sub: str) -> str:
    """Whom the ledger has a local sub as; "": nobody."""
    return ctx.ledger.origin_of(local_sub) or ""


def _people(ctx: OperatorContext) -> People:
    if ctx.people is None:
        raise MisconfiguredError("the pool cannot be searched")
    return ctx.people


def _subject(asked: str) -> Subject | None:
    try:
        return Subject.user(asked)
    except InvalidRecordError:
        return None


def _part(name: str, unknown: dict[str, str], ask: Callable[[], T]) -> T | None:
    """One part's answer; None where there is none, and why is noted."""
    try:
        return ask()
    except StandbyError as error:
        unknown[name] = told(error)
        return None
