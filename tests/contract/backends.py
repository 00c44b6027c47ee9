"""What the contract suites run on: the in-memory twins, and the adapters on an AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from boto3.dynamodb.types import TypeSerializer

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.adapters.events import EventBridgeHintBus, SqsHintParking
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import InvalidRecordError, NewerSchemaError
from cognito_standby.core.domain.hints import SOURCE, Hint
from cognito_standby.core.domain.ledger_keys import BY_ATTENTION
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import Ledger, RecordStore, UserDirectory
from cognito_standby.replication.adapters.members import DynamoMemberRecords
from cognito_standby.replication.ports import MemberRecords
from tests.contract.pool.boto_pool import BotoPool
from tests.twins.clock import ManualClock
from tests.twins.pool.config import PoolConfig
from tests.twins.pool.pool import StrictPool
from tests.twins.pool.user_directory import InMemoryUserDirectory
from tests.twins.stores.events import InMemoryHintBus, InMemoryHintParking
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.members import InMemoryMemberRecords
from tests.twins.stores.records import GlobalTable, ItemKey, UnreadableItem

PRIMARY, BACKUP = "us-east-1", "ap-northeast-1"
INSTALLATION = Installation(PRIMARY, BACKUP)
LEASE_SECONDS = 60


@dataclass
class Records:
    """The stores of both Regions; `settle` lets what was written arrive everywhere.

    `spoil` puts an item that no reader understands in a Region's own place: of a newer schema, or
    without the documented shape.
    """

    primary: RecordStore
    backup: RecordStore
    settle: Callable[[], None]
    spoil: Callable[[Subject, str, bool], None]
    unindex: Callable[[Subject, str], None]
    """Takes the shard from an item."""
    members: MemberRecords
    """The primary Region's search by membership."""


@dataclass
class Hints:
    """A way of hints, what came out of it, and how to break it."""

    send: Callable[[Hint], None]
    arrived: Callable[[], list[Hint]]
    destroy: Callable[[], None]


ROLES = {"arn:aws:iam::111111111111:role/here": "arn:aws:iam::111111111111:role/there"}
"""IAM roles of groups: the shared name -> what it is in these pools."""


@dataclass
class Pool:
    """A user pool as its people and administrators have it, and as our port shows it."""

    api: Any
    """StrictPool, or BotoPool, which has the same operations."""
    directory: UserDirectory


class Backend(Protocol):
    """Makes fresh things to test."""

    name: str

    def records(self) -> Records: ...
    def ledger(self, clock: ManualClock, user_pool_id: str = "") -> Ledger: ...
    def bus(self) -> Hints: ...
    def parking(self) -> Hints: ...
    def pool(self, config: PoolConfig) -> Pool: ...


class MemoryBackend:
    """The twins."""

    name = "memory"

    def records(self) -> Records:
        table = GlobalTable(INSTALLATION)

        def spoil(subject: Subject, region: str, newer: bool) -> None:
            error = NewerSchemaError if newer else InvalidRecordError
            table.write(region, ItemKey(subject.key, region), UnreadableItem(error))

        members = InMemoryMemberRecords(table, PRIMARY, page_items=2)

        def unindex(subject: Subject, region: str) -> None:
            table.without_shard.add(ItemKey(subject.key, region))

        stores = table.store(PRIMARY), table.store(BACKUP)
        return Records(*stores, table.replicate_all, spoil, unindex, members)

    def ledger(self, clock: ManualClock, user_pool_id: str = "") -> Ledger:
        return InMemoryLedger(clock, LEASE_SECONDS, user_pool_id)

    def bus(self) -> Hints:
        bus = InMemoryHintBus()
        return Hints(bus.publish, lambda: list(bus.hints), lambda: bus.fail(-1))

    def parking(self) -> Hints:
        parking = InMemoryHintParking()
        destroy = lambda: parking.fail(-1)  # noqa: E731 - symmetrical with the bus
        return Hints(parking.park, lambda: list(parking.hints), destroy)

    def pool(self, config: PoolConfig) -> Pool:
        pool = StrictPool(config, ManualClock())
        return Pool(pool, InMemoryUserDirectory(pool, ROLES))


class AwsBackend:
    """The adapters, on any AWS that `client` connects to. One table plays both replicas."""

    def __init__(self, name: str, client: Callable[[str], Any]) -> None:
        self.name, self._client = name, client

    def records(self) -> Records:
        client = self._client("dynamodb")
        table = _create_table(client, "origin_sub", "region")

        def spoil(subject: Subject, region: str, newer: bool) -> None:
            item = {"origin_sub": subject.key, "region": region, "schema_version": 1}
            if newer:
                item |= {"schema_version": 99, "body": {"unknown": "to us"}}
            serialize = TypeSerializer().serialize
            client.put_item(TableName=table, Item={k: serialize(v) for k, v in item.items()})

        stores = [DynamoRecordStore(client, table, r, INSTALLATION) for r in (PRIMARY, BACKUP)]

        def unindex(subject: Subject, region: str) -> None:
            key = {"origin_sub": {"S": subject.key}, "region": {"S": region}}
            client.update_item(TableName=table, Key=key, UpdateExpression="REMOVE shard_id")

        members = DynamoMemberRecords(client, table)
        return Records(stores[0], stores[1], lambda: None, spoil, unindex, members)

    def ledger(self, clock: ManualClock, user_pool_id: str = "") -> Ledger:
        client = self._client("dynamodb")
        table = _create_table(client, "subject")
        return DynamoLedger(client, table, clock, LEASE_SECONDS, user_pool_id)

    def bus(self) -> Hints:
        events, queue = self._client("events"), _Queue(self._client("sqs"))
        name = f"bus-{uuid4().hex[:8]}"
        events.create_event_bus(Name=name)
        pattern = json.dumps({"source": [SOURCE]})
        events.put_rule(Name="all", EventBusName=name, EventPattern=pattern)
        target = {"Id": "queue", "Arn": queue.arn}
        events.put_targets(Rule="all", EventBusName=name, Targets=[target])

        def destroy() -> None:
            events.remove_targets(Rule="all", EventBusName=name, Ids=["queue"])
            events.delete_rule(Name="all", EventBusName=name)
            events.delete_event_bus(Name=name)

        bus = EventBridgeHintBus(events, name)
        arrived = lambda: [Hint.from_dict(body["detail"]) for body in queue.bodies()]  # noqa: E731
        return Hints(bus.publish, arrived, destroy)

    def parking(self) -> Hints:
        queue = _Queue(self._client("sqs"))
        parking = SqsHintParking(queue.client, queue.url)
        arrived = lambda: [Hint.from_dict(body) for body in queue.bodies()]  # noqa: E731
        destroy = lambda: queue.client.delete_queue(QueueUrl=queue.url)  # noqa: E731
        return Hints(parking.park, arrived, destroy)

    def pool(self, config: PoolConfig) -> Pool:
        client = self._client("cognito-idp")
        api = BotoPool(client, config)
        return Pool(api, CognitoUserDirectory(client, api.pool_id, roles=ROLES))


class _Queue:
    """A queue that is read to its end."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.url: str = client.create_queue(QueueName=f"hints-{uuid4().hex[:8]}")["QueueUrl"]
        got = client.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])
        self.arn: str = got["Attributes"]["QueueArn"]

    def bodies(self) -> list[Any]:
        bodies = []
        while messages := self.client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=0
        ).get("Messages"):
            for message in messages:
                bodies.append(json.loads(message["Body"]))
                self.client.delete_message(
                    QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"]
                )
        return bodies


def _create_table(client: Any, hash_key: str, range_key: str = "") -> str:
    keys = [(hash_key, "HASH"), *([(range_key, "RANGE")] if range_key else [])]
    name = f"table-{uuid4().hex[:8]}"
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
        AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k, _ in keys],
    )
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return name


def table_with_attention(client: Any) -> str:
    """A ledger table with the sparse index; its name."""
    name = f"table-{uuid4().hex[:8]}"
    index = [("attention", "HASH"), ("subject", "RANGE")]
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "subject", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k, _ in index],
        GlobalSecondaryIndexes=[
            {
                "IndexName": BY_ATTENTION,
                "KeySchema": [{"AttributeName": k, "KeyType": kind} for k, kind in index],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    return name
