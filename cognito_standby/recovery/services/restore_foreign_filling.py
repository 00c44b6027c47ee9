"""Filling a pool outside of the installation: each by a replay, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cognito_standby.core.domain.errors import PlanStaleError, RetryableError, StandbyError
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.pools import PoolUser
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Subject, SubjectKind
from cognito_standby.reconciliation.services.metering import Meter
from cognito_standby.reconciliation.services.paced_pool import PacedPool
from cognito_standby.recovery.domain.foreign_pools import NOT_MADE
from cognito_standby.recovery.services.rehearsal_ledger import RehearsedLedger
from cognito_standby.recovery.services.rehearsal_stores import RehearsedRecords, Unheard
from cognito_standby.recovery.services.restore_foreign import (
    ForeignContext,
    ForeignLook,
    winner_of,
)
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.replay import replay_record

_TRIES, _SECONDS = 5, 1.0
_HOLDER = "restore-into"


@dataclass
class ForeignOutcome:
    """What became of the subjects. `left`: why not -> origin subs, or names of groups."""

    done: int = 0
    left: dict[str, list[str]] = field(default_factory=dict)

    def add(self, subject: Subject, why: str) -> None:
        """`why`: they are left; "": they are as the record says."""
        if why:
            self.left.setdefault(why, []).append(subject.id)
        else:
            self.done += 1


def fill(ctx: ForeignContext, look: ForeignLook, tell: Callable[[int], None]) -> ForeignOutcome:
    """Make or change everybody, groups first. Repeatable. `tell`: how many people are done.

    StandbyError: the list of erasures cannot be read, so nobody is made.
    """
    filler, outcome = _Filler.of(ctx), ForeignOutcome()
    for group in look.groups:
        outcome.add(group.subject, filler.make(group, None))
    for number, person in enumerate(look.people, start=1):
        # Hours may have passed since the look: whoever was deleted or changed since is so.
        winner = winner_of(ctx, person.subject)
        if isinstance(winner, Record):
            why = filler.make(winner, look.there.get(person.subject.id))
        else:
            why = winner
        outcome.add(person.subject, why)
        tell(number)
    return outcome


@dataclass(frozen=True)
class _Filler:
    """Makes one after the other, by a replay. What is noted of a person goes with them."""

    ctx: ForeignContext
    pool: PacedPool
    records: RehearsedRecords
    ledger: RehearsedLedger
    sync: SyncContext

    @classmethod
    def of(cls, ctx: ForeignContext) -> _Filler:
        """With nobody."""
        source = ctx.source.sync
        pool = PacedPool(ctx.directory, ctx.pacer, source.clock, Meter())
        records = RehearsedRecords(source.region, ctx.other)
        ledger = RehearsedLedger(source.clock, ctx.pool_id)
        sync = SyncContext(
            region=source.region,
            user_pool_id=ctx.pool_id,
            directory=pool,
            records=records,
            ledger=ledger,
            bus=Unheard(),
            clock=source.clock,
            passwords=source.passwords,
            erasures=source.erasures,
        )
        return cls(ctx, pool, records, ledger, sync)

    def make(self, record: Record, user: PoolUser | None) -> str:
        """Why not; "": as the record says. `user`: who is there already."""
        subject = record.subject
        self.records.tell(subject, record.fields, self.sync.clock.now())
        if user is not None:
            known = (user.sub, user.username)
            self.ledger.rows[subject] = LedgerRow(
                subject, local_sub=known[0], local_username=known[1], user_pool_id=self.ctx.pool_id
            )
            self.ledger.origins[user.sub] = subject.id
        why = self._replayed(subject)
        row = self.ledger.rows.pop(subject, None)
        if subject.kind is SubjectKind.USER:
            del self.records.records[subject]
            if not why and (row is None or not row.local_sub):
                return (row.reason if row else "") or NOT_MADE
        return why

    def _replayed(self, subject: Subject) -> str:
        """What a machine would try again is tried again."""
        for last in [False] * _TRIES + [True]:
            self.pool.begin_step()
            try:
                replay_record(self.sync, subject, _HOLDER)
            except (RetryableError, PlanStaleError) as error:
                if last:
                    return type(error).__name__
                self.ctx.source.pause(_SECONDS)
            except StandbyError as error:
                return type(error).__name__
            else:
                return ""
        return NOT_MADE
