"""Faults of calls: errors, latency, throttling, dark Regions, callers; how they are turned."""

import json
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from local.emulator import LocalAws
from local.faults import Callers, Fault, FaultError, FaultKind, Faults, How
from local.faults.model import SeenCall
from local.faults.remote import RemoteFaults
from tests.local.conftest import OTHER_REGION, REGION, eventually, function, queue, unique
from tests.local.pools import PASSWORD, TestPool

pytestmark = pytest.mark.local_aws
ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=60, read_timeout=60)
IMPATIENT = ONCE.merge(Config(read_timeout=1))
"""For what never answers; whoever does answer may be slow on a busy machine."""


@pytest.fixture
def faults(aws: LocalAws) -> Iterator[Faults]:
    yield aws.faults
    aws.faults.clear()


def item_of(client: Any, table: str, key: Any) -> Any:
    return client.get_item(TableName=table, Key=key).get("Item")


def once(aws: LocalAws, service: str, region: str = REGION, config: Config = ONCE) -> Any:
    """A client that tries once."""
    make: Any = boto3.client
    return make(
        service,
        region_name=region,
        endpoint_url=aws.endpoint,
        aws_access_key_id=aws.account,
        aws_secret_access_key="local",
        config=config,
    )


def everybody(kind: FaultKind = FaultKind.ERROR, **more: Any) -> Fault:
    return Fault(kind, callers=Callers.ALL, **more)


CALLS = [
    ("cognito-idp", "list_user_pools", {"MaxResults": 1}),
    ("dynamodb", "list_tables", {}),
    ("sqs", "list_queues", {}),
    ("stepfunctions", "list_state_machines", {}),
    ("events", "list_rules", {}),
    ("lambda", "list_functions", {}),
    ("cloudwatch", "list_metrics", {}),
    ("sts", "get_caller_identity", {}),
    ("s3", "list_buckets", {}),
]
INTERNAL = dict.fromkeys([name for name, _, _ in CALLS], ("InternalFailure", 500)) | {
    "cognito-idp": ("InternalErrorException", 500),
    "dynamodb": ("InternalServerError", 500),
    "events": ("InternalException", 500),
    "lambda": ("ServiceException", 500),
    "s3": ("InternalError", 500),
}
THROTTLED = dict.fromkeys([name for name, _, _ in CALLS], ("ThrottlingException", 400)) | {
    "cognito-idp": ("TooManyRequestsException", 400),
    "dynamodb": ("ProvisionedThroughputExceededException", 400),
    "sqs": ("RequestThrottled", 400),
    "lambda": ("TooManyRequestsException", 429),
    "s3": ("SlowDown", 503),
}


@pytest.mark.parametrize(("service", "operation", "request_"), CALLS)
@pytest.mark.parametrize("code", ["internal", "throttled"])
def test_errors_look_as_the_service_writes_them(
    aws: LocalAws, faults: Faults, service: str, operation: str, request_: Any, code: str
) -> None:
    faults.add(everybody(code=code))
    with pytest.raises(ClientError) as caught:
        getattr(once(aws, service), operation)(**request_)
    expected = (INTERNAL if code == "internal" else THROTTLED)[service]
    told = caught.value.response
    assert told["Error"]["Message"] == "injected by the local AWS"
    assert (told["Error"]["Code"], told["ResponseMetadata"]["HTTPStatusCode"]) == expected


def test_only_what_matches_is_struck(aws: LocalAws, faults: Faults) -> None:
    number = faults.add(everybody(service="dynamodb", operation="Put*", region=REGION))
    once(aws, "dynamodb").list_tables()
    once(aws, "cognito-idp").list_user_pools(MaxResults=1)
    for region, error in ((REGION, "InternalServerError"), (OTHER_REGION, "ResourceNotFound")):
        with pytest.raises(ClientError, match=error):
            once(aws, "dynamodb", region).put_item(TableName="none", Item={"id": {"S": "1"}})
    assert [row["struck"] for row in faults.state()["faults"]] == [1]
    assert faults.clear(number) == 1
    assert faults.clear(number) == 0


def test_an_error_after_the_effect(aws: LocalAws, faults: Faults) -> None:
    url, _ = queue(aws)
    faults.add(everybody(service="sqs", operation="SendMessage", after=True))
    with pytest.raises(ClientError, match="InternalFailure"):
        once(aws, "sqs").send_message(QueueUrl=url, MessageBody="there")
    got = aws.client("sqs", REGION).receive_message(QueueUrl=url)["Messages"]
    assert [message["Body"] for message in got] == ["there"]


def test_a_connection_that_is_cut(aws: LocalAws, faults: Faults) -> None:
    faults.add(everybody(code="cut"))
    with pytest.raises(ConnectionClosedError):
        once(aws, "dynamodb").list_tables()


def test_latency(aws: LocalAws, faults: Faults) -> None:
    faults.add(everybody(FaultKind.LATENCY, seconds=0.4, service="sqs"))
    started = time.monotonic()
    once(aws, "sqs").list_queues()
    assert time.monotonic() - started >= 0.4


def test_a_throttle_lets_a_rate_by(aws: LocalAws, faults: Faults) -> None:
    faults.add(everybody(FaultKind.THROTTLE, per_second=0.001, service="sqs"))
    client = once(aws, "sqs")
    client.list_queues()
    with pytest.raises(ClientError, match="RequestThrottled"):
        client.list_queues()


def test_a_throttle_s_bucket_holds_a_second_and_fills_again() -> None:
    now = [0.0]
    faults = Faults(clock=lambda: now[0])
    faults.add(everybody(FaultKind.THROTTLE, per_second=5, service="sqs"))
    call = SeenCall(service="sqs", operation="ListQueues", region=REGION)

    def passed(calls: int) -> int:
        return sum(not faults.verdict(call).code for _ in range(calls))

    assert passed(20) == 5
    now[0] += 0.5
    assert passed(20) == 2
    now[0] += 60
    assert passed(20) == 5


def pattern(seed: int) -> list[bool]:
    faults = Faults()
    faults.add(Fault(FaultKind.EDGE, edge="rule->machine", rate=0.3, seed=seed))
    return [bool(faults.edge_fails("rule->machine", REGION)) for _ in range(200)]


def test_the_seed_decides() -> None:
    assert pattern(1) == pattern(1) != pattern(2)
    assert 30 <= sum(pattern(1)) <= 90


CALLER = """
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
def handler(event, context):
    try:
        boto3.client("sqs", config=Config(retries={"total_max_attempts": 1})).list_queues()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "fine"
"""


def test_only_our_own_calls_unless_all_are_meant(aws: LocalAws, faults: Faults) -> None:
    arn = function(aws, CALLER)
    faults.add(Fault(FaultKind.ERROR, service="sqs"))
    once(aws, "sqs").list_queues()
    reply = aws.client("lambda", REGION).invoke(FunctionName=arn, Payload=b"{}")
    assert json.loads(reply["Payload"].read()) == "InternalFailure"


def test_a_dark_region_refuses_and_another_does_not(aws: LocalAws, faults: Faults) -> None:
    dark = faults.add(Fault(FaultKind.DARK, region=OTHER_REGION))
    with pytest.raises(ConnectionClosedError):
        once(aws, "sqs", OTHER_REGION).list_queues()
    once(aws, "sqs").list_queues()
    faults.clear(dark)
    once(aws, "sqs", OTHER_REGION).list_queues()


def test_a_dark_region_hangs(aws: LocalAws, faults: Faults) -> None:
    faults.add(Fault(FaultKind.DARK, region=OTHER_REGION, how=How.HANG))
    with pytest.raises(ReadTimeoutError):
        once(aws, "sqs", OTHER_REGION, IMPATIENT).list_queues()


def test_an_app_without_credentials_meets_the_dark_too(aws: LocalAws, faults: Faults) -> None:
    pool = TestPool(aws, OTHER_REGION)
    faults.add(Fault(FaultKind.DARK, region=OTHER_REGION))
    with pytest.raises(ConnectionClosedError):
        once(aws, "cognito-idp").sign_up(ClientId=pool.client, Username="ann", Password=PASSWORD)


def test_the_control_interface(aws: LocalAws, faults: Faults) -> None:
    remote = RemoteFaults(aws.endpoint)
    number = remote.add(Fault(FaultKind.DARK, region=OTHER_REGION))
    (row,) = remote.state()["faults"]
    assert row == {"id": number, "struck": 0, "kind": "dark", "region": OTHER_REGION}
    assert remote.clear(number) == 1
    assert remote.state()["faults"] == []
    assert remote.clear() == 0
    with pytest.raises(FaultError, match="no local AWS answers"):
        RemoteFaults("http://127.0.0.1:9").state()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, "not a valid FaultKind"),
        ({"kind": "error", "rate": 2}, "share between 0 and 1"),
        ({"kind": "error", "rate": "often"}, "could not convert"),
        ({"kind": "error", "colour": "red"}, "has no colour"),
        ({"kind": "latency"}, "needs seconds"),
        ({"kind": "throttle"}, "needs per_second"),
        ({"kind": "dark"}, "no pattern"),
        ({"kind": "edge", "edge": "bus->moon"}, "an edge is one of"),
        ({"kind": "kill", "seconds": -1}, "negative"),
    ],
)
def test_what_is_no_fault(data: dict[str, Any], reason: str) -> None:
    with pytest.raises(FaultError, match=reason):
        Fault.of(data)


def test_names_people_use_for_services() -> None:
    assert Fault.of({"kind": "error", "service": "stepfunctions"}).service == "states"


def test_replication_to_a_dark_region_waits_and_arrives(aws: LocalAws, faults: Faults) -> None:
    name, here, there = (
        unique("table"),
        *(aws.client("dynamodb", r) for r in (REGION, OTHER_REGION)),
    )
    here.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    here.update_table(TableName=name, ReplicaUpdates=[{"Create": {"RegionName": OTHER_REGION}}])
    for lost in (
        Fault(FaultKind.DARK, region=OTHER_REGION),
        Fault(FaultKind.EDGE, edge="table->replica", region=OTHER_REGION),
    ):
        key = {"id": {"S": lost.kind}}
        number = faults.add(lost)
        for version in "123":
            here.put_item(TableName=name, Item={**key, "version": {"S": version}})
        if lost.kind is FaultKind.EDGE:
            assert "Item" not in there.get_item(TableName=name, Key=key)
        faults.clear(number)
        item = eventually(partial(item_of, there, name, key))
        assert item["version"] == {"S": "3"}
