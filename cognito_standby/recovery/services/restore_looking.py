"""Looking: what has to be done about each subject that is asked for. Nothing is written but files.

A look is that of SYNC, without a lease: whatever it sees is looked at again before it is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    NewerSchemaError,
    PlanStaleError,
    ThrottledError,
)
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.subjects import GROUP, Subject, SubjectKind, names_with
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.services.metering import Meter
from cognito_standby.reconciliation.services.paced_pool import PacedPool
from cognito_standby.recovery.domain.restore_imports import may_be_imported
from cognito_standby.recovery.domain.restore_plan import Begun, Looks
from cognito_standby.recovery.domain.restore_request import RestoreRequest
from cognito_standby.recovery.domain.restoring import (
    ERASED,
    NAME_HELD,
    UNREADABLE,
    Action,
    Planned,
    is_worth_a_look,
    planned,
    planned_as_of,
)
from cognito_standby.recovery.services.restore_context import PastRecords, RestoreContext
from cognito_standby.replication.domain.creation_names import name_for
from cognito_standby.replication.domain.decide import project
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.look import look

RESERVE_SECONDS = 60.0
"""Kept for the page that a worker is at, and for its part."""
_PART_SUBJECTS = 500
_LOOKS = 3
MOVING = "it kept moving while it was looked at"


def look_at_segment(ctx: RestoreContext, run: Run, begun: Begun, name: str) -> bool:
    """Look at the subjects of a segment, from where its last part ended. Whether it is done.

    ThrottledError ends the part as the worker's time does; the next round goes on there.
    """
    store = ctx.store(run)
    number, last = store.last_looks(name)
    if last is not None and last.done:
        return True
    work = _Part(last.after if last else "", last.last if last else "")
    looker = Looker.of(ctx, begun)
    try:
        while not work.done and _walk_page(looker, name, work):
            if work.subjects >= _PART_SUBJECTS:
                store.write_looks(name, number, work.taken())
                number += 1
    except ThrottledError:
        pass
    if work.done or work.subjects:
        store.write_looks(name, number, work.taken())
    return work.done


@dataclass
class _Part:
    """What was looked at and not written yet; where it goes on, as `Looks` tells it."""

    after: str
    last: str
    done: bool = False
    rows: list[Planned] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    subjects: int = 0

    def add(self, key: str, found: list[Planned]) -> None:
        """One subject was looked at."""
        for row in found:
            if row.action is Action.LEAVE:
                self.left[row.reason] += 1
            else:
                self.rows.append(row)
        self.last = key
        self.subjects += 1

    def taken(self) -> Looks:
        """As a part; the next one begins empty."""
        looks = Looks(self.after, self.last, self.done, tuple(self.rows), dict(self.left))
        self.rows, self.left, self.subjects = [], Counter(), 0
        return looks


def _walk_page(looker: Looker, name: str, work: _Part) -> bool:
    """Look at a page, from the last subject on. False: there is no time for all of it."""
    keys, after = looker.page(name, work.after)
    if work.last in keys:
        keys = keys[keys.index(work.last) + 1 :]
    for key in keys:
        if looker.ctx.region.pacer.remaining_seconds() < RESERVE_SECONDS:
            return False
        work.add(key, list(looker.rows(key)))
    work.after, work.done = after, not after
    return True


@dataclass(frozen=True)
class Looker:
    """One worker's looks, paced."""

    ctx: RestoreContext
    begun: Begun
    pool: PacedPool
    sync: SyncContext
    past: PastRecords | None
    groups: set[str] = field(default_factory=set)
    """Those that were looked at already because somebody is in them."""

    @classmethod
    def of(cls, ctx: RestoreContext, begun: Begun) -> Looker:
        """With a pace."""
        past = ctx.past(begun.request.as_of) if begun.request.as_of else None
        pool = PacedPool(ctx.sync.directory, ctx.region.pacer, ctx.region.clock, Meter())
        return cls(ctx, begun, pool, replace(ctx.sync, directory=pool), past)

    def page(self, segment: str, after: str) -> tuple[list[str], str]:
        """Who of a part of a segment is worth a look, each once, and where to go on."""
        begun, asked = self.begun, self.begun.request
        if not begun.segments:
            return [Subject.user(asked.user).key], ""
        source = self.past.segments if self.past else self.ctx.source
        page = source.page(int(segment), begun.segments, after)
        records = (each for each in page.records if is_worth_a_look(each, asked))
        found = [*(each.subject.key for each in records), *page.unreadable]
        return list(dict.fromkeys(found)), page.after

    def rows(self, key: str) -> Iterator[Planned]:
        """What a subject calls for; and the definitions of the groups that they need, where only
        some are asked for."""
        view = self._view(key)
        if isinstance(view, Planned):
            yield view
            return
        row = self._planned(view)
        if row is None:
            return
        checked = self._checked(view, row)
        yield checked
        asked = self.begun.request
        if checked.action.writes and (asked.user or asked.group) and view.winner is not None:
            yield from self._definitions(names_with(GROUP, view.winner.fields))

    def _planned(self, view: View) -> Planned | None:
        if self.past is None:
            return planned(view, self.begun.request)
        try:
            then = self.past.winner(view.subject)
        except (InvalidRecordError, NewerSchemaError):
            return Planned(view.subject.key, Action.REFUSE, UNREADABLE)
        return planned_as_of(view, then, self.begun.request)

    def _view(self, key: str) -> View | Planned:
        for _ in range(_LOOKS):
            self.pool.begin_step()
            try:
                subject = Subject.from_key(key)
                return look(self.sync, subject, self.sync.ledger.read(subject))
            except (InvalidRecordError, NewerSchemaError):
                return Planned(key, Action.REFUSE, UNREADABLE)
            except PlanStaleError:
                continue
        return Planned(key, Action.REFUSE, MOVING)

    def _definitions(self, names: Sequence[str]) -> Iterator[Planned]:
        for name in names:
            if name in self.groups:
                continue
            self.groups.add(name)
            view = self._view(Subject.group(name).key)
            row = None if isinstance(view, Planned) else planned(view, RestoreRequest())
            if row is not None and row.action is Action.CREATE:
                yield row

    def _checked(self, view: View, row: Planned) -> Planned:
        """Refused, where nobody may be made, or could be."""
        makes = row.action in (Action.CREATE, Action.UNDELETE)
        if not makes or view.subject.kind is not SubjectKind.USER or view.winner is None:
            return row
        if self.sync.erasures.has(view.subject):
            return row.refused(ERASED)
        if view.observed.present:
            return row
        target = project(view, replace(view.winner, deleted=False))
        name = name_for(view.schema, target.fields)
        if isinstance(name, NotHeld):
            return row.refused(name)
        holder = self.pool.get_profile(name)
        if holder is not None and holder.origin_sub != view.subject.id:
            return row.refused(NAME_HELD)
        return replace(row, imports=row.action is Action.CREATE and may_be_imported(view))
