"""What the owner has before the installation: two pools, with settings that UpdateUserPool would
set back and functions of their own in the triggers, which note each call in the owner's table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from cognito_standby.configuration.adapters.reading import CognitoConfigurationReader
from cognito_standby.core.adapters.system import SystemClock
from tests.adopt.empty_aws import EmptyAws
from tests.local.conftest import document, unique, zipped

CHAINED = ("post_confirmation", "pre_sign_up", "pre_token_generation")
"""Triggers in which ours asks the owner's. Two others stay the owner's alone."""
GROUPS = ("staff", "beta", "nobody")
REFUSAL = "not in this shop"
"""What the owner's PreSignUp says to those whose name begins with REFUSED."""
REFUSED = "refused"
CLAIM = "shop"
_BUSY_SECONDS = 60
_TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
_SOURCE = f'''
import os
import boto3

calls = boto3.client("dynamodb")

def handler(event, context):
    calls.update_item(
        TableName=os.environ["CALLS"],
        Key={{"who": {{"S": event["userName"]}}}},
        UpdateExpression="ADD #source :one",
        ExpressionAttributeNames={{"#source": event["triggerSource"]}},
        ExpressionAttributeValues={{":one": {{"N": "1"}}}},
    )
    if event["triggerSource"] == "PreSignUp_SignUp" and event["userName"].startswith("{REFUSED}"):
        raise Exception("{REFUSAL}")
    if event["triggerSource"].startswith("TokenGeneration"):
        added = {{"claimsToAddOrOverride": {{"{CLAIM}": "theirs"}}}}
        event["response"] = {{"claimsOverrideDetails": added}}
    return event
'''


class Owner:
    """One Region's pool, its app client, and the functions of its triggers."""

    def __init__(self, aws: EmptyAws, region: str) -> None:
        self.aws, self.region = aws, region
        self.cognito = aws.client("cognito-idp", region)
        self.table = unique("calls")
        aws.client("dynamodb", region).create_table(
            TableName=self.table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "who", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "who", "KeyType": "HASH"}],
        )
        role = self._role()
        names = (*CHAINED, "post_authentication", "custom_message")
        self.functions = {name: self._function(role) for name in names}
        self.pool = self._pool()
        self.client: str = self.cognito.create_user_pool_client(
            UserPoolId=self.pool,
            ClientName="app",
            ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )["UserPoolClient"]["ClientId"]
        for number, name in enumerate(GROUPS):
            self.cognito.create_group(UserPoolId=self.pool, GroupName=name, Precedence=number)

    def _role(self) -> str:
        iam, name = self.aws.client("iam", self.region), unique("theirs")
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(_TRUST))
        table = f"arn:aws:dynamodb:{self.region}:{self.aws.account}:table/{self.table}"
        may = {"Effect": "Allow", "Action": "dynamodb:UpdateItem", "Resource": table}
        iam.put_role_policy(RoleName=name, PolicyName="notes", PolicyDocument=document(may))
        return str(arn["Role"]["Arn"])

    def _function(self, role: str) -> str:
        client = self.aws.client("lambda", self.region)
        arn = client.create_function(
            FunctionName=unique("theirs"),
            Runtime="python3.13",
            Handler="index.handler",
            Role=role,
            Timeout=_BUSY_SECONDS,
            Environment={"Variables": {"CALLS": self.table}},
            Code={"ZipFile": zipped(_SOURCE)},
        )["FunctionArn"]
        client.add_permission(
            FunctionName=arn,
            StatementId="cognito",
            Action="lambda:InvokeFunction",
            Principal="cognito-idp.amazonaws.com",
        )
        return str(arn)

    def _pool(self) -> str:
        text = {"AttributeDataType": "String", "Mutable": True}
        limits = {"StringAttributeConstraints": {"MinLength": "0", "MaxLength": "128"}}
        made: str = self.cognito.create_user_pool(
            PoolName=unique("theirs"),
            Schema=[{**text, "Name": name, **limits} for name in ("origin_sub", "plan")],
            UsernameConfiguration={"CaseSensitive": False},
            AutoVerifiedAttributes=["email"],
            EmailVerificationSubject="Your code of the shop",
            UserPoolTags={"owner": "them"},
            Policies={"PasswordPolicy": {"MinimumLength": 12, "RequireUppercase": True}},
            AdminCreateUserConfig={"InviteMessageTemplate": {"EmailSubject": "Come in"}},
            LambdaConfig={
                "PostConfirmation": self.functions["post_confirmation"],
                "PreSignUp": self.functions["pre_sign_up"],
                "PreTokenGeneration": self.functions["pre_token_generation"],
                "PostAuthentication": self.functions["post_authentication"],
                "CustomMessage": self.functions["custom_message"],
            },
        )["UserPool"]["Id"]
        self.cognito.set_user_pool_mfa_config(
            UserPoolId=made,
            SoftwareTokenMfaConfiguration={"Enabled": True},
            MfaConfiguration="OPTIONAL",
        )
        return made

    def settings(self) -> Any:
        """All that is set up in the pool."""
        waf = self.aws.client("wafv2", self.region)
        return (
            CognitoConfigurationReader(self.cognito, waf, SystemClock().now)
            .read(self.pool)
            .sections
        )

    def triggers(self) -> dict[str, Any]:
        """As they are now."""
        told = self.cognito.describe_user_pool(UserPoolId=self.pool)["UserPool"]
        return dict(told.get("LambdaConfig") or {})

    def calls(self) -> Mapping[str, Counter[str]]:
        """Who -> trigger's occasion -> how often the owner's functions were asked."""
        client = self.aws.client("dynamodb", self.region)
        pages = client.get_paginator("scan").paginate(TableName=self.table)
        items = [item for page in pages for item in page["Items"]]
        return {
            item.pop("who")["S"]: Counter({name: int(count["N"]) for name, count in item.items()})
            for item in items
        }
