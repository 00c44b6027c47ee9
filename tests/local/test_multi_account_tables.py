"""Global tables with replicas in two accounts, as the local AWS has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from local.gaps.multi_account_table.group import Group, Hindrance, Lost, Member, looked
from tests.local.conftest import OTHER_REGION, REGION, document, refused, unique
from tests.local.joined_tables import ACTIONS, KEYS, MODE, Joined, arn_of
from tests.local.two_accounts import SECOND, InAccount

pytestmark = pytest.mark.local_aws
OK, LOST, KEY = "ACTIVE", "REPLICATION_NOT_AUTHORIZED", "INACCESSIBLE_ENCRYPTION_CREDENTIALS"


@pytest.fixture
def joined(aws: LocalAws) -> Joined:
    return Joined(aws)


def test_a_replica_has_what_its_source_has(joined: Joined) -> None:
    index = {
        "IndexName": "by-v",
        "KeySchema": [{"AttributeName": "v", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    keys = [*KEYS["AttributeDefinitions"], {"AttributeName": "v", "AttributeType": "S"}]
    joined.source(AttributeDefinitions=keys, GlobalSecondaryIndexes=[index])
    life = {"Enabled": True, "AttributeName": "expires_at"}
    joined.home.update_time_to_live(TableName=joined.name, TimeToLiveSpecification=life)
    joined.put(joined.home, "old", "1")
    made = joined.replica()
    assert made["TableArn"] == joined.arns[1]
    assert made["LatestStreamArn"].startswith(joined.arns[1] + "/stream/")
    assert joined.value(joined.away, "old") == "1", "what was there before"
    (found,) = joined.away.query(
        TableName=joined.name,
        IndexName="by-v",
        KeyConditionExpression="v = :v",
        ExpressionAttributeValues={":v": {"S": "1"}},
    )["Items"]
    assert found["id"]["S"] == "old"
    lives = joined.away.describe_time_to_live(TableName=joined.name)["TimeToLiveDescription"]
    assert lives["AttributeName"] == "expires_at"
    for client, other in ((joined.home, 1), (joined.away, 0)):
        (replica,) = joined.told(client)["Replicas"]
        assert replica["ReplicaArn"] == joined.arns[other]
        assert replica["ReplicaStatus"] == joined.told(client)["TableStatus"] == OK


def test_writes_go_both_ways_with_a_stream_each(aws: LocalAws, joined: Joined) -> None:
    joined.both()
    joined.put(joined.home, "a", "1")
    joined.put(joined.away, "b", "2")
    assert [joined.values(key) for key in "ab"] == [["1", "1"], ["2", "2"]]
    joined.away.delete_item(TableName=joined.name, Key={"id": {"S": "a"}})
    assert joined.values("a") == ["", ""]
    for account, region in ((aws, REGION), (InAccount(aws), OTHER_REGION)):
        streams = account.client("dynamodbstreams", region)
        (stream,) = streams.list_streams(TableName=joined.name)["Streams"]
        assert f":{region}:{account.account}:" in stream["StreamArn"]
        assert names_of(streams, stream["StreamArn"]) == ["INSERT", "INSERT", "REMOVE"]


def names_of(streams: Any, arn: str) -> list[str]:
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    told = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )
    records = streams.get_records(ShardIterator=told["ShardIterator"])["Records"]
    return [record["eventName"] for record in records]


def test_the_latency_of_each_pair_is_published(aws: LocalAws, joined: Joined) -> None:
    joined.both()
    joined.put(joined.home, "a", "1")
    for account, region, told in ((aws, REGION, 1), (InAccount(aws), OTHER_REGION, 0)):
        found = account.client("cloudwatch", region).list_metrics(
            Namespace="AWS/DynamoDB", Dimensions=[{"Name": "TableName", "Value": joined.name}]
        )["Metrics"]
        assert len(found) == told
    assert {"Name": "ReceivingRegion", "Value": OTHER_REGION} in aws.client(
        "cloudwatch", REGION
    ).list_metrics(MetricName="ReplicationLatency")["Metrics"][-1]["Dimensions"]


MISSING: dict[str, Callable[[Joined], list[dict[str, Any]]]] = {
    "to associate": lambda joined: [joined.replication()],
    "for the service": lambda joined: [joined.association()],
    "to read": lambda joined: [joined.association(), joined.replication(*ACTIONS[1:])],
    "to write": lambda joined: [joined.association(), joined.replication(ACTIONS[0], ACTIONS[2])],
    "for settings": lambda joined: [joined.association(), joined.replication(*ACTIONS[:2])],
    "for the other": lambda joined: [
        joined.association(),
        joined.replication(**{"aws:SourceArn": joined.arns[:1]}),
    ],
    "for itself": lambda joined: [
        joined.association(),
        joined.replication(**{"aws:SourceAccount": [SECOND]}),
    ],
}


@pytest.mark.parametrize("missing", MISSING)
def test_a_policy_of_the_source_that_lacks_something_lets_nobody_join(
    joined: Joined, missing: str
) -> None:
    joined.source(*MISSING[missing](joined))
    with refused("AccessDeniedException"):
        joined.replica()
    with refused("ResourceNotFoundException"):
        joined.told(joined.away)
    joined.set_policy(0, joined.replication(), joined.association())
    joined.replica()


def test_so_does_one_of_the_replica(joined: Joined) -> None:
    joined.source()
    for lacking in (joined.association(), joined.replication(ACTIONS[0])):
        with refused("AccessDeniedException"):
            joined.replica(ResourcePolicy=document(lacking))
    with pytest.raises(ClientError, match="AccessDeniedException"):
        joined.away.create_table(TableName=joined.name, GlobalTableSourceArn=joined.arns[0], **MODE)


def test_what_cannot_be_joined(aws: LocalAws, joined: Joined) -> None:
    with refused("AccessDeniedException"):
        joined.replica()  # of a table that is not there, which nobody is told
    joined.source()
    for more in (
        {"GlobalTableSettingsReplicationMode": "DISABLED"},
        {"KeySchema": KEYS["KeySchema"], "AttributeDefinitions": KEYS["AttributeDefinitions"]},
        {"TableName": unique("other")},
        {"SSESpecification": {"Enabled": True, "SSEType": "KMS"}},
    ):
        with refused("ValidationException"):
            joined.replica(**more)
    with refused("ValidationException", "needs an account of its own"):
        joined.replica(aws.client("dynamodb", "eu-west-1"))
    with refused("ValidationException", "There is a replica in"):
        joined.replica(InAccount(aws).client("dynamodb", REGION))
    joined.replica()
    with refused("ResourceInUseException"):
        joined.replica()
    with refused("ValidationException", "needs an account of its own"):
        joined.replica(InAccount(aws).client("dynamodb", "eu-west-1"))


def test_a_source_must_stand_alone_and_replicate_settings(joined: Joined) -> None:
    joined.source(GlobalTableSettingsReplicationMode="DISABLED")
    with refused("ValidationException", "GlobalTableSettingsReplicationMode"):
        joined.replica()
    joined.home.update_table(TableName=joined.name, **MODE)
    eu = [{"Create": {"RegionName": "eu-west-1"}}]
    joined.home.update_table(TableName=joined.name, ReplicaUpdates=eu)
    with refused("ValidationException", "single Region"):
        joined.replica()


def test_lost_rights_stop_replication_and_given_back_all_arrives(joined: Joined) -> None:
    joined.both()
    joined.put(joined.home, "both", "0")
    joined.set_policy(1)
    assert joined.states(joined.home) == (OK, [LOST])
    assert joined.states(joined.away) == (LOST, [OK])
    assert joined.told(joined.home)["Replicas"][0]["ReplicaInaccessibleDateTime"]
    for client, key, value in (
        (joined.home, "home", "1"),
        (joined.away, "away", "2"),
        (joined.away, "both", "older"),
        (joined.home, "both", "newer"),
        (joined.home, "brief", "3"),
    ):
        joined.put(client, key, value)
    joined.home.delete_item(TableName=joined.name, Key={"id": {"S": "brief"}})
    assert [joined.values(key) for key in ("home", "away")] == [["1", ""], ["", "2"]]
    assert joined.values("both") == ["newer", "older"]
    joined.set_policy(1, joined.replication())
    assert joined.states(joined.home) == joined.states(joined.away) == (OK, [OK])
    assert [joined.values(key) for key in ("home", "away")] == [["1", "1"], ["2", "2"]]
    assert joined.values("both") == ["newer", "newer"], "the last writer wins, in both"
    assert joined.values("brief") == ["", ""]


@pytest.fixture
def pass_hours(aws: LocalAws) -> Iterator[Callable[[float], None]]:
    """Let hours pass for the tables, and let them be taken back at the end."""
    assert aws.gaps
    passed: list[float] = []

    def passing(hours: float) -> None:
        passed.append(hours)
        aws.gaps.tables.advance(hours)  # type: ignore[union-attr]

    yield passing
    aws.gaps.tables.advance(-sum(passed))


def test_after_twenty_hours_a_replica_has_parted_for_good(
    joined: Joined, pass_hours: Callable[[float], None]
) -> None:
    joined.both()
    joined.set_policy(0, joined.association())
    assert joined.states(joined.home) == (LOST, [OK])
    pass_hours(19.9)
    joined.put(joined.home, "late", "1")
    assert joined.states(joined.home) == (LOST, [OK])
    pass_hours(0.2)
    joined.set_policy(0, joined.replication(), joined.association())
    assert joined.states(joined.home) == joined.states(joined.away) == (OK, [])
    assert joined.values("late") == ["1", ""]
    joined.put(joined.away, "alone", "2")
    assert joined.values("alone") == ["", "2"]


def test_given_back_in_time_the_twenty_hours_begin_anew(
    joined: Joined, pass_hours: Callable[[float], None]
) -> None:
    joined.both()
    for _ in range(3):
        joined.set_policy(1)
        pass_hours(15)
        joined.set_policy(1, joined.replication())
    joined.put(joined.home, "a", "1")
    assert joined.values("a") == ["1", "1"]


def test_a_denial_counts_like_a_missing_right(joined: Joined) -> None:
    joined.both()
    denied = {**joined.replication(), "Effect": "Deny"}
    joined.set_policy(0, joined.replication(), joined.association(), denied)
    joined.put(joined.home, "a", "1")
    assert joined.values("a") == ["1", ""]
    assert joined.states(joined.away) == (OK, [LOST])


def test_a_key_must_let_the_service_in_as_well(aws: LocalAws, joined: Joined) -> None:
    kms = InAccount(aws).client("kms", OTHER_REGION)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    own = {"Effect": "Allow", "Principal": {"AWS": SECOND}, "Action": "kms:*", "Resource": "*"}
    service = ["kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    let = {**joined.replication(*service)}
    sse = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    joined.source()
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=document(own))
    with refused("AccessDeniedException", "kms:Decrypt"):
        joined.replica(SSESpecification=sse)
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=document(own, let))
    joined.replica(SSESpecification=sse)
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=document(own))
    assert joined.states(joined.home) == (OK, [KEY])
    assert joined.states(joined.away) == (KEY, [OK])
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=document(own, let))
    assert joined.states(joined.away) == (OK, [OK])


def test_settings_are_one_for_all_and_replicas_each_accounts_own(joined: Joined) -> None:
    joined.both()
    life = {"Enabled": True, "AttributeName": "ends"}
    joined.away.update_time_to_live(TableName=joined.name, TimeToLiveSpecification=life)
    told = joined.home.describe_time_to_live(TableName=joined.name)["TimeToLiveDescription"]
    assert told["AttributeName"] == "ends"
    joined.away.update_table(TableName=joined.name, DeletionProtectionEnabled=True)
    assert not joined.told(joined.home)["DeletionProtectionEnabled"]
    for updates in ({"Create": {"RegionName": "eu-west-1"}}, {"Delete": {"RegionName": REGION}}):
        with refused("ValidationException", "ReplicaUpdates"):
            joined.away.update_table(TableName=joined.name, ReplicaUpdates=[updates])
    joined.set_policy(0, joined.replication(*ACTIONS[:2]))
    with refused("AccessDeniedException", "ReplicateSettings"):
        joined.away.update_table(TableName=joined.name, BillingMode="PAY_PER_REQUEST")


def test_a_replica_that_is_deleted_leaves_the_other(joined: Joined) -> None:
    joined.both()
    joined.put(joined.home, "a", "1")
    joined.away.delete_table(TableName=joined.name)
    assert joined.states(joined.home) == (OK, [])
    joined.put(joined.home, "a", "2")
    assert joined.value(joined.home, "a") == "2"
    joined.replica()
    assert joined.values("a") == ["2", "2"]


def test_a_replica_is_disassociated_by_its_own_account(joined: Joined) -> None:
    joined.both()
    joined.put(joined.home, "a", "1")
    part = {"RegionName": OTHER_REGION, "DisassociationMode": "WAIT_FOR_REPLICATION"}
    asked = {"TableName": joined.name, "ReplicaUpdates": [{"Disassociate": part}]}
    with refused("ValidationException", "DisassociationProtectionEnabled"):
        joined.away.update_table(**asked)
    joined.away.update_table(TableName=joined.name, DisassociationProtectionEnabled=False)
    with refused("ValidationException", "local replica"):
        joined.home.update_table(**asked)
    joined.away.update_table(**asked)
    assert joined.states(joined.home) == joined.states(joined.away) == (OK, [])
    joined.put(joined.home, "a", "2")
    assert joined.values("a") == ["2", "1"]


def test_replicas_of_one_account_are_disassociated_too(aws: LocalAws) -> None:
    """And what comes of it can be joined by another account."""
    joined = Joined(aws)
    joined.source()
    other = {"RegionName": OTHER_REGION}
    joined.home.update_table(TableName=joined.name, ReplicaUpdates=[{"Create": other}])
    theirs = aws.client("dynamodb", OTHER_REGION)
    theirs.update_table(TableName=joined.name, DisassociationProtectionEnabled=False)
    part = {**other, "DisassociationMode": "WAIT_FOR_REPLICATION"}
    theirs.update_table(TableName=joined.name, ReplicaUpdates=[{"Disassociate": part}])
    joined.put(joined.home, "a", "1")
    assert joined.value(theirs, "a") == ""
    assert joined.states(theirs) == joined.states(joined.home) == (OK, [])
    joined.replica()
    assert joined.values("a") == ["1", "1"]


def test_the_same_name_in_an_account_that_did_not_join_is_another_table(
    aws: LocalAws, joined: Joined
) -> None:
    joined.both()
    third = InAccount(aws, "333333333333").client("dynamodb", OTHER_REGION)
    third.create_table(TableName=joined.name, **KEYS)
    joined.put(joined.home, "a", "1")
    assert joined.value(third, "a") == ""
    joined.put(third, "a", "3")
    assert joined.values("a") == ["1", "1"]


A, B = Member("1", "r1", "t"), Member("2", "r2", "t")


@pytest.mark.parametrize(
    ("since", "now", "hindered", "parted"),
    [
        (None, 10.0, {}, ()),
        (None, 10.0, {B: Hindrance.KEY}, ()),
        (0.0, 72_000.0, {B: Hindrance.NOT_AUTHORIZED}, ()),
        (0.0, 72_000.1, {B: Hindrance.NOT_AUTHORIZED}, (B,)),
        (0.0, 72_000.1, {}, (B,)),
    ],
)
def test_who_parts_when(
    since: float | None, now: float, hindered: dict[Member, Hindrance], parted: tuple[Member, ...]
) -> None:
    lost = {} if since is None else {B: Lost(Hindrance.NOT_AUTHORIZED, since)}
    found = looked(Group((A, B), lost), hindered, now)
    assert found.parted == parted
    stays = B not in parted
    assert (B in found.group.members) is stays
    if hindered and stays:
        assert found.group.lost == {B: Lost(hindered[B], now if since is None else since)}


def test_an_arn_of_something_else_is_no_table() -> None:
    assert Member.of(arn_of("1", "r1", "t")) == A
    assert Member.of("arn:aws:sqs:r1:1:t") is None
    assert Member.of("t") is None
