"""Looking things up in AWS. The only module here that knows boto3."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import botocore.session
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    InvalidConfigError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from cognito_standby.core.adapters.aws_errors import code_of, said_by
from cognito_standby.core.adapters.whole_answers import whole
from preflight import ports
from preflight.ports import Caller, Key, NotAllowedError, NotSeenError, Sending, Stack

_PATIENCE = Config(
    connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3}
)
_DENIED = (
    *("AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"),
    *("403", "OptInRequired"),
)
_BAD_CREDENTIALS = (
    *("InvalidClientTokenId", "UnrecognizedClientException", "ExpiredToken"),
    *("ExpiredTokenException", "SignatureDoesNotMatch", "InvalidAccessKeyId"),
)
_NO_CREDENTIALS = (
    *(NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, InvalidConfigError),
    *(TokenRetrievalError, ProfileNotFound, SSOError, UnauthorizedSSOTokenError),
)
_AS_THEY_COME = (EOFError, OSError, ValueError)
"""What the SDK lets through where a profile or a variable of the shell is wrong: a file of a token
or a program that is not there, one that answers no JSON, an address that is none."""
_CATEGORY = re.compile(r"^Rate of (\w+) requests$")
"""Names of Cognito's rate quotas in Service Quotas."""


@contextmanager
def _looking() -> Iterator[None]:
    """SDK errors in the words of the port. Codes only: a message can quote what was asked."""
    try:
        yield
    except _NO_CREDENTIALS as error:
        raise ports.NoCredentialsError(type(error).__name__) from None
    except ClientError as error:
        code = code_of(error)
        if code in _BAD_CREDENTIALS:
            raise ports.NoCredentialsError(code) from None
        kind = NotAllowedError if code in _DENIED else NotSeenError
        raise kind(said_by(error)) from None
    except BotoCoreError as error:
        raise NotSeenError(type(error).__name__) from None
    except _AS_THEY_COME as error:
        told = f"the SDK cannot use a profile or a variable of this shell ({type(error).__name__})"
        raise ports.NoCredentialsError(told) from None


def of_this_shell(
    *, asking: bool, profile: str = "", core: botocore.session.Session | None = None
) -> AwsAccount:
    """The account of the credentials in the environment, or of a profile that is named.
    BotoCoreError: they cannot be used.

    asking  whether somebody can type the code of an MFA device that a profile names; else the SDK
            would wait for it without an end, with nobody there
    """
    core = core or botocore.session.Session(profile=profile or None)
    if not asking:
        provider = core.get_component("credential_provider").get_provider("assume-role")
        provider._prompter = _nobody_answers
    return AwsAccount(Session(botocore_session=core))


def _nobody_answers(_question: str) -> str:
    raise ports.NoCredentialsError("the profile wants the code of an MFA device, and no terminal")


class AwsAccount:
    """`ports.Account` by boto3. A call that fails for want of the thing answers None or False."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._clients: dict[tuple[str, str], Any] = {}

    def _client(self, service: str, region: str) -> Any:
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = whole(
                self._session.client(service, region_name=region, config=_PATIENCE)
            )
        return self._clients[key]

    def _ask(
        self, service: str, region: str, operation: str, *absent: str, **asked: Any
    ) -> Mapping[str, Any] | None:
        """An answer; None: an error whose code is one of `absent`. NotSeenError."""
        with _looking():
            try:
                answer: Mapping[str, Any] = getattr(self._client(service, region), operation)(
                    **asked
                )
            except ClientError as error:
                if code_of(error) in absent:
                    return None
                raise
        return answer

    def _answer(self, service: str, region: str, operation: str, **asked: Any) -> Mapping[str, Any]:
        return self._ask(service, region, operation, **asked) or {}

    def _pages(
        self, service: str, region: str, operation: str, **asked: Any
    ) -> Iterator[Mapping[str, Any]]:
        token: dict[str, str] = {}
        while True:
            told = self._answer(service, region, operation, **asked, **token)
            yield told
            if not told.get("NextToken"):
                return
            token = {"NextToken": told["NextToken"]}

    def caller(self) -> Caller:
        """STS answers in any Region."""
        region = self._session.region_name or "us-east-1"
        told = self._answer("sts", region, "get_caller_identity")
        return Caller(str(told["Account"]), str(told["Arn"]))

    def bootstrap_version(self, region: str, qualifier: str) -> int | None:
        """The CDK keeps it in a parameter."""
        name = f"/cdk-bootstrap/{qualifier}/version"
        told = self._ask("ssm", region, "get_parameter", "ParameterNotFound", Name=name)
        return int(told["Parameter"]["Value"]) if told else None

    def lambda_concurrency(self, region: str) -> int:
        """The limit in force, which Service Quotas may tell later."""
        told = self._answer("lambda", region, "get_account_settings")
        return int(told["AccountLimit"]["ConcurrentExecutions"])

    def cognito_quotas(self, region: str) -> Mapping[str, float]:
        """By category."""
        asked = {"ServiceCode": "cognito-idp"}
        return {
            named[1]: float(quota["Value"])
            for told in self._pages("service-quotas", region, "list_service_quotas", **asked)
            for quota in told["Quotas"]
            if (named := _CATEGORY.match(quota.get("QuotaName", "")))
        }

    def mail_identity_verified(self, region: str, identity: str) -> bool | None:
        """SES, version 2."""
        told = self._ask(
            "sesv2", region, "get_email_identity", "NotFoundException", EmailIdentity=identity
        )
        return bool(told.get("VerifiedForSendingStatus")) if told else None

    def mail_sending(self, region: str) -> Sending:
        """-1 mails a day: no limit."""
        told = self._answer("sesv2", region, "get_account")
        return Sending(
            production=bool(told.get("ProductionAccessEnabled")),
            enabled=bool(told.get("SendingEnabled")),
            mails_a_day=float(told.get("SendQuota", {}).get("Max24HourSend", 0)),
        )

    def has_configuration_set(self, region: str, name: str) -> bool:
        """SES, version 2."""
        absent = "NotFoundException"
        return bool(
            self._ask("sesv2", region, "get_configuration_set", absent, ConfigurationSetName=name)
        )

    def sms_sandbox(self, region: str) -> bool:
        """SNS knows, although AWS End User Messaging sends."""
        return bool(self._answer("sns", region, "get_sms_sandbox_account_status")["IsInSandbox"])

    def gateway_log_role(self, region: str) -> str | None:
        """A setting of the account in the Region."""
        role = self._answer("apigateway", region, "get_account").get("cloudwatchRoleArn")
        return str(role) if role else None

    def key(self, arn: str) -> Key | None:
        """A key and its policy, which is always called `default`."""
        region = arn.split(":")[3]
        told = self._ask("kms", region, "describe_key", "NotFoundException", KeyId=arn)
        if not told:
            return None
        policy = self._answer("kms", region, "get_key_policy", KeyId=arn, PolicyName="default")
        about = told["KeyMetadata"]
        return Key(
            enabled=about.get("KeyState") == "Enabled",
            symmetric=about.get("KeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
            and about.get("KeyUsage") == "ENCRYPT_DECRYPT",
            policy=json.loads(policy["Policy"]),
        )

    def subscribers(self, topic_arn: str) -> int | None:
        """A subscription that waits for its confirmation has no ARN. One page: some are enough."""
        told = self._ask(
            *("sns", topic_arn.split(":")[3], "list_subscriptions_by_topic"),
            *("NotFound", "NotFoundException"),
            TopicArn=topic_arn,
        )
        if told is None:
            return None
        arns = [str(each["SubscriptionArn"]) for each in told["Subscriptions"]]
        return sum(arn.startswith("arn:") for arn in arns)

    def stack(self, region: str, name: str) -> Stack | None:
        """CloudFormation says ValidationError of a stack that is not there."""
        told = self._ask(
            "cloudformation", region, "describe_stacks", "ValidationError", StackName=name
        )
        if not told or not told["Stacks"]:
            return None
        one = told["Stacks"][0]
        return Stack(name, str(one["StackStatus"]), bool(one.get("EnableTerminationProtection")))

    def has_table(self, region: str, name: str) -> bool:
        """Also one that is being made or removed."""
        absent = "ResourceNotFoundException"
        return bool(self._ask("dynamodb", region, "describe_table", absent, TableName=name))

    def has_bucket(self, region: str, name: str) -> bool:
        """A bucket of somebody else's answers 403, and is told as not allowed."""
        absent = ("404", "NoSuchBucket", "NotFound")
        return self._ask("s3", region, "head_bucket", *absent, Bucket=name) is not None

    def pools_named(self, region: str, name: str) -> Sequence[str]:
        """All pools are listed: Cognito finds none by name."""
        return [
            str(pool["Id"])
            for told in self._pages("cognito-idp", region, "list_user_pools", MaxResults=60)
            for pool in told["UserPools"]
            if pool["Name"] == name
        ]

    def pool_triggers(self, region: str, pool: str) -> Mapping[str, str] | None:
        """LambdaConfig. Versioned triggers and senders are no plain ARNs and are left out."""
        absent = "ResourceNotFoundException"
        told = self._ask("cognito-idp", region, "describe_user_pool", absent, UserPoolId=pool)
        if told is None:
            return None
        config = told["UserPool"].get("LambdaConfig") or {}
        return {name: arn for name, arn in config.items() if isinstance(arn, str)}
