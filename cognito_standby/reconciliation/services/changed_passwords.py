"""Counting who set a password while the other Region was active."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cognito_standby.core.domain.changed_passwords import PasswordNote, needs_unknown
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.reconciliation.domain.reconciliation import LedgerSummary
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.pages import pages


@dataclass
class ChangedPasswords:
    """Of a shard, in a Region that stands by.

    since  its claim
    notes  key -> what is noted of that person
    """

    since: Epoch = field(default_factory=lambda: Epoch(0, ""))
    notes: Mapping[str, Sequence[PasswordNote]] = field(default_factory=dict)
    _local_subs: dict[str, str] = field(default_factory=dict)

    def met(self, row: LedgerSummary) -> None:
        """A row of the ledger, as the comparison comes across it."""
        if row.key in self.notes:
            self._local_subs[row.key] = row.local_sub

    def people(self) -> int:
        """Who is known to this Region and would have a password here older than their last one."""
        return sum(
            needs_unknown(self.notes[key], self.since.region, self.since, born_here=local == key)
            is not None
            for key, local in self._local_subs.items()
            if local
        )


def changed_in(ctx: ReconcileContext, shard: str, since: Epoch) -> ChangedPasswords:
    """What is noted in a shard. Calls: the notes' index.

    ServiceUnavailableError: its pages go in circles.
    """
    notes: dict[str, list[PasswordNote]] = defaultdict(list)
    if (told := ctx.passwords_set) is not None:
        for page in pages(lambda token: told.page(shard, token)):
            for key, note in page.notes:
                notes[key].append(note)
    return ChangedPasswords(since, notes)
