"""Measure RPO: a canary user whom the active Region changes and the standby Region looks at.

The change is an administrator's, so it takes the slowest way: CloudTrail, rule, sync there, table,
stream, sync here. It is looked for in the pool, not in the table, because that is what the standby
would really have. Without a trail that records management events the canary is late for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cognito_standby.core.domain.errors import PoolPausedError
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.domain.awaited_names import is_canary
from cognito_standby.replication.domain.canary import ATTRIBUTE, EMAIL, NAME
from cognito_standby.replication.services.context import SyncContext


class Paused(StrEnum):
    """Why the active Region leaves the canary as it is; a later measurement changes it."""

    NO = ""
    RECOVERY = "the pool is being recovered, and takes no writes"
    NOT_THERE = "the records have a canary, and the pool has not; a second one would take its name"
    """The pool took another one's place, so that a restore makes it; or its removal is not
    captured, or its creation not replayed yet."""
    STOOD_DOWN = "this Region has stood down; a change would reach the other one after its claim"


@dataclass(frozen=True)
class Measured:
    """`lag_seconds`: how far the standby's copy is behind, at least; None: nothing was measured,
    because this Region is active, or has no canary (yet)."""

    active: bool
    lag_seconds: float | None = None
    paused: Paused = Paused.NO


def measure_rpo(ctx: SyncContext, interval_seconds: int) -> Measured:
    """Change the canary, or look how late it is. `interval_seconds`: how often it is changed."""
    active = ctx.records.read_active()
    if active.epoch.region == ctx.region:
        if active.stood_down:
            return Measured(active=True, paused=Paused.STOOD_DOWN)
        try:
            return Measured(active=True, paused=_change(ctx))
        except PoolPausedError:
            return Measured(active=True, paused=Paused.RECOVERY)
    user = ctx.directory.get_user(_name(ctx))
    changed = _time(user.attributes.get(ATTRIBUTE, "")) if user else None
    if changed is None:
        return Measured(active=False)
    age = (ctx.clock.now() - changed).total_seconds()
    return Measured(active=False, lag_seconds=max(0.0, age - interval_seconds))


def _change(ctx: SyncContext) -> Paused:
    stamp = {ATTRIBUTE: ctx.clock.now().isoformat()}
    user = ctx.directory.get_user(_name(ctx))
    if user is not None:
        ctx.directory.set_attributes(user.username, stamp)
        return Paused.NO
    if _is_recorded(ctx):
        return Paused.NOT_THERE
    address = {"email": EMAIL, "email_verified": "true"}
    ctx.directory.create_user(_name(ctx), {**address, **stamp})
    return Paused.NO


def _is_recorded(ctx: SyncContext) -> bool:
    """Whether a living record is the canary's: by the index of names, which is a hint."""
    found = (Subject.from_key(key) for key in ctx.records.named(_name(ctx)))
    winners = (resolve(ctx.records.read(subject)[0]) for subject in found)
    return any(is_canary(each) and each is not None and not each.deleted for each in winners)


def _name(ctx: SyncContext) -> str:
    return NAME if ctx.directory.schema().free_usernames else EMAIL


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
