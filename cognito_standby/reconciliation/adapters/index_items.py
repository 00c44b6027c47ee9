"""Items of the indexes `by-shard` -> what a comparison knows of a record or a ledger row."""

from __future__ import annotations

from cognito_standby.core.adapters.items import (
    Item,
    confirmed_version,
    has_version,
    row_of_its_shape,
)
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.records import Version
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.domain.summaries import comparable
from cognito_standby.reconciliation.domain.reconciliation import LedgerSummary, RecordSummary


def record_summary(item: Item) -> RecordSummary:
    """A record as the index `by-shard` projects it. Raises as `record_from` does."""
    if not (has_version(item) and isinstance(item.get("fingerprint"), str)):
        raise InvalidRecordError("a record in the table does not have the documented shape")
    return RecordSummary(
        key=Subject.from_key(item["origin_sub"]).key,
        region=item["region"],
        version=Version(Epoch(int(item["epoch"]), item["region"]), int(item["revision"])),
        deleted=item["deleted"],
        fingerprint=item["fingerprint"],
        observed_at=str(item.get("observed_at", "")),
    )


def ledger_summary(item: Item) -> LedgerSummary:
    """A ledger row as the index `by-shard` projects it. InvalidRecordError."""
    with row_of_its_shape():
        summary, factors = comparable(item.get("summary", ""))
        return LedgerSummary(
            key=str(item["subject"]),
            state=SyncState(item.get("state", SyncState.NEW)),
            local_sub=item.get("local_sub", ""),
            summary=summary,
            factors=factors,
            record_fingerprint=item.get("record_fingerprint", ""),
            confirmed_version=confirmed_version(item),
            lease_expires_at=float(item.get("lease_expires_at", 0)),
        )
