"""Both Regions on the DynamoDB adapters, with pools in memory: written to and loaded from files.

One table of records serves both Regions, so nothing is ever on its way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from moto import mock_aws

from tests.former import today
from tests.former.pools import BACKUP, PRIMARY, fill, pool_config

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).parents[2]
INSTALLATION = today.Installation(PRIMARY, BACKUP)
LEASE_SECONDS = 90
LETTER_SECONDS = 14 * 86_400
TABLE_ID = "7ab1e000-0000-4000-8000-000000000001"
PACE = today.Pace(0.5, {"UserList": 30.0, "UserRead": 120.0}, 2.0)

Item = dict[str, Any]
_KEYS = {
    "records": ("origin_sub", "region"),
    "ledger": ("subject", ""),
    "changes": ("id", ""),
}
_INDEXES = {
    "records": (("by-shard", "shard_id", "origin_sub"),),
    "ledger": (("by-shard", "shard_id", "subject"), ("by-attention", "attention", "subject")),
    "changes": (("recent", "listed", "requested_at"),),
}


@contextmanager
def aws() -> Iterator[Any]:
    """A client of a fresh DynamoDB in this process, whose tables have the id of the former one."""
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    with patch.dict("os.environ", keys), mock_aws():
        client: Any = boto3.client("dynamodb", PRIMARY)
        # moto tells no ids of tables.
        client.meta.events.register("after-call.dynamodb.DescribeTable", _with_id)
        yield client


def _with_id(parsed: Any, **_: Any) -> None:
    parsed["Table"]["TableId"] = TABLE_ID


class Tables:
    """The tables of both Regions, by name: `records`, `ledger-<region>`, `changes-<region>`."""

    def __init__(self, client: Any, installation: str) -> None:
        self.client, self._installation = client, installation
        for table in names():
            _create(client, table, self.named(table))

    def named(self, table: str) -> str:
        """Its physical name."""
        return f"{self._installation}-{table}"

    def items(self, table: str) -> list[Item]:
        """All items of a table, by key."""
        pages = self.client.get_paginator("scan").paginate(TableName=self.named(table))
        found = [_plain(item) for page in pages for item in page["Items"]]
        return sorted(found, key=key_in(table))

    def put(self, table: str, item: Mapping[str, Any]) -> None:
        """One item as it stands in a file."""
        self.client.put_item(TableName=self.named(table), Item=_wire(item))

    def load(self) -> None:
        """All that the former release wrote."""
        for table in names():
            for item in stored(table):
                self.put(table, item)


def names() -> list[str]:
    """The names of the tables."""
    return ["records", *(f"{k}-{r}" for k in ("ledger", "changes") for r in (PRIMARY, BACKUP))]


@cache
def stored(table: str) -> list[Item]:
    """The items of a file."""
    lines = (DATA / f"{table}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def key_in(table: str) -> Any:
    """What an item is filed under, for sorting and telling."""
    first, second = _KEYS[table.partition("-")[0]]
    return lambda item: " ".join(str(item[name]) for name in (first, second) if name)


class Region(today.Side):
    """One Region: what `Side` does, on the adapters."""

    def __init__(self, region: str, tables: Tables, clock: today.ManualClock) -> None:
        client, named = tables.client, tables.named
        self.region, self.clock = region, clock
        self.tables = tables
        self.pool = today.StrictPool(pool_config(region), clock)
        self.bus = today.InMemoryHintBus()
        pool = self.pool.config.pool_id
        ledger: Any = today.DynamoLedger(
            client, named(f"ledger-{region}"), clock, LEASE_SECONDS, pool
        )
        self.ledger = ledger
        self.erasures = today.DynamoErasureList(
            client, (named("records"), named(f"ledger-{region}")), region, INSTALLATION, clock
        )
        self.context = today.SyncContext(
            region=region,
            user_pool_id=pool,
            directory=today.InMemoryUserDirectory(self.pool),
            records=today.DynamoRecordStore(client, named("records"), region, INSTALLATION),
            ledger=ledger,
            bus=self.bus,
            clock=clock,
            passwords=today.NumberedPasswords(),
            erasures=self.erasures,
        )
        self.changes = today.DynamoChangeStore(client, named(f"changes-{region}"), clock)
        self.notes = today.DynamoFailureNotes(
            client, named(f"ledger-{region}"), clock, LETTER_SECONDS
        )
        self.addresses = today.DynamoAddresses(client, named("records"), INSTALLATION)
        self.attention = today.DynamoAttentionIndex(client, named(f"ledger-{region}"))
        self.executions = today.InMemoryExecutions(clock, lambda *_: today.ExecutionStatus.RUNNING)
        self.register = today.DynamoRunRegister(
            client, named(f"ledger-{region}"), clock, self.executions
        )

    def sync(self, key: str, holder: str = "arn:aws:states:run#0") -> dict[str, Any]:
        """An execution about a subject, to its end."""
        return self.run({"origin_sub": key, "cause": "replica_stream"}, holder)


@dataclass
class World:
    """Both Regions."""

    client: Any
    installation: str = "standby"
    clock: today.ManualClock = field(
        default_factory=lambda: today.ManualClock(datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))
    )

    def __post_init__(self) -> None:
        self.tables = Tables(self.client, self.installation)
        self.primary = Region(PRIMARY, self.tables, self.clock)
        self.backup = Region(BACKUP, self.tables, self.clock)

    @property
    def regions(self) -> tuple[Region, Region]:
        """Active first."""
        return self.primary, self.backup

    def load(self, pools: str = "pools") -> None:
        """What the former release left, at the time at which it was written."""
        self.tables.load()
        for region in self.regions:
            fill(region.pool, read_json(f"{pools}.json")[region.region])
        self.clock.set(datetime.fromisoformat(read_json("about.json")["written_at"]))


class Reconciling(today.Reconciliation):
    """A Region's runs, on the adapters' indexes and register."""

    def __init__(self, region: Region) -> None:
        claims = SimpleNamespace(store=lambda _: region.context.records)
        super().__init__(SimpleNamespace(table=claims), region)  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        region: Any = self.side
        self.clock = region.clock
        self.files = today.InMemoryRunFiles()
        self.regions: Any = region.addresses
        self.register = region.register
        client, named = region.tables.client, region.tables.named
        self.records: Any = today.DynamoRecordIndex(client, named("records"))
        self.ledger: Any = today.DynamoLedgerIndex(client, named(f"ledger-{region.region}"))
        self.listing = today.InMemoryPoolListing(region.pool)

    def list_one(self, run: Any, item: Any) -> None:
        """As the task does, which notes what it spent."""
        with today.spending(self.context(), run, today.WorkPhase.LISTING, item.id) as counted:
            today.list_part(counted, run, item)


@cache
def read_json(name: str) -> Any:
    """A file of the data."""
    return json.loads((DATA / name).read_text())


def _create(client: Any, table: str, name: str) -> None:
    kind = table.partition("-")[0]
    key = [part for part in _KEYS[kind] if part]
    indexes = [(index, (first, second)) for index, first, second in _INDEXES[kind]]
    told = {*key, *(part for _, parts in indexes for part in parts)}
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_schema(key),
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in sorted(told)],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": _schema(parts),
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, parts in indexes
        ],
    )


def _schema(parts: Sequence[str]) -> list[dict[str, str]]:
    kinds = zip(parts, ("HASH", "RANGE"), strict=False)
    return [{"AttributeName": part, "KeyType": kind} for part, kind in kinds]


def _plain(item: Mapping[str, Any]) -> Item:
    """As it stands in a file: whole numbers, and sets as {"set": [...]}."""
    read = TypeDeserializer().deserialize
    return {name: _for_file(read(value)) for name, value in sorted(item.items())}


def _for_file(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value)
        case set():
            return {"set": sorted(value)}
        case dict():
            return {name: _for_file(each) for name, each in sorted(value.items())}
        case list():
            return [_for_file(each) for each in value]
        case _:
            return value


def _wire(item: Mapping[str, Any]) -> Item:
    write = TypeSerializer().serialize
    return {name: write(_from_file(value)) for name, value in item.items()}


def _from_file(value: Any) -> Any:
    return set(value["set"]) if isinstance(value, dict) and set(value) == {"set"} else value
