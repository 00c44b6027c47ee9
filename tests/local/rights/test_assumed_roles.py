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


def _made(aws: LocalAws) -> str:
    """A role that anybody of the account may assume; its ARN."""
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{aws.account}:root"},
        "Action": "sts:AssumeRole",
    }
    name = unique("person")
    made = aws.client("iam", REGION).create_role(
        RoleName=name, AssumeRolePolicyDocument=document(trust)
    )
    return str(made["Role"]["Arn"])


def _session(aws: LocalAws, role_arn: str) -> dict[str, str]:
    told: dict[str, str] = aws.client("sts", REGION).assume_role(
        RoleArn=role_arn, RoleSessionName="ann"
    )["Credentials"]
    return told


def _client(aws: LocalAws, service: str, key: str, secret: str, token: str) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        region_name=REGION,
        endpoint_url=aws.endpoint,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


@pytest.fixture(scope="module")
def assumed(aws: LocalAws) -> Callable[[str], Any]:
    """A client of somebody whose role may make pools with a tag, and work on those alone."""
    arn = _made(aws)
    works = ["cognito-idp:DeleteUserPool", "cognito-idp:DescribeUserPool"]
    pools = f"arn:aws:cognito-idp:{REGION}:{aws.account}:userpool/*"
    asked = {"StringEquals": {"aws:RequestTag/Team": "drills"}}
    has = {"StringEquals": {"aws:ResourceTag/Team": "drills"}}
    may = document(
        allow("cognito-idp:CreateUserPool", Condition=asked),
        allow([*works, "cognito-idp:TagResource"], pools, Condition=has),
    )
    aws.client("iam", REGION).put_role_policy(
        RoleName=arn.rpartition("/")[2], PolicyName="inline", PolicyDocument=may
    )
    told = _session(aws, arn)
    key, secret, token = told["AccessKeyId"], told["SecretAccessKey"], told["SessionToken"]
    return lambda service: _client(aws, service, key, secret, token)


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


def test_a_session_does_nothing_once_its_role_is_gone(aws: LocalAws) -> None:
    arn, there = _made(aws), aws.client("cognito-idp", REGION)
    pool = there.create_user_pool(PoolName="theirs")["UserPool"]["Id"]
    told = _session(aws, arn)
    key, secret, token = told["AccessKeyId"], told["SecretAccessKey"], told["SessionToken"]
    client = _client(aws, "cognito-idp", key, secret, token)
    with refused("AccessDeniedException"):
        client.delete_user_pool(UserPoolId=pool)
    aws.client("iam", REGION).delete_role(RoleName=arn.rpartition("/")[2])
    with refused("AccessDeniedException"):
        client.delete_user_pool(UserPoolId=pool)
    assert there.describe_user_pool(UserPoolId=pool)["UserPool"]["Id"] == pool


def test_a_temporary_key_that_nobody_was_given_does_nothing(aws: LocalAws) -> None:
    client = _client(aws, "cognito-idp", "ASIAAAAAAAAAAAAAAAAA", "secret", "token")
    with refused("AccessDeniedException"):
        client.list_user_pools(MaxResults=1)
