"""The walk that keeps the index of names whole: records of an older release have no entries, and a
crash leaves one too many, or a release that knows of no index does.

Resumable: each call does some pages and remembers the next. Idempotent: what is done is not due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.names_index import SETTLED_SECONDS, NameHasher
from cognito_standby.core.domain.records import Record
from cognito_standby.core.ports import Clock
from cognito_standby.replication.ports import Cursors, NameEntry, NamePage, NameTable

CURSOR = "names"
ENDED = "ended"
"""What is remembered at the end: until that is forgotten, after a day, no other walk begins."""

SETTLED = timedelta(seconds=SETTLED_SECONDS)
"""What is younger may be under way: entries come before their record, and a mark on a record that
has not arrived in the other Region would have it replayed by a reconciliation only."""

_PAGES = 100
_SECONDS = 15.0
"""A call ends after so many pages or seconds, whichever comes first: the sweep has a minute."""


@dataclass(frozen=True)
class WalkContext:
    """What the walk works with."""

    table: NameTable
    cursors: Cursors
    clock: Clock


@dataclass(frozen=True)
class Walked:
    """What one call did. `waits`: records that are too young to be marked."""

    looked: int = 0
    named: int = 0
    dropped: int = 0
    waits: int = 0
    ended: bool = False


def walk(ctx: WalkContext, pages: int = _PAGES) -> Walked:
    """Some pages of the walk, or nothing until the next one is due."""
    token, began = ctx.cursors.cursor(CURSOR), ctx.clock.now()
    done = Walked(ended=token == ENDED)
    for _ in range(0 if done.ended else pages):
        try:
            page = ctx.table.page(token)
        except InvalidRecordError:  # a token of another table: begin anew
            page = ctx.table.page("")
        done = _after(ctx, page, done)
        token = page.token or ENDED
        ctx.cursors.keep_cursor(CURSOR, token)
        if done.ended or (ctx.clock.now() - began).total_seconds() > _SECONDS:
            break
    return done


def _after(ctx: WalkContext, page: NamePage, done: Walked) -> Walked:
    hasher, now = ctx.table.hasher(), ctx.clock.now()
    missing = [record for record in page.records if record.named != hasher.id]
    due = [record for record in missing if _settled(record, now)]
    extra = [entry for entry in page.entries if is_extra(entry, page, hasher, now)]
    return Walked(
        looked=done.looked + len(page.records) + len(page.entries),
        named=done.named + ctx.table.name(due),
        dropped=done.dropped + sum(ctx.table.drop(entry) for entry in extra),
        waits=done.waits + len(missing) - len(due),
        ended=not page.token,
    )


def is_extra(entry: NameEntry, page: NamePage, hasher: NameHasher, now: datetime) -> bool:
    """Whether nobody has that name any more: another name, or no record, or another key. Of a
    record that this release cannot read, nothing is known."""
    if now.timestamp() - entry.at < SETTLED.total_seconds():
        return False
    if entry.key not in page.bearers:
        return True
    bearer = page.bearers[entry.key]
    return bearer is not None and entry.name_hash not in hasher.all_of(bearer.fields)


def _settled(record: Record, now: datetime) -> bool:
    """Whether it has long arrived everywhere; one that bears the mark already, or no readable
    time, has nobody to wait for."""
    return record.bulk or record.written_at is None or now - record.written_at > SETTLED
