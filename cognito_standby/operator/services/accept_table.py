"""`standby accept-table`: an operator confirms that another records table is the right one."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.operator.services.context import Desk


@dataclass(frozen=True)
class Tables:
    """The replica that this Region confirmed, "" for none yet, and the one that is there."""

    confirmed: str
    present: str

    @property
    def differ(self) -> bool:
        """Whether deletions and creations wait for somebody's word."""
        return self.confirmed not in ("", self.present)


def tables_of(desk: Desk) -> Tables:
    """Which table is confirmed, and which is there."""
    return Tables(desk.ledger.region_notes().table_id, desk.records.table_id())


def accept(desk: Desk, tables: Tables) -> bool:
    """Confirm the table that was shown. False: somebody confirmed another one meanwhile. Twice is
    once."""
    if desk.ledger.note_table(tables.confirmed, tables.present):
        return True
    return desk.ledger.region_notes().table_id == tables.present
