"""What stands in for the records table in a rehearsal, and for the bus and the list of erasures.

A replay is the same code whatever its ports are. So a rehearsal hands it a record store that tells
the records of its people, and takes none, and a ledger (rehearsal_ledger.py) that is gone with the
process. Nothing that a rehearsal does can reach the installation's tables by these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from cognito_standby.core.domain.epochs import Claims, Installation
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.records import Draft, Partition, Record
from cognito_standby.core.domain.roles import Active, active_of
from cognito_standby.core.domain.subjects import Subject


@dataclass
class RehearsedRecords:
    """RecordStore of people whose records are the other Region's, which is the active one."""

    region: str
    other: str
    records: dict[Subject, Record] = field(default_factory=dict)

    def tell(self, subject: Subject, fields: Mapping[str, str], at: datetime) -> None:
        """Let the other Region have a record of somebody."""
        self.records[subject] = Record(
            subject, self.other, 1, 1, dict(fields), observed_at=at.isoformat()
        )

    def read(self, subject: Subject) -> tuple[Partition, Claims]:
        """From memory."""
        return Partition(other=self.records.get(subject)), self.read_claims()

    def read_claims(self) -> Claims:
        """The other Region is active."""
        return Installation(self.other, self.region).claims({})

    def read_active(self) -> Active:
        """The same."""
        return active_of(self.read_claims(), {})

    def named(self, name: str) -> tuple[str, ...]:
        """Nobody is looked up by a name."""
        return ()

    def on_their_way(self, name: str) -> tuple[str, ...]:
        """Nobody, as nobody is looked up by a name."""
        return ()

    def known_groups(self, names: tuple[str, ...]) -> frozenset[str]:
        """Those that have a record."""
        return frozenset(name for name in names if Subject.group(name) in self.records)

    def table_id(self) -> str:
        """Of no table."""
        return "rehearsal"

    def put(self, draft: Draft, observed_at: datetime) -> Record | None:
        """MisconfiguredError: always."""
        _refuse()

    def retire(self, tombstone: Record) -> bool:
        """MisconfiguredError: always."""
        _refuse()

    def remove(self, retired: Record) -> bool:
        """MisconfiguredError: always."""
        _refuse()

    def add_to_index(self, subject: Subject) -> bool:
        """MisconfiguredError: always."""
        _refuse()

    def put_claim(self, number: int) -> bool:
        """MisconfiguredError: always."""
        _refuse()


class Unheard:
    """HintBus: a rehearsal wakes no machine."""

    def publish(self, hint: Hint) -> None:
        """To nobody."""


class NobodyErased:
    """ErasureList: nobody of a rehearsal is real."""

    def add(self, subject: Subject, change_id: str) -> None:
        """MisconfiguredError: always."""
        _refuse()

    def take_back(self, subject: Subject, change_id: str) -> None:
        """MisconfiguredError: always."""
        _refuse()

    def learn(self, subject: Subject, change_id: str) -> None:
        """MisconfiguredError: always."""
        _refuse()

    def has(self, subject: Subject) -> bool:
        """No."""
        return False


def _refuse() -> NoReturn:
    raise MisconfiguredError("a rehearsal writes to nothing but its own pool")
