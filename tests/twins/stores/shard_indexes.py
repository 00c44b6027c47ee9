"""The indexes `by-shard` of the records table and of the ledger, in memory.

Eventually consistent, as a global secondary index is: `hold` lets one lag. Source: DynamoDB
developer guide, "Using global secondary indexes", "Data synchronization".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from cognito_standby.core.domain.ledger import LedgerRow, SyncState
from cognito_standby.core.domain.records import Partition, Record
from cognito_standby.core.domain.subjects import CLAIM_KEY, fingerprint, shard_of_key
from cognito_standby.core.domain.summaries import comparable
from cognito_standby.reconciliation.domain.reconciliation import LedgerSummary, RecordSummary
from cognito_standby.reconciliation.ports import LedgerPage, RecordPage
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import GlobalTable, Item, ItemKey, UnreadableItem

_PAGE = 100
_shard_of = lru_cache(maxsize=2**17)(shard_of_key)
"""Every page asks for every key's."""


class InMemoryRecordIndex:
    """RecordIndex of one Region's replica. `without_shard`: keys whose items it cannot show."""

    def __init__(self, table: GlobalTable, region: str, page: int = _PAGE) -> None:
        self._table, self._region, self._size = table, region, page
        self._held: dict[ItemKey, Item] | None = None
        self.without_shard: set[str] = set()

    def hold(self) -> None:
        """Show the table as it is at this moment, until `release`."""
        self._held = self._table.items(self._region)

    def release(self) -> None:
        """Catch up."""
        self._held = None

    def page(self, shard: str, token: str) -> RecordPage:
        """One page, ordered by key."""
        shown = self._table.items(self._region) if self._held is None else self._held
        keys = sorted(key for key in shown if self._is_in(key, shard))
        start = int(token or 0)
        some, end = keys[start : start + self._size], start + self._size
        return RecordPage(
            [summary(item) for key in some if isinstance(item := shown[key], Record)],
            {
                key.partition: item.error.__name__
                for key in some
                if isinstance(item := shown[key], UnreadableItem)
            },
            str(end) if end < len(keys) else "",
        )

    def _is_in(self, key: ItemKey, shard: str) -> bool:
        partition = key.partition
        hidden = partition == CLAIM_KEY or partition in self.without_shard
        return not hidden and _shard_of(partition) == shard


class InMemoryWholeRecords:
    """WholeRecords of one Region's replica; ValueError: more than 50 subjects at once."""

    def __init__(self, table: GlobalTable, region: str) -> None:
        self._table, self._region = table, region

    def of(self, keys: Sequence[str]) -> Mapping[str, Partition]:
        """Both Regions' records, without what cannot be read."""
        if len(keys) > _PAGE // 2:
            raise ValueError("a batch has 100 items at most")
        found: dict[str, Partition] = {}
        for key, item in self._table.items(self._region).items():
            if key.partition not in keys or not isinstance(item, Record):
                continue
            pair = found.get(key.partition, Partition())
            own = item.region == self._region
            found[key.partition] = replace(pair, **{"own" if own else "other": item})
        return found


class InMemoryLedgerIndex:
    """LedgerIndex."""

    def __init__(self, ledger: InMemoryLedger, page: int = _PAGE) -> None:
        self._ledger, self._size = ledger, page
        self._held: tuple[LedgerRow, ...] | None = None

    def hold(self) -> None:
        """Show the ledger as it is at this moment, until `release`."""
        self._held = self._ledger.rows()

    def release(self) -> None:
        """Catch up."""
        self._held = None

    def page(self, shard: str, token: str) -> LedgerPage:
        """One page, ordered by key."""
        shown = self._ledger.rows() if self._held is None else self._held
        rows = sorted(
            (row for row in shown if _shard_of(row.subject.key) == shard),
            key=lambda row: row.subject.key,
        )
        start = int(token or 0)
        end = start + self._size
        summaries = [row_summary(row) for row in rows[start:end]]
        return LedgerPage(summaries, str(end) if end < len(rows) else "")

    def origins_of(self, local_subs: Sequence[str]) -> Mapping[str, str]:
        """The reverse map; ValueError: more than 100 at once."""
        if len(local_subs) > _PAGE:
            raise ValueError("a batch has 100 keys at most")
        found = {sub: self._ledger.origin_of(sub) for sub in local_subs}
        return {sub: origin for sub, origin in found.items() if origin}

    def pools_of(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Which pool rows name; ValueError: more than 100 at once."""
        if len(keys) > _PAGE:
            raise ValueError("a batch has 100 keys at most")
        return {r.subject.key: r.user_pool_id for r in self._ledger.rows() if r.subject.key in keys}

    def not_held(self, shard: str) -> Mapping[str, Mapping[str, str]]:
        """What rows tell that were confirmed, or left alone for a reason that counts."""
        return {
            row.subject.key: dict(row.skipped)
            for row in self._ledger.rows()
            if row.skipped
            and (row.state is SyncState.IN_SYNC or row.reason in row.skipped.values())
            and _shard_of(row.subject.key) == shard
        }


def summary(record: Record) -> RecordSummary:
    """What the index shows of a record."""
    return RecordSummary(
        key=record.subject.key,
        region=record.region,
        version=record.version,
        deleted=record.deleted,
        fingerprint=fingerprint(record.fields),
        observed_at=record.observed_at,
    )


def row_summary(row: LedgerRow) -> LedgerSummary:
    """What the index shows of a row."""
    told, factors = comparable(row.summary)
    return LedgerSummary(
        key=row.subject.key,
        state=row.state,
        local_sub=row.local_sub,
        summary=told,
        factors=factors,
        record_fingerprint=row.record_fingerprint,
        confirmed_version=row.confirmed_version,
        lease_expires_at=row.lease.expires_at if row.lease else 0.0,
    )
