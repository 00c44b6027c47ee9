"""Roles, and a function that calls whatever it is told to, for the tests of enforced rights."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from local.emulator import LocalAws
from tests.local.conftest import REGION, Aws, document, unique, zipped

CALLER = """
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

CONFIG = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})

def handler(event, context):
    client = boto3.client(event["service"], config=CONFIG)
    try:
        getattr(client, event["operation"])(**event["parameters"])
    except ClientError as error:
        told = error.response
        status = told["ResponseMetadata"]["HTTPStatusCode"]
        return {"code": told["Error"]["Code"], "status": status, "text": told["Error"]["Message"]}
    return {"code": "", "status": 200, "text": ""}
"""
_BOTO3 = {"Runtime": "python3.13", "Handler": "index.handler", "Timeout": 300}


LOGS_OF_IMPORTS = [
    f"logs:{action}"
    for action in ("CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "PutLogEvents")
]
"""What the role of docs/import-export.md may do."""


def allow(action: str | list[str], *resources: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": list(resources or ("*",)), **more}


def role(aws: Aws, *statements: dict[str, Any], trusts: str = "lambda", **more: Any) -> str:
    """A role with these statements that one service may assume; returns its ARN."""
    iam, name = aws.client("iam", REGION), unique("role")
    principal = {"Service": f"{trusts}.amazonaws.com"}
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust), **more)
    if statements:
        put_policy(aws, made["Role"]["Arn"], *statements)
    return str(made["Role"]["Arn"])


def put_policy(aws: Aws, role_arn: str, *statements: dict[str, Any]) -> None:
    aws.client("iam", REGION).put_role_policy(
        RoleName=role_arn.rsplit("/", 1)[-1],
        PolicyName="inline",
        PolicyDocument=document(*statements),
    )


def caller(aws: LocalAws, role_arn: str) -> str:
    """A function with this role; returns its ARN."""
    made = aws.client("lambda", REGION).create_function(
        FunctionName=unique("caller"), Role=role_arn, Code={"ZipFile": zipped(CALLER)}, **_BOTO3
    )
    return str(made["FunctionArn"])


@cache
def _patient(endpoint: str, account: str) -> Any:
    """A client of Lambda that waits for a cold start on a busy machine."""
    return boto3.client(
        "lambda",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id=account,
        aws_secret_access_key="local",
        config=Config(read_timeout=300, retries={"total_max_attempts": 1}),
    )


def call(aws: LocalAws, function: str, service: str, operation: str, **given: Any) -> Any:
    """What the function is told: `code` is empty if it was allowed and done."""
    payload = json.dumps({"service": service, "operation": operation, "parameters": given})
    reply = _patient(aws.endpoint, aws.account).invoke(FunctionName=function, Payload=payload)
    told = json.loads(reply["Payload"].read())
    assert "FunctionError" not in reply, told
    return told


def queue(aws: LocalAws) -> tuple[str, str]:
    """A queue without a policy: its URL and ARN."""
    url = aws.client("sqs", REGION).create_queue(QueueName=unique("closed"))["QueueUrl"]
    return url, f"arn:aws:sqs:{REGION}:{aws.account}:{url.rsplit('/', 1)[-1]}"


def messages(aws: LocalAws, url: str) -> Any:
    got = aws.client("sqs", REGION).receive_message(QueueUrl=url, MessageAttributeNames=["All"])
    return got.get("Messages")


def refusals(aws: LocalAws, action: str, resource: str) -> list[str]:
    """Whom the judge has refused this."""
    told = (action, resource)
    rows = aws.rights.state()["refusals"]
    return [row["who"] for row in rows if (row["action"], row["resource"]) == told]
