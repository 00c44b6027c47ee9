"""List Pool: one worker lists one work item until it ends or the worker's time does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    RetryableError,
    ThrottledError,
)
from cognito_standby.core.domain.quotas import USER_LIST
from cognito_standby.core.domain.subjects import digest
from cognito_standby.reconciliation.domain.listing_notes import Progress
from cognito_standby.reconciliation.domain.listing_rows import RowBuffer, member_row
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.work_items import ItemKind, WorkItem
from cognito_standby.reconciliation.ports import ListingExpiredError, UserPage
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.filing import Filing
from cognito_standby.reconciliation.services.patience import is_late, patiently

TOKEN_SECONDS = 50 * 60
"""A token older than this is not used: Cognito refuses it after an hour (developer guide, "Managing
and searching for user accounts")."""

GENERATIONS = 4
"""Attempts at an item whose listing expires or goes in circles, before it is named broken."""


@dataclass(frozen=True)
class Listed:
    """How far a worker came. `done`: the item needs no other round."""

    item: str
    done: bool
    users: int = 0
    memberships: int = 0


def list_part(ctx: ReconcileContext, run: Run, item: WorkItem) -> Listed:
    """Go on with an item where its last part ended. Repeatable; throttling only slows it.

    Calls: the listing (pages), the ledger's reverse map where the pool's copies of the origin subs
    cannot be used, pacer, clock, files. ServiceUnavailableError, ThrottledError: it came no
    further at all, and waited for nothing. InvalidRecordError: its last part says what cannot be.
    """
    store = ctx.store(run)
    parts = store.parts(item.id).get(item.id, ())
    worker = _Worker(ctx, run, item, store.last_progress(parts))
    if not worker.at.ended and not 0 <= worker.at.chain < len(item.values):
        raise InvalidRecordError(f"the last part of {item.id} is about no value of it")
    worker.work()
    at = worker.at
    return Listed(item.id, at.ended, worker.users, worker.memberships)


@dataclass
class _Worker:
    ctx: ReconcileContext
    run: Run
    item: WorkItem
    at: Progress
    users: int = 0
    memberships: int = 0
    rows: RowBuffer = field(default_factory=RowBuffer)
    seen: set[str] = field(default_factory=set)
    """Digests of the tokens of the present chain: one that comes again is a circle."""

    def __post_init__(self) -> None:
        self.filing = Filing.of(self.ctx, self.ctx.store(self.run).opened())

    def work(self) -> None:
        """List until the end, or until the time is over, and write the last part."""
        if not self.at.ended and self.at.token and self._now() - self.at.at > TOKEN_SECONDS:
            self._begin_anew("its page tokens grew too old")
        before = self.at
        try:
            while not self.at.ended:
                self._page()
                late = is_late(self.ctx)
                if self._must_write(late):
                    self._write()
                    before = self.at
                if late:
                    return
        except RetryableError as error:
            came_on = (self.at.chain, self.at.token) != (before.chain, before.token)
            waited = isinstance(error, ThrottledError) and is_late(self.ctx)
            if not came_on and not waited:
                raise
            self._write()

    def _page(self) -> None:
        at, value = self.at, self.item.values[self.at.chain]
        try:
            page = patiently(self.ctx, USER_LIST, lambda: self._fetch(value, at.token))
        except ListingExpiredError:
            self._begin_anew("its page tokens were refused")
            return
        self._add(page, value)
        if page.token and digest(page.token) in self.seen:
            self._begin_anew("its pages go in circles")
            return
        self.seen.add(digest(page.token))
        chain, token = (at.chain, page.token) if page.token else (at.chain + 1, "")
        if not token:
            self.seen.clear()
        self.at = replace(self.at, chain=chain, token=token, at=self._now())
        if chain == len(self.item.values):
            self.at = replace(self.at, done=True)
            self._write()

    def _fetch(self, value: str, token: str) -> UserPage:
        if self.item.kind is ItemKind.GROUP:
            return self.ctx.listing.list_members(value, token)
        return self.ctx.listing.list_users(value, token)

    def _add(self, page: UserPage, value: str) -> None:
        filed = list(self.filing.filed(page.users))
        misfiled = self.at.misfiled + self.filing.take_misfiled()
        if self.item.kind is ItemKind.GROUP:
            for user, origin in filed:
                self.rows.add(origin, member_row(user.sub, origin, value))
            memberships = self.at.memberships + len(filed)
            self.at = replace(self.at, memberships=memberships, misfiled=misfiled)
        else:
            for user, origin in filed:
                self.rows.add(origin, self.filing.row_of(user, origin))
            users = self.at.users + len(page.users)
            self.at = replace(self.at, users=users, misfiled=misfiled)

    def _begin_anew(self, why: str) -> None:
        """Begin the listing of the item again: what was listed so far does not count."""
        self.rows, self.seen = RowBuffer(), set()
        self.at = self.at.anew()
        if self.at.generation >= GENERATIONS:
            self.at = replace(self.at, broken=why)
        self._write()

    def _must_write(self, late: bool) -> bool:
        full = self.rows.size >= self.ctx.settings.part_bytes
        return not self.at.ended and (late or full)

    def _write(self) -> None:
        self.users += self.at.users
        self.memberships += self.at.memberships
        written = self.ctx.store(self.run).write_part(self.item.id, self.at, self.rows)
        self.at = replace(written, users=0, memberships=0, misfiled=0)
        self.rows = RowBuffer()

    def _now(self) -> float:
        return self.ctx.clock.now().timestamp()
