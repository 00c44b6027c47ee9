"""`make cloud-test` leaves nothing of its own behind, and touches nothing of anybody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.emulator import LocalAws
from tests.cloud.cleaning import Cleaner, Client, NotARunError, Thing
from tests.local.conftest import OTHER_REGION, REGION

REGIONS = (REGION, OTHER_REGION)
RUN, NEIGHBOUR = "ct-0a1b2c3d", "ct-ffffffff"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "apigateway.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
LOGS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}],
    }
)
TEMPLATE = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})


def _make(aws: LocalAws, name: str) -> None:
    """What a run makes and a deletion of its stacks may leave, in both Regions."""
    for region in REGIONS:
        aws.client("dynamodb", region).create_table(
            TableName=f"{name}-ledger",
            BillingMode="PAY_PER_REQUEST",
            DeletionProtectionEnabled=True,
            KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        )
        aws.client("cognito-idp", region).create_user_pool(
            PoolName=f"{name}-users", DeletionProtection="ACTIVE"
        )
        s3 = aws.client("s3", region)
        bucket = f"{name}-reconcile-{region}"
        place = {} if region == "us-east-1" else {"LocationConstraint": region}
        s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": place} if place else {}))
        s3.put_object(Bucket=bucket, Key="runs/1/part", Body=b"{}")
        aws.client("logs", region).create_log_group(logGroupName=f"/aws/lambda/{name}-plan_sync")
        aws.client("cloudformation", region).create_stack(
            StackName=f"{name}-{region}", TemplateBody=TEMPLATE
        )
    iam = aws.client("iam", REGION)
    role = f"{name}-{REGION}-AdminApiLogRole"
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName=role, PolicyName="logs", PolicyDocument=LOGS)


def _cleaner(client: Client, name: str) -> Cleaner:
    return Cleaner(client, name, REGIONS, looks_s=1)


@pytest.fixture
def made(aws: LocalAws) -> Iterator[LocalAws]:
    for name in (RUN, NEIGHBOUR):
        _make(aws, name)
    yield aws
    for name in (RUN, NEIGHBOUR):
        _cleaner(aws.client, name).clean()


def _kinds(things: list[Thing]) -> dict[str, int]:
    kinds = [thing.kind for thing in things]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


ALL = {"bucket": 2, "log group": 2, "pool": 2, "role": 1, "stack": 2, "table": 2}


def test_all_of_a_run_goes_and_nothing_else(made: LocalAws) -> None:
    own, other = (_cleaner(made.client, name) for name in (RUN, NEIGHBOUR))
    assert _kinds(own.left()) == ALL
    assert own.clean() == []
    assert own.left() == []
    assert _kinds(other.left()) == ALL
    assert own.clean() == [], "a second time there is nothing to do"


def test_what_cannot_be_removed_is_named_and_stops_nothing(made: LocalAws) -> None:
    def client(service: str, region: str) -> Any:
        real = made.client(service, region)
        return _Refusing(real) if service == "s3" else real

    own = _cleaner(client, RUN)
    failures = own.clean()
    assert failures == [
        f"bucket {RUN}-reconcile-{region} ({region}): RuntimeError" for region in reversed(REGIONS)
    ]
    assert _kinds(_cleaner(made.client, RUN).left()) == {"bucket": 2}


class _Refusing:
    """S3 that keeps every object: the answer is a success with errors in it."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def delete_objects(self, **_: Any) -> dict[str, Any]:
        return {"Errors": [{"Code": "AccessDenied"}]}


@pytest.mark.parametrize("name", ["standby", "ct-", "ct-0a1b2c3", "ct-0a1b2c3d4", "ct-0a1b2c3d-x"])
def test_only_runs_are_cleaned(aws: LocalAws, name: str) -> None:
    with pytest.raises(NotARunError):
        _cleaner(aws.client, name)
