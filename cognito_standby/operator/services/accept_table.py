"""`standby accept-table`: an operator confirms that another records table is the right one."""

from __future__ import annotations

from cognito_standby.operator.domain.replacement import Replacement
from cognito_standby.operator.services.context import OperatorContext


def tables_of(ctx: OperatorContext) -> Replacement:
    """The replica that this Region confirmed, and the one that is there."""
    return Replacement(ctx.ledger.region_notes().table_id, ctx.records.table_id())


def accept(ctx: OperatorContext, tables: Replacement) -> bool:
    """Confirm the table that was shown. False: somebody confirmed another one meanwhile. Twice is
    once."""
    if ctx.ledger.note_table(tables.known, tables.present):
        return True
    return ctx.ledger.region_notes().table_id == tables.present
