"""What is noted of a pool, in the ledger table. There it does not expire with a run's files, and it
is restored and lost together with the rows that it is about. Shape: docs/data.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cognito_standby.core.adapters.aws_errors import translated, unless_refused
from cognito_standby.core.adapters.items import Item, wire
from cognito_standby.core.adapters.ledger_table import LedgerItems
from cognito_standby.core.domain.ledger_keys import FIRST_POOL, OF_POOL
from cognito_standby.core.domain.plain import from_plain
from cognito_standby.core.domain.pool_notes import PoolNote


class PoolNoteItems(LedgerItems):
    """PoolNotes of one Region's ledger table."""

    def pool_note(self, user_pool_id: str) -> PoolNote | None:
        """One consistent GetItem."""
        item = self._get(OF_POOL + user_pool_id)
        if "begun" not in item:
            return None
        return from_plain(PoolNote, item, wrong="the note of a pool is not of its shape")

    def keep_pool_note(self, user_pool_id: str, note: PoolNote) -> None:
        """One UpdateItem."""
        self._set(
            OF_POOL + user_pool_id,
            "SET #users = :users, #records = :records, #misfiled = :misfiled, #begun = :begun",
            {
                ":users": note.users,
                ":records": note.records,
                ":misfiled": note.misfiled,
                ":begun": note.begun,
            },
            {f"#{name}": name for name in ("users", "records", "misfiled", "begun")},
        )

    def run_ended(self, user_pool_id: str, at: datetime) -> None:
        """One UpdateItem."""
        values = {":at": int(at.timestamp())}
        self._set(OF_POOL + user_pool_id, "SET ended_at = :at", values)

    def has_run_ended(self, user_pool_id: str) -> bool:
        """One consistent GetItem."""
        return bool(self._get(OF_POOL + user_pool_id).get("ended_at"))

    def not_reconciled_since(self, user_pool_id: str, now: datetime) -> datetime:
        """One consistent GetItem; the first time one UpdateItem."""
        key = OF_POOL + user_pool_id
        item = self._get(key)
        noted = item.get("ended_at") or item.get("watched_at")
        if noted is None:
            noted = int(now.timestamp())
            first = "SET watched_at = if_not_exists(watched_at, :now)"
            self._set(key, first, {":now": noted})
        return datetime.fromtimestamp(int(noted), UTC)

    def known_pool(self) -> str:
        """One consistent GetItem."""
        item = self._get(FIRST_POOL)
        return str(item.get("accepted") or item.get("user_pool_id", ""))

    def accept_pool(self, former: str, user_pool_id: str) -> bool:
        """One conditional UpdateItem. The first pool stays noted: rows of an older release, which
        name none, are about that one."""
        seen = "accepted = :former OR (attribute_not_exists(accepted) AND user_pool_id = :former)"
        return unless_refused(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=wire({"subject": FIRST_POOL}),
                UpdateExpression="SET accepted = :pool",
                ConditionExpression=seen,
                ExpressionAttributeValues=wire({":pool": user_pool_id, ":former": former}),
            )
        )

    def _set(
        self, key: str, expression: str, values: Item, names: Mapping[str, str] | None = None
    ) -> None:
        more: Any = {"ExpressionAttributeNames": names} if names else {}
        with translated():
            self._client.update_item(
                TableName=self._table,
                Key=wire({"subject": key}),
                UpdateExpression=expression,
                ExpressionAttributeValues=wire(values),
                **more,
            )
