"""Before a Region opens: whoever set a password in the other one gets an unknown one here.

They recover by "forgot password" or a one-time code, as everybody did in the other Region. No
message is sent. A shard is gone through as a whole, and whoever is done is noted in the ledger: so
an attempt that is repeated, or that comes after a crash, does only what is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TypeVar, assert_never

from cognito_standby.core.domain.changed_passwords import AfterFailback, needs_unknown
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import (
    LeaseHeldError,
    MisconfiguredError,
    PlanStaleError,
    RefusedByPoolError,
    ServiceUnavailableError,
    ThrottledError,
)
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.pools import PoolUser
from cognito_standby.core.domain.quotas import USER_ACCOUNT_RECOVERY, USER_READ, USER_UPDATE
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.sign_in import FirstFactor
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.reconciliation.services.pages import pages
from cognito_standby.recovery.domain.changed_passwords import (
    Outcome,
    Progress,
    ResetNote,
    Stage,
    left_alone,
    steps_left,
)
from cognito_standby.recovery.services.password_ports import ResetContext

_T = TypeVar("_T")

Tell = Callable[[Subject, Outcome], None]
"""Is told what was done about somebody."""


def begin(ctx: ResetContext, since: int | None) -> Progress:
    """Where the resets of a Region begin. `since`: the number of its claim before it opened; None:
    it has not opened yet.

    MisconfiguredError: it is open, and nobody says since when.
    """
    if since is not None:
        return Progress(since)
    claims = ctx.records.read_claims()
    if claims.highest().region == ctx.region:
        raise MisconfiguredError("this Region is active: tell under which number it was before")
    return Progress(claims.of(ctx.region).number)


def reset_changed(ctx: ResetContext, at: Progress, holder: str, tell: Tell) -> Progress:
    """Go through as many shards as there is time for. Whoever is at work on somebody who is to be
    reset is waited for, by whoever repeats this.

    LeaseHeldError; ServiceUnavailableError: not one shard was finished in the time. Both: what is
    done is kept.
    """
    if ctx.policy is AfterFailback.KEEP:
        return replace(at, shard=SHARDS)
    begun = at.shard
    while at.shard < SHARDS:
        try:
            counts = _shard(ctx, at, holder, tell)
        except _LateError:
            if at.shard == begun:
                raise ServiceUnavailableError("the time was over within a shard") from None
            return at
        total = Counter(at.counts)
        total.update(counts)
        at = replace(at, shard=at.shard + 1, counts=dict(total))
    return at


class _LateError(Exception):
    """The time is over."""


def _shard(ctx: ResetContext, at: Progress, holder: str, tell: Tell) -> Counter[str]:
    counts, held = Counter[str](), 0
    for key in _keys(ctx, f"{at.shard:02x}"):
        if not ctx.pacer.remaining_seconds():
            raise _LateError
        subject = Subject.from_key(key)
        try:
            outcome = reset_one(ctx, subject, at.since, holder)
        except (LeaseHeldError, PlanStaleError):
            held += 1
            continue
        tell(subject, outcome)
        counts[outcome.value] += 1
    if held:
        raise LeaseHeldError(f"somebody is at work on {held} of those who are to be reset")
    return counts


def _keys(ctx: ResetContext, shard: str) -> Iterator[str]:
    """Whoever has a note, each once: both Regions' notes of somebody follow each other.

    ServiceUnavailableError: the pages of the index go in circles.
    """
    last = ""
    for page in pages(partial(ctx.passwords_set.page, shard)):
        for key, _ in page.notes:
            if key != last:
                yield key
            last = key


def reset_one(ctx: ResetContext, subject: Subject, since: int, holder: str) -> Outcome:
    """Look at somebody, and do what is left under their lease. LeaseHeldError; PlanStaleError: the
    lease was lost."""
    row = ctx.ledger.read(subject)
    needed = _needed(ctx, row, since)
    if needed is None:
        return Outcome.NOT_NEEDED
    if not steps_left(ctx.resets.read(subject), needed):
        return Outcome.DONE_BEFORE
    user = _paced(
        ctx, USER_READ, lambda: ctx.directory.get_profile_by_sub(row.local_sub or subject.id)
    )
    winner = resolve(ctx.records.read(subject)[0])
    alone = left_alone(
        user.status if user else None,
        deleted=winner is not None and winner.deleted,
        passwords=FirstFactor.PASSWORD in ctx.directory.schema().sign_in.first_factors,
    )
    if user is None or alone is not None:
        return alone or Outcome.ABSENT
    # Nobody without a row gets one: a row says that somebody was here.
    held = ctx.ledger.take_lease(subject, holder)
    try:
        still = _needed(ctx, held, since)
        return Outcome.NOT_NEEDED if still is None else _do(ctx, held, user, still)
    finally:
        ctx.ledger.release(subject, holder)


def _needed(ctx: ResetContext, row: LedgerRow, since: int) -> Epoch | None:
    return needs_unknown(
        ctx.passwords_set.of(row.subject),
        ctx.region,
        Epoch(since, ctx.region),
        born_here=row.local_sub in ("", row.subject.id),
    )


def _do(ctx: ResetContext, row: LedgerRow, user: PoolUser, needed: Epoch) -> Outcome:
    """Each step is noted when it is done: after a crash between the two nobody gets a second
    password, which could be one that they have just chosen."""
    subject, holder = row.subject, row.lease.holder if row.lease else ""
    refused = False
    for stage in steps_left(ctx.resets.read(subject), needed):
        match stage:
            case Stage.PASSWORD:
                refused = not _set_unknown(ctx, user.username)
            case Stage.SIGNED_OUT:
                _paced(ctx, USER_UPDATE, lambda: ctx.sessions.end_all(user.username))
            case _ as never:
                assert_never(never)
        if not refused:
            ctx.resets.note(subject, holder, ResetNote(needed, stage))
    return Outcome.REFUSED if refused else Outcome.RESET


def _set_unknown(ctx: ResetContext, username: str) -> bool:
    password = ctx.passwords.new_password()
    try:
        _paced(
            ctx,
            USER_ACCOUNT_RECOVERY,
            lambda: ctx.directory.set_permanent_password(username, password),
        )
    except RefusedByPoolError:
        return False
    return True


def _paced(ctx: ResetContext, category: str, call: Callable[[], _T]) -> _T:
    ctx.pacer.wait(category)
    try:
        return call()
    except ThrottledError:
        ctx.pacer.throttled(category)
        raise
