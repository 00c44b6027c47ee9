"""Looking things up in AWS for the doctor."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cognito_standby.adoption.ports import Caller, IamUser, NotSeenError
from cognito_standby.core.adapters.aws_errors import code_of, said_by
from cognito_standby.operator.adapters.connection import Connection

_PATIENT = Config(
    connect_timeout=2, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 2}
)
_DENIED = ("AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation")
_CATEGORY = re.compile(r"^Rate of (\w+) requests$")
"""Names of Cognito's rate quotas in Service Quotas."""
_IAM_AT = "us-east-1"
"""IAM's control plane; with it dark, what is about roles and users is not known."""


@contextmanager
def looking(right: str = "") -> Iterator[None]:
    """SDK errors in the words of the port. Codes only: a message can quote what was asked."""
    try:
        yield
    except ClientError as error:
        code = code_of(error)
        needs = right if code in _DENIED else ""
        told = said_by(error)
        if right and code.isdigit():
            told += f". On AWS it takes {right}"
        raise NotSeenError(told, needs) from None
    except BotoCoreError as error:
        raise NotSeenError(type(error).__name__) from None


class AwsLooks:
    """`ports.AccountLooks`. What fails for want of the thing answers None."""

    def __init__(self, connection: Connection) -> None:
        self._connection = replace(connection, config=_PATIENT)

    def _ask(
        self, right: str, service: str, region: str, operation: str, *absent: str, **asked: Any
    ) -> Mapping[str, Any] | None:
        """An answer; None: an error whose code is one of `absent`. NotSeenError."""
        with looking(right):
            client = self._connection.client(service, region)
            try:
                answer: Mapping[str, Any] = getattr(client, operation)(**asked)
            except ClientError as error:
                if code_of(error) in absent:
                    return None
                raise
        return answer

    def _pages(
        self, right: str, service: str, region: str, operation: str, **asked: Any
    ) -> Iterator[Mapping[str, Any]]:
        token: dict[str, str] = {}
        while True:
            told = self._ask(right, service, region, operation, **asked, **token) or {}
            yield told
            if not told.get("NextToken"):
                return
            token = {"NextToken": told["NextToken"]}

    def caller(self, region: str) -> Caller:
        """GetCallerIdentity needs no right."""
        told = self._ask("", "sts", region, "get_caller_identity") or {}
        return Caller(str(told.get("Account", "")), str(told.get("Arn", "")))

    def sts(self) -> str:
        """As the SDK reads the environment and its configuration file."""
        with looking():
            return self._connection.sts_endpoints()

    def function(self, arn: str) -> Sequence[Mapping[str, Any]] | None:
        """A function without a policy, and one that is not there, are answered alike."""
        region, absent = arn.split(":")[3], "ResourceNotFoundException"
        told = self._ask(
            "lambda:GetPolicy", "lambda", region, "get_policy", absent, FunctionName=arn
        )
        if told is not None:
            return list(json.loads(told["Policy"]).get("Statement", ()))
        right, operation = "lambda:GetFunctionConfiguration", "get_function_configuration"
        there = self._ask(right, "lambda", region, operation, absent, FunctionName=arn)
        return None if there is None else []

    def key(self, arn: str) -> str | None:
        """In the key's own Region."""
        region, right = arn.split(":")[3], "kms:DescribeKey"
        told = self._ask(right, "kms", region, "describe_key", "NotFoundException", KeyId=arn)
        return str(told["KeyMetadata"]["KeyState"]) if told else None

    def quotas(self, region: str) -> Mapping[str, float]:
        """By category."""
        right, operation = "servicequotas:ListServiceQuotas", "list_service_quotas"
        return {
            named[1]: float(quota["Value"])
            for told in self._pages(
                right, "service-quotas", region, operation, ServiceCode="cognito-idp"
            )
            for quota in told["Quotas"]
            if (named := _CATEGORY.match(quota.get("QuotaName", "")))
        }

    def mail_sending(self, region: str) -> Mapping[str, Any]:
        """SES, version 2."""
        told = self._ask("ses:GetAccount", "sesv2", region, "get_account") or {}
        return {
            "production": bool(told.get("ProductionAccessEnabled")),
            "enabled": bool(told.get("SendingEnabled")),
            "mails_a_day": float(told.get("SendQuota", {}).get("Max24HourSend", 0)),
        }

    def mail_identity(self, region: str, identity: str) -> bool | None:
        """SES, version 2."""
        told = self._ask(
            *("ses:GetEmailIdentity", "sesv2", region, "get_email_identity", "NotFoundException"),
            EmailIdentity=identity,
        )
        return bool(told.get("VerifiedForSendingStatus")) if told else None

    def sms_sandbox(self, region: str) -> bool:
        """SNS knows, although AWS End User Messaging sends."""
        right, operation = "sns:GetSMSSandboxAccountStatus", "get_sms_sandbox_account_status"
        return bool((self._ask(right, "sns", region, operation) or {}).get("IsInSandbox"))

    def trails(self, region: str) -> Sequence[str]:
        """Those of other Regions that are for all are told here, too."""
        told = self._ask("cloudtrail:DescribeTrails", "cloudtrail", region, "describe_trails")
        found = [str(each["TrailARN"]) for each in (told or {}).get("trailList", ())]
        return [arn for arn in found if self._is_on(region, arn) and self._writes(region, arn)]

    def _is_on(self, region: str, arn: str) -> bool:
        right, absent = "cloudtrail:GetTrailStatus", "TrailNotFoundException"
        told = self._ask(right, "cloudtrail", region, "get_trail_status", absent, Name=arn)
        return bool((told or {}).get("IsLogging"))

    def _writes(self, region: str, arn: str) -> bool:
        right, absent = "cloudtrail:GetEventSelectors", "TrailNotFoundException"
        told = self._ask(right, "cloudtrail", region, "get_event_selectors", absent, TrailName=arn)
        return told is not None and _brings_writes(told)

    def identity_pools(self, region: str) -> Mapping[str, Sequence[str]]:
        """One request for each pool."""
        service, right = "cognito-identity", "cognito-identity:ListIdentityPools"
        found: dict[str, Sequence[str]] = {}
        for page in self._pages(right, service, region, "list_identity_pools", MaxResults=60):
            for each in page["IdentityPools"]:
                told = self._ask(
                    *("cognito-identity:DescribeIdentityPool", service, region),
                    *("describe_identity_pool", "ResourceNotFoundException"),
                    IdentityPoolId=each["IdentityPoolId"],
                )
                takes = (told or {}).get("CognitoIdentityProviders") or ()
                found[str(each["IdentityPoolName"])] = [
                    f"{one['ProviderName']}:{one['ClientId']}" for one in takes
                ]
        return found

    def trusted(self, role: str) -> Mapping[str, Any] | None:
        """The AWS principals whom it lets assume it."""
        told = self._ask("iam:GetRole", "iam", _IAM_AT, "get_role", "NoSuchEntity", RoleName=role)
        if told is None:
            return None
        policy = told["Role"]["AssumeRolePolicyDocument"]
        parsed = policy if isinstance(policy, Mapping) else json.loads(policy)
        return {"arn": str(told["Role"]["Arn"]), "principals": sorted(_principals(parsed))}

    def user(self, arn: str, role_arn: str) -> IamUser | None:
        """Its keys by their state; what it may by IAM's own simulation."""
        name = {"UserName": arn.rsplit("/", 1)[-1]}
        at = ("iam", _IAM_AT)
        told = self._ask("iam:ListAccessKeys", *at, "list_access_keys", "NoSuchEntity", **name)
        if told is None:
            return None
        active = [each for each in told["AccessKeyMetadata"] if each.get("Status") == "Active"]
        return IamUser(len(active), self._may(arn, role_arn))

    def _may(self, arn: str, role_arn: str) -> bool | None:
        try:
            told = self._ask(
                *("iam:SimulatePrincipalPolicy", "iam", _IAM_AT, "simulate_principal_policy"),
                PolicySourceArn=arn,
                ActionNames=["sts:AssumeRole"],
                ResourceArns=[role_arn],
            )
        except NotSeenError:
            return None
        results = (told or {}).get("EvaluationResults", ())
        return any(each.get("EvalDecision") == "allowed" for each in results)


def _brings_writes(selectors: Mapping[str, Any]) -> bool:
    """CloudTrail user guide, "Logging management events": the basic selectors, or the advanced."""
    basic = any(
        each.get("IncludeManagementEvents", True)
        and each.get("ReadWriteType", "All") in ("All", "WriteOnly")
        for each in selectors.get("EventSelectors") or ()
    )
    return basic or any(map(_selects_writes, selectors.get("AdvancedEventSelectors") or ()))


def _selects_writes(selector: Mapping[str, Any]) -> bool:
    fields = {each["Field"]: each for each in selector.get("FieldSelectors") or ()}
    management = "Management" in fields.get("eventCategory", {}).get("Equals", ())
    return management and "true" not in fields.get("readOnly", {}).get("Equals", ())


def _principals(policy: Mapping[str, Any]) -> Iterator[str]:
    for statement in policy.get("Statement", ()):
        told = (statement.get("Principal") or {}).get("AWS", ())
        yield from (told,) if isinstance(told, str) else map(str, told)
