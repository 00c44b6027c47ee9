"""`standby accept-table`: an operator confirms that another records table is the right one."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.operator.services.context import OperatorContext


@dataclass(frozen=True)
class Tables:
    """The replica that this Region confirmed, "" for none yet, and the one that is there."""

    confirmed: str
    present: str

    @property
    def differ(self) -> bool:
        """Whether deletions and creations wait for somebody's word."""
        return self.confirmed not in ("", self.present)


def tables_of(ctx: OperatorContext) -> Tables:
    """Which table is confirmed, and which is there."""
    return Tables(ctx.ledger.region_notes().table_id, ctx.records.table_id())


def accept(ctx: OperatorContext, tables: Tables) -> bool:
    """Confirm the table that was shown. False: somebody confirmed another one meanwhile. Twice is
    once."""
    if ctx.ledger.note_table(tables.confirmed, tables.present):
        return True
    return ctx.ledger.region_notes().table_id == tables.present
