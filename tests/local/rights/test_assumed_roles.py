"""Whoever assumed a role by STS is judged by it, tags of user pools included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from local.emulator import LocalAws
from tests.local.conftest import REGION, document, refused, unique
from tests.local.rights.holders import allow

pytestmark = pytest.mark.local_aws
OURS = {"Team": "drills"}
Cognito = Any


@pytest.fixture(scope="module")
def assumed(aws: LocalAws) -> Callable[[str], Any]:
    """A client of somebody whose role may make pools with a tag, and work on those alone."""
    iam, name = aws.client("iam", REGION), unique("person")
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{aws.account}:root"},
        "Action": "sts:AssumeRole",
    }
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))
    works = ["cognito-idp:DeleteUserPool", "cognito-idp:DescribeUserPool"]
    pools = f"arn:aws:cognito-idp:{REGION}:{aws.account}:userpool/*"
    asked = {"StringEquals": {"aws:RequestTag/Team": "drills"}}
    has = {"StringEquals": {"aws:ResourceTag/Team": "drills"}}
    may = document(
        allow("cognito-idp:CreateUserPool", Condition=asked),
        allow([*works, "cognito-idp:TagResource"], pools, Condition=has),
    )
    iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=may)
    told = aws.client("sts", REGION).assume_role(
        RoleArn=made["Role"]["Arn"], RoleSessionName="ann"
    )["Credentials"]

    def client(service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            region_name=REGION,
            endpoint_url=aws.endpoint,
            aws_access_key_id=told["AccessKeyId"],
            aws_secret_access_key=told["SecretAccessKey"],
            aws_session_token=told["SessionToken"],
        )

    return client


@pytest.fixture(scope="module")
def cognito(assumed: Callable[[str], Any]) -> Cognito:
    return assumed("cognito-idp")


def test_only_a_pool_with_the_tag_can_be_made_and_removed(aws: LocalAws, cognito: Cognito) -> None:
    made = cognito.create_user_pool(PoolName="ours", UserPoolTags=OURS)["UserPool"]["Id"]
    assert cognito.describe_user_pool(UserPoolId=made)["UserPool"]["UserPoolTags"] == OURS
    cognito.delete_user_pool(UserPoolId=made)
    for tags in ({}, {"Team": "other"}, {"team": "x", "Other": "drills"}):
        with refused("AccessDeniedException"):
            cognito.create_user_pool(PoolName="not", UserPoolTags=tags)
    there = aws.client("cognito-idp", REGION)
    for tags in ({}, {"Team": "other"}):
        other = there.create_user_pool(PoolName="other", UserPoolTags=tags)["UserPool"]["Id"]
        with refused("AccessDeniedException"):
            cognito.delete_user_pool(UserPoolId=other)
        arn = f"arn:aws:cognito-idp:{REGION}:{aws.account}:userpool/{other}"
        with refused("AccessDeniedException"):
            cognito.tag_resource(ResourceArn=arn, Tags=OURS)
        assert there.describe_user_pool(UserPoolId=other)["UserPool"]["UserPoolTags"] == tags


def test_what_the_role_does_not_name_is_refused(assumed: Callable[[str], Any]) -> None:
    with refused("AccessDeniedException"):
        assumed("dynamodb").get_item(TableName="t", Key={"id": {"S": "x"}})
