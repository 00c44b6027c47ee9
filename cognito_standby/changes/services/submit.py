"""The Admin API's own part: who is active, store what is asked, wake the machine, wait, look.

Nothing here writes to a pool or a record: that is the machine's, under the user's lease.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cognito_standby.changes.domain.changes import (
    Change,
    ChangeKind,
    ChangeRequest,
    ChangeStatus,
    FieldProblem,
    Problem,
    UserView,
    entity_tag,
)
from cognito_standby.changes.domain.problems import (
    INVALID,
    KEY_REUSED,
    NOT_ACTIVE,
    STOOD_DOWN,
    USER_NOT_FOUND,
)
from cognito_standby.changes.domain.rules import key_problem, name_problem, problems_of
from cognito_standby.changes.ports import ChangeBus, ChangeStore, Submission, Taken
from cognito_standby.changes.services import awaited
from cognito_standby.core.domain.pools import PoolUser, user_fields
from cognito_standby.core.domain.roles import Active
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import Clock, Ledger, RecordStore, UserDirectory
from cognito_standby.replication.services.context import SyncContext

ASK_AGAIN_AFTER = timedelta(seconds=10)
"""A change that nobody has begun is put on the bus again when its caller repeats the request, but
not more often than that."""

_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class ApiContext:
    """One Region's world as the API reaches it.

    addresses  Region -> base address of its API; one that is missing is not told
    new_id     a random UUID
    pause      waits that many seconds
    awaiting   what a look takes, where the pool is filled on demand; None: nobody is awaited
    """

    region: str
    directory: UserDirectory
    records: RecordStore
    ledger: Ledger
    changes: ChangeStore
    bus: ChangeBus
    clock: Clock
    addresses: Mapping[str, str]
    new_id: Callable[[], str]
    pause: Callable[[float], None]
    awaiting: SyncContext | None = None


@dataclass(frozen=True)
class Submitted:
    """A change that is stored. `repeated`: the same key had brought the same request before."""

    change: Change
    repeated: bool


@dataclass(frozen=True)
class NotActive:
    """Another Region serves the API, or is about to. `address`: of its API, "" where it is not
    known; `problem`: as the caller is told it."""

    region: str
    address: str
    problem: Problem = NOT_ACTIVE


def active_elsewhere(ctx: ApiContext) -> NotActive | None:
    """The Region that serves the API, if it is the other one. Every method asks this: a standby's
    pool can be behind, so reading there is refused, too."""
    return _elsewhere(ctx, ctx.records.read_active())


def no_changes_here(ctx: ApiContext) -> NotActive | None:
    """The Region that takes changes, or will: also where this one has stood down for it. What was
    changed here meanwhile would reach the other one after its claim, and could lose."""
    active = ctx.records.read_active()
    if (elsewhere := _elsewhere(ctx, active)) or not (region := active.stood_down):
        return elsewhere
    return NotActive(region, ctx.addresses.get(region, ""), STOOD_DOWN)


def _elsewhere(ctx: ApiContext, active: Active) -> NotActive | None:
    region = active.epoch.region
    if region == ctx.region:
        return None
    return NotActive(region, ctx.addresses.get(region, ""))


def change_id_of(asked_by: str, key: str) -> str:
    """The id of a change: one caller's key always means the same change."""
    named = json.dumps([asked_by, key]).encode()
    return str(uuid.UUID(bytes=hashlib.sha256(named).digest()[:16], version=5))


def digest_of(request: ChangeRequest) -> str:
    """Tells a repeated request from another one, whatever the order of its parts."""
    text = json.dumps(request.to_dict(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def submit(
    ctx: ApiContext, request: ChangeRequest, asked_by: str, key: str = ""
) -> Submitted | NotActive | Problem:
    """Store a change and wake the machine.

    asked_by  id of the caller; never a name or an address
    key       idempotency key; "": none was given, so every request is another change

    ServiceUnavailableError: the store or the bus does not answer. The change may be stored then:
    the same key brings it on its way.
    """
    if elsewhere := no_changes_here(ctx):
        return elsewhere
    if key and (text := key_problem(key)):
        return INVALID.about(FieldProblem("/Idempotency-Key", text))
    if problems := problems_of(request):
        return INVALID.about(*problems)
    now = ctx.clock.now()
    stored = ctx.changes.submit(
        Submission(
            id=change_id_of(asked_by, key or ctx.new_id()),
            request=request,
            digest=digest_of(request),
            asked_by=asked_by,
            requested_at=now,
            subject=ctx.new_id() if request.kind is ChangeKind.CREATE else "",
        )
    )
    if stored.taken is Taken.OTHER_BODY:
        return KEY_REUSED
    if stored.taken is Taken.NEW or _lies_idle(stored.change, now):
        ctx.bus.publish_change(stored.change.id)
    return Submitted(stored.change, stored.taken is Taken.EXISTING)


def await_outcome(ctx: ApiContext, change_id: str, seconds: float) -> Change | None:
    """The change once it has ended, or as it is after so many seconds; None: there is none."""
    deadline = ctx.clock.now() + timedelta(seconds=seconds)
    while True:
        change = ctx.changes.read(change_id)
        if change is None or change.status.ended or ctx.clock.now() >= deadline:
            return change
        ctx.pause(_POLL_SECONDS)


def read_user(ctx: ApiContext, name: str) -> UserView | Problem:
    """A user of the active pool by username, address that signs in, or sub; whoever is awaited
    there, as their record says."""
    if name_problem(name):
        return USER_NOT_FOUND
    user = ctx.directory.get_user(name)
    if user is not None:
        return _view(ctx, user)
    coming = awaited.find(ctx.awaiting, name) if ctx.awaiting else None
    return awaited.user_of(coming) if coming else USER_NOT_FOUND


def read_user_by_origin(ctx: ApiContext, origin_sub: str) -> UserView | Problem:
    """The same by origin sub, which every change's result has. A local sub of a user with another
    origin sub finds nobody. InvalidRecordError: it is no id."""
    row = ctx.ledger.read(Subject.user(origin_sub))
    user = ctx.directory.get_user_by_sub(row.local_sub or origin_sub)
    found = None if user is None else _view(ctx, user)
    if found is not None and found.origin_sub == origin_sub:
        return found
    coming = awaited.find_by_origin(ctx.awaiting, origin_sub) if ctx.awaiting else None
    return awaited.user_of(coming) if coming else USER_NOT_FOUND


def _view(ctx: ApiContext, user: PoolUser) -> UserView:
    fields = user_fields(user, ctx.directory.schema())
    return UserView(
        username=user.username,
        origin_sub=ctx.ledger.origin_of(user.sub) or user.sub,
        status=user.status.value,
        enabled=user.enabled,
        attributes=dict(user.attributes),
        groups=user.groups,
        entity_tag=entity_tag(fields),
    )


def _lies_idle(change: Change, now: datetime) -> bool:
    """Whether its event may have been lost: nobody has begun it for a while."""
    if change.status is not ChangeStatus.ACCEPTED:
        return False
    return now - datetime.fromisoformat(change.requested_at) >= ASK_AGAIN_AFTER
