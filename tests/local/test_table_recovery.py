"""Tables restored to a time on the local AWS: content, window, refusals, what they come without."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.domain.errors import NotBelievedError
from cognito_standby.replication.services.preconditions import require_confirmed_table
from local.emulator import LocalAws
from local.gaps.table_recovery.journal import Journal, _Before
from tests.local.conftest import REGION, eventually, refused, unique
from tests.unit.world import INSTALLATION, World

pytestmark = pytest.mark.local_aws
_INDEX = {
    "IndexName": "by-shard",
    "KeySchema": [{"AttributeName": "shard_id", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}


@pytest.fixture(scope="module")
def dynamodb(aws: LocalAws) -> Any:
    return aws.client("dynamodb", REGION)


def _table(dynamodb: Any, *, recovery: bool = True) -> str:
    names = ("origin_sub", "region", "shard_id")
    name: str = dynamodb.create_table(
        TableName=unique("records"),
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
        KeySchema=[
            {"AttributeName": "origin_sub", "KeyType": "HASH"},
            {"AttributeName": "region", "KeyType": "RANGE"},
        ],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[_INDEX],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        Tags=[{"Key": "a", "Value": "b"}],
        DeletionProtectionEnabled=True,
    )["TableDescription"]["TableName"]
    if recovery:
        _recover(dynamodb, name, on=True)
    return name


def _recover(dynamodb: Any, name: str, *, on: bool) -> None:
    dynamodb.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": on}
    )


def _key(sub: str) -> dict[str, Any]:
    return {"origin_sub": {"S": sub}, "region": {"S": REGION}}


def _put(dynamodb: Any, table: str, sub: str, text: str) -> None:
    item = {**_key(sub), "shard_id": {"S": "0"}, "text": {"S": text}}
    dynamodb.put_item(TableName=table, Item=item)


def _window(dynamodb: Any, table: str) -> tuple[datetime, datetime]:
    told = dynamodb.describe_continuous_backups(TableName=table)
    found = told["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    return found["EarliestRestorableDateTime"], found["LatestRestorableDateTime"]


def _next_second(dynamodb: Any, table: str) -> datetime:
    """A whole second after everything written so far, once the table can be restored to it."""
    second = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    eventually(lambda: _window(dynamodb, table)[1] >= second)
    return second


def _restore(dynamodb: Any, table: str, target: str, when: datetime, **more: Any) -> Any:
    return dynamodb.restore_table_to_point_in_time(
        SourceTableName=table, TargetTableName=target, RestoreDateTime=when, **more
    )["TableDescription"]


def _active(dynamodb: Any, table: str) -> Any:
    def look() -> Any:
        found = dynamodb.describe_table(TableName=table)["Table"]
        return found if found["TableStatus"] == "ACTIVE" else None

    return eventually(look)


def _texts(dynamodb: Any, table: str) -> dict[str, str]:
    items = dynamodb.scan(TableName=table, ConsistentRead=True)["Items"]
    return {item["origin_sub"]["S"]: item["text"]["S"] for item in items}


def test_the_table_as_it_was_without_what_belongs_to_the_living_one(dynamodb: Any) -> None:
    table, target = _table(dynamodb), unique("past")
    _put(dynamodb, table, "ann", "old")
    _put(dynamodb, table, "bob", "old")
    then = _next_second(dynamodb, table)
    _put(dynamodb, table, "ann", "new")
    dynamodb.update_item(
        TableName=table,
        Key=_key("ann"),
        UpdateExpression="SET #t = :t",
        ExpressionAttributeNames={"#t": "text"},
        ExpressionAttributeValues={":t": {"S": "newer"}},
    )
    dynamodb.delete_item(TableName=table, Key=_key("bob"))
    _put(dynamodb, table, "cyd", "new")
    begun = _restore(dynamodb, table, target, then, GlobalSecondaryIndexOverride=[])
    assert begun["TableStatus"] == "CREATING"
    assert begun["RestoreSummary"]["RestoreInProgress"]
    made = _active(dynamodb, target)
    assert _texts(dynamodb, target) == {"ann": "old", "bob": "old"}
    assert _texts(dynamodb, table) == {"ann": "newer", "cyd": "new"}
    summary = made["RestoreSummary"]
    assert summary["RestoreDateTime"] == then
    assert not summary["RestoreInProgress"]
    assert summary["SourceTableArn"].endswith(f":table/{table}")
    kept = {"GlobalSecondaryIndexes", "StreamSpecification", "LatestStreamArn", "Replicas"}
    assert not kept & set(made)
    assert not made["DeletionProtectionEnabled"]
    assert dynamodb.list_tags_of_resource(ResourceArn=made["TableArn"])["Tags"] == []
    told = dynamodb.describe_continuous_backups(TableName=target)["ContinuousBackupsDescription"]
    assert told["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"
    dynamodb.put_item(TableName=target, Item=_key("a copy of its own"))
    assert "a copy of its own" not in _texts(dynamodb, table)


def test_a_restored_table_comes_and_goes_in_time(dynamodb: Any) -> None:
    table, target = _table(dynamodb), unique("past")
    _put(dynamodb, table, "ann", "old")
    latest = {"SourceTableName": table, "TargetTableName": target}
    eventually(lambda: _window(dynamodb, table)[1] > _window(dynamodb, table)[0])
    dynamodb.restore_table_to_point_in_time(**latest, UseLatestRestorableTime=True)
    with refused("ResourceNotFoundException"):
        dynamodb.scan(TableName=target)
    with refused("ResourceInUseException"):
        dynamodb.delete_table(TableName=target)
    with refused("TableAlreadyExistsException"):
        dynamodb.restore_table_to_point_in_time(**latest, UseLatestRestorableTime=True)
    made = _active(dynamodb, target)
    assert [index["IndexName"] for index in made["GlobalSecondaryIndexes"]] == ["by-shard"]
    for _ in range(2):  # the second one changes nothing
        gone = dynamodb.delete_table(TableName=target)["TableDescription"]
        assert gone["TableStatus"] == "DELETING"
    with refused("ResourceNotFoundException"):
        dynamodb.get_item(TableName=target, Key=_key("ann"))
    eventually(lambda: target not in dynamodb.list_tables()["TableNames"])


def test_a_table_of_a_time_in_the_place_of_the_records_is_asked_about(dynamodb: Any) -> None:
    table, target = _table(dynamodb), unique("past")
    _put(dynamodb, table, "ann", "old")
    _restore(dynamodb, table, target, _next_second(dynamodb, table))
    world = World().primary.context
    former, restored = (
        replace(world, records=DynamoRecordStore(dynamodb, name, REGION, INSTALLATION))
        for name in (table, target)
    )
    require_confirmed_table(former)
    with pytest.raises(NotBelievedError, match="accept-table"):
        require_confirmed_table(restored)
    require_confirmed_table(former)


def test_what_is_refused(dynamodb: Any) -> None:
    table, off, now = _table(dynamodb), _table(dynamodb, recovery=False), datetime.now(UTC)
    with refused("TableNotFoundException"):
        _restore(dynamodb, "nowhere", unique("past"), now)
    with refused("PointInTimeRecoveryUnavailableException"):
        _restore(dynamodb, off, unique("past"), now)
    for when in (now - timedelta(hours=1), now + timedelta(hours=1)):
        with refused("InvalidRestoreTimeException"):
            _restore(dynamodb, table, unique("past"), when)
    with refused("ValidationException"):
        dynamodb.restore_table_to_point_in_time(SourceTableName=table, TargetTableName="t-past")
    other = [{**_INDEX, "IndexName": "by-other"}]
    second = _next_second(dynamodb, table)
    with refused("ValidationException"):
        _restore(dynamodb, table, unique("past"), second, GlobalSecondaryIndexOverride=other)


def test_a_window_begins_anew_when_recovery_is_put_on_again(dynamodb: Any) -> None:
    table = _table(dynamodb)
    first, _ = _window(dynamodb, table)
    _recover(dynamodb, table, on=False)
    _recover(dynamodb, table, on=True)
    assert _window(dynamodb, table)[0] > first


def test_more_writes_than_are_kept_move_the_window() -> None:
    journal = Journal(since=0.0)
    items: dict[str, dict[str, int]] = {"a": {"s": 0}}
    for when in range(1, 6):
        journal.note(_Before(float(when), "a", "s", items["a"]["s"]), kept=3)
        items["a"]["s"] = when
    assert journal.since == 2.0
    assert [journal.as_of(items, when)["a"]["s"] for when in (2.0, 3.5, 5.0)] == [2, 3, 5]
