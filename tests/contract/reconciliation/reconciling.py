"""What the contract suites of the reconciliation's ports run on, beside `backends`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from cognito_standby.core.adapters.items import plain, record_from, wire
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.domain.errors import InvalidRecordError, NewerSchemaError
from cognito_standby.core.ports import Ledger, RecordStore
from cognito_standby.reconciliation.adapters.listing import CognitoPoolListing
from cognito_standby.reconciliation.adapters.shard_indexes import (
    DynamoLedgerIndex,
    DynamoRecordIndex,
    DynamoWholeRecords,
)
from cognito_standby.reconciliation.ports import LedgerIndex, PoolListing, RecordIndex, WholeRecords
from tests.contract.backends import (
    INSTALLATION,
    LEASE_SECONDS,
    PRIMARY,
    ROLES,
    AwsBackend,
    Backend,
    Pool,
)
from tests.twins.clock import ManualClock
from tests.twins.pool.listing import InMemoryPoolListing
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import GlobalTable, ItemKey, UnreadableItem
from tests.twins.stores.shard_indexes import (
    InMemoryLedgerIndex,
    InMemoryRecordIndex,
    InMemoryWholeRecords,
)


@dataclass
class Tables:
    """Both tables with their indexes, in the primary Region. `spoil` changes attributes of one
    item of the records behind everybody's back: (key, region, changes)."""

    records: RecordStore
    record_index: RecordIndex
    ledger: Ledger
    ledger_index: LedgerIndex
    spoil: Callable[[str, str, dict[str, Any]], None]
    whole: WholeRecords


def listing_of(backend: Backend, pool: Pool) -> PoolListing:
    """The listing of a pool."""
    if not isinstance(backend, AwsBackend):
        return InMemoryPoolListing(pool.api, ROLES)
    return CognitoPoolListing(backend._client("cognito-idp"), pool.api.pool_id, ROLES)


def tables_of(backend: Backend, clock: ManualClock) -> Tables:
    """Fresh tables."""
    if not isinstance(backend, AwsBackend):
        return _twins(clock)
    client = backend._client("dynamodb")
    records = new_table(client, ("origin_sub", "region"), "origin_sub")
    ledger = new_table(client, ("subject",), "subject")

    def spoil(key: str, region: str, changes: dict[str, Any]) -> None:
        item = {"origin_sub": key, "region": region, **changes}
        client.put_item(TableName=records, Item=wire(item))

    return Tables(
        DynamoRecordStore(client, records, PRIMARY, INSTALLATION),
        DynamoRecordIndex(client, records),
        DynamoLedger(client, ledger, clock, LEASE_SECONDS),
        DynamoLedgerIndex(client, ledger),
        spoil,
        DynamoWholeRecords(client, records, PRIMARY, INSTALLATION),
    )


def _twins(clock: ManualClock) -> Tables:
    table, ledger = GlobalTable(INSTALLATION), InMemoryLedger(clock, LEASE_SECONDS)
    index = InMemoryRecordIndex(table, PRIMARY, page=7)

    def spoil(key: str, region: str, changes: dict[str, Any]) -> None:
        item: Any
        try:
            item = record_from(plain(wire({"origin_sub": key, "region": region, **changes})))
        except (InvalidRecordError, NewerSchemaError) as error:
            item = UnreadableItem(type(error))
        if not isinstance(changes.get("fingerprint", ""), str):
            item = UnreadableItem(InvalidRecordError)
        table.write(region, ItemKey(key, region), item)
        table.replicate_all()
        if "shard_id" not in changes:
            index.without_shard.add(key)

    ledger_index = InMemoryLedgerIndex(ledger, page=7)
    whole = InMemoryWholeRecords(table, PRIMARY)
    return Tables(table.store(PRIMARY), index, ledger, ledger_index, spoil, whole)


def new_table(client: Any, key: tuple[str, ...], sorted_by: str) -> str:
    """A table of its own, with both indexes."""
    name = f"table-{uuid4().hex[:8]}"
    indexes = {"by-shard": "shard_id", "by-attention": "attention"}
    attributes = {*key, *indexes.values(), sorted_by}
    kinds = zip(key, ("HASH", "RANGE"), strict=False)
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": part, "KeyType": kind} for part, kind in kinds],
        AttributeDefinitions=[
            {"AttributeName": part, "AttributeType": "S"} for part in sorted(attributes)
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": [
                    {"AttributeName": by, "KeyType": "HASH"},
                    {"AttributeName": sorted_by, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, by in indexes.items()
        ],
    )
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return name
