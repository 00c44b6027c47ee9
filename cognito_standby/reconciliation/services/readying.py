"""Counting, beside a comparison, who gets into the pool without a password, and who does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.sign_in import SignInRules
from cognito_standby.reconciliation.domain.readiness import (
    Count,
    Readiness,
    fields_of,
    with_fields,
)
from cognito_standby.reconciliation.domain.reconciliation import LedgerSummary, Run
from cognito_standby.reconciliation.services.awaiting import Awaiting
from cognito_standby.reconciliation.services.changed_passwords import ChangedPasswords
from cognito_standby.reconciliation.services.context import ReconcileContext


@dataclass
class ShardReadiness:
    """What a shard's readiness is counted from, as the comparison comes across it.

    rules     of the pool, when the run was opened; None: an older release opened it
    users     rows of the listing
    recorded  keys of the shard's records
    misfiled  local sub -> whose it is, of users whose row names another
    factors   local sub -> letters of second factors, of those who had any when last looked at
    held      key -> field -> why the pool does not hold it, as the ledger has it
    awaiting  how those get in who are made when they first come
    """

    rules: SignInRules | None
    users: Sequence[tuple[str, ...]] = ()
    recorded: set[str] = field(default_factory=set)
    misfiled: Mapping[str, str] = field(default_factory=dict)
    factors: dict[str, str] = field(default_factory=dict)
    held: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    changed: ChangedPasswords = field(default_factory=ChangedPasswords)
    awaiting: Awaiting = field(default_factory=Awaiting)

    def noting(self, rows: Iterable[LedgerSummary]) -> Iterator[LedgerSummary]:
        """The same rows, on their way to the comparison."""
        for row in rows:
            self.changed.met(row)
            if row.factors:
                self.factors[row.local_sub] = row.factors
            yield row

    def note(self, ctx: ReconcileContext, run: Run, shard: str) -> Readiness | None:
        """Count, and write who and what it is. Repeatable. Calls: files."""
        if self.rules is None:
            return None
        store = ctx.store(run)
        count = Count(self.rules, staging=ctx.federated.stages)
        readiness, helpless = count.of(self.users, self.recorded, self.misfiled, self.factors)
        fields = fields_of(self.held)
        store.write_helpless(shard, [*helpless, *self.awaiting.helpless])
        store.write_not_held(shard, fields)
        counted = {str(ctx.after_failback): found} if (found := self.changed.people()) else {}
        if counted or self.awaiting.ways:
            readiness = replace(readiness, changed_passwords=counted, awaited=self.awaiting.ways)
        return with_fields(readiness, fields) if fields else readiness
