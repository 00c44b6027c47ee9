"""The pace of replays: each takes a turn, as long as its requests need of Cognito's quotas.

Requests are counted from the record and from what was confirmed here last, without a look at the
pool: a change that somebody made there meanwhile costs some requests more, which nobody counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import ceil

from cognito_standby.core.domain.contacts import with_flags
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.quotas import (
    USER_ACCOUNT_RECOVERY,
    USER_CREATION,
    USER_LIST,
    USER_READ,
    USER_RESOURCE_READ,
    USER_RESOURCE_UPDATE,
    USER_UPDATE,
)
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import ABSENT, FEDERATED, Fields, SubjectKind
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.news import News
from cognito_standby.replication.services.pool_calls import (
    ALL,
    FACTORS,
    MEMBERSHIPS,
    calls_between,
    creation_fields,
)

GRACE_SECONDS = 0.5
"""Whose turn begins within this time goes on at once: half a second's worth of replays fits into
Cognito's buckets, which are a second deep, beside those whose turn it is."""

USER_LOOKS = 3
"""A look at everything, one at the profile between intent and write, and the last one."""
_READS_OF_UNALTERED = 2
"""Of somebody whom an import job made just as the record says."""


def requests_of(
    winner: Record,
    confirmed: Fields | None,
    *,
    imported: bool = False,
    with_providers: bool = False,
) -> Mapping[str, int]:
    """Requests by category that a replay makes. None for a group's definition: there are few, and
    members wait for them. `imported`: an import job has made the user. `with_providers`: the pool
    has some, so that whoever is not found by their sub is looked for in the listing, too."""
    if winner.subject.kind is SubjectKind.GROUP:
        return {}
    requests = _of_replay(winner, confirmed, imported=imported)
    if with_providers:
        requests += _listings(confirmed, requests, imported=imported)
    return requests


def _of_replay(winner: Record, confirmed: Fields | None, *, imported: bool) -> Counter[str]:
    requests = Counter({USER_READ: USER_LOOKS, USER_RESOURCE_READ: 1})
    seen = confirmed or ABSENT
    if winner.deleted:
        # The own tombstone is written after the look, and looked at again.
        return Counter({USER_READ: USER_LOOKS + 1, USER_RESOURCE_READ: 2, USER_UPDATE: 1})
    target = with_flags(winner.fields)
    if imported:
        return _of_an_import(target)
    if not seen:
        # At the first look nobody is there, whose memberships could be asked for.
        requests += Counter({USER_CREATION: 1, USER_ACCOUNT_RECOVERY: 1})
        seen = creation_fields(target)
    elif calls_between(seen, target, MEMBERSHIPS):
        requests[USER_RESOURCE_READ] += 1
    return requests + _updates(seen, target)


def _listings(
    confirmed: Fields | None, requests: Mapping[str, int], *, imported: bool
) -> Counter[str]:
    """Of looks by a sub that AdminGetUser does not know: a provider's own user is found by each
    listing and then read; nobody has a new user's sub until they are made, or found by name."""
    if FEDERATED in (confirmed or ABSENT):
        return Counter({USER_LIST: requests[USER_READ], USER_READ: requests[USER_READ]})
    if imported:
        return Counter({USER_LIST: 1 if requests[USER_READ] == _READS_OF_UNALTERED else 2})
    return Counter({USER_LIST: 0 if confirmed else 2})


def _of_an_import(target: Fields) -> Counter[str]:
    """Until the ledger knows the sub, each look asks by it, then by the name, with groups. If
    nothing is to be written the first look is the last one."""
    made = creation_fields(target)
    updates = _updates(made, target)
    requests = Counter({USER_READ: _READS_OF_UNALTERED, USER_RESOURCE_READ: 1})
    if updates:
        requests[USER_READ] += 3
        requests[USER_RESOURCE_READ] += 2 if calls_between(made, target, MEMBERSHIPS) else 1
    return requests + updates


def _updates(seen: Fields, target: Fields) -> Counter[str]:
    """Of somebody who is there."""
    calls, factors = (len(calls_between(seen, target, kinds)) for kinds in (ALL, FACTORS))
    return +Counter({USER_UPDATE: calls - factors, USER_RESOURCE_UPDATE: factors})


def turn_seconds(requests: Mapping[str, int], rates: Mapping[str, float]) -> float:
    """The least time for the requests, each category at its rate (requests a second). What has no
    rate takes no time."""
    return max((n / rates[name] for name, n in requests.items() if name in rates), default=0.0)


def seconds_to_wait(ctx: SyncContext, news: News, *, imported: bool = False) -> int:
    """Take the replay's turn: whole seconds until it, as machines wait in those. `imported`: the
    hint says that an import has made the user, if the row says so, too."""
    made = imported and news.row.creation_is_open
    if ctx.turns is None:
        return 0
    needed = requests_of(
        news.record, news.row.confirmed, imported=made, with_providers=_has_providers(ctx)
    )
    if not (seconds := turn_seconds(needed, ctx.rates)):
        return 0
    wait = ctx.turns.take(seconds)
    return ceil(wait) if wait > GRACE_SECONDS else 0


def _has_providers(ctx: SyncContext) -> bool:
    """Asked once in some minutes in each process. Where Cognito does not answer, the slower pace:
    the replay finds out by itself."""
    try:
        return bool(ctx.directory.schema().providers)
    except StandbyError:
        return True
