"""Whose copy a user is: the reverse map in a Region's ledger table. Shape: docs/data.md."""

from __future__ import annotations

from cognito_standby.core.adapters.batch_get import batch_get
from cognito_standby.core.adapters.ledger_table import LedgerItems
from cognito_standby.core.domain.ledger_keys import REVERSE


class OriginItems(LedgerItems):
    """The reverse map of one Region."""

    def origin_of(self, local_sub: str) -> str | None:
        """One consistent BatchGetItem: the reverse map, and the row of one who was born here."""
        keys = [{"subject": key} for key in (REVERSE + local_sub, local_sub)]
        found = {item["subject"]: item for item in batch_get(self._client, self._table, keys)}
        if reverse := found.get(REVERSE + local_sub):
            return str(reverse["origin_sub"])
        return local_sub if found.get(local_sub, {}).get("local_sub") == local_sub else None
