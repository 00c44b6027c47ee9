"""Pools made anew, by Cognito's API, Lambda's and AWS WAF's; with the caller's own rights."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from cognito_standby.configuration.adapters.asking import NOT_THERE
from cognito_standby.configuration.domain.making import RESTORED_FROM, WEB_ACL
from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.domain.errors import RefusedByPoolError, StandbyError

_PAGE = 60
_GONE = ("ResourceNotFoundException", "AccessDeniedException")
_REFUSALS: Mapping[str, type[StandbyError]] = dict.fromkeys(
    (
        *("DuplicateProviderException", "FeatureUnavailableInTierException"),
        *("GroupExistsException", "InvalidEmailRoleAccessPolicyException"),
        *("InvalidOAuthFlowException", "InvalidSmsRoleAccessPolicyException"),
        *("InvalidSmsRoleTrustRelationshipException", "ManagedLoginBrandingExistsException"),
        *("ResourceNotFoundException", "ScopeDoesNotExistException", "TermsExistsException"),
        *("UnsupportedIdentityProviderException", "UserPoolAddOnNotEnabledException"),
        *("UserPoolTaggingException", "WAFInvalidParameterException"),
        "WAFNonexistentItemException",
    ),
    RefusedByPoolError,
)
"""Beside those that every call knows: what is given cannot be made."""
_IDS = (("UserPoolClient", "ClientId"),)


class CognitoPoolMaker:
    """PoolMaker."""

    def __init__(self, cognito: Any, functions: Any, waf: Any, arn: str) -> None:
        """`arn`: of any pool here, up to its id."""
        self._cognito, self._functions, self._waf, self._arn = cognito, functions, waf, arn

    def is_there(self, user_pool_id: str) -> bool:
        """DescribeUserPool: of another account's it says as well that it is not there."""
        return bool(self._described(user_pool_id))

    def made_from(self, source: str, name: str) -> str:
        """ListUserPools, all pages, and a DescribeUserPool for each pool of that name; of two the
        older. One that may not be looked at is no "there is none", or each run would make one."""
        for pool, _ in sorted(self._pools(name), key=lambda each: each[1]):
            described = self._described(pool)
            if (described.get("UserPoolTags") or {}).get(RESTORED_FROM) == source:
                return pool
        return ""

    def create_pool(self, request: Mapping[str, Any]) -> str:
        """CreateUserPool."""
        with translated(_REFUSALS):
            return str(self._cognito.create_user_pool(**request)["UserPool"]["Id"])

    def call(self, operation: str, user_pool_id: str, request: Mapping[str, Any]) -> str:
        """That operation."""
        with translated(_REFUSALS):
            if operation == WEB_ACL:
                self._waf.associate_web_acl(**request, ResourceArn=self._arn + user_pool_id)
                return ""
            made = getattr(self._cognito, xform_name(operation))
            answer = made(UserPoolId=user_pool_id, **request)
        return next((str(answer[outer][inner]) for outer, inner in _IDS if outer in answer), "")

    def missing_functions(self, arns: Collection[str]) -> Sequence[str]:
        """GetFunctionConfiguration for each."""
        missing = []
        for arn in sorted(arns):
            with translated():
                try:
                    self._functions.get_function_configuration(FunctionName=arn)
                except ClientError as error:
                    if code_of(error) not in _GONE:
                        raise
                    missing.append(arn)
        return missing

    def holder_of(self, domain: str) -> str:
        """DescribeUserPoolDomain: another account's is not told."""
        with translated():
            answer = self._cognito.describe_user_pool_domain(Domain=domain)
        return str((answer.get("DomainDescription") or {}).get("UserPoolId") or "")

    def _described(self, user_pool_id: str) -> Mapping[str, Any]:
        """Empty: it is not there."""
        with translated():
            try:
                answer = self._cognito.describe_user_pool(UserPoolId=user_pool_id)
            except ClientError as error:
                if code_of(error) != NOT_THERE:
                    raise
                return {}
        told: Mapping[str, Any] = answer["UserPool"]
        return told

    def _pools(self, name: str) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        request: dict[str, Any] = {"MaxResults": _PAGE}
        while True:
            with translated():
                page = self._cognito.list_user_pools(**request)
            found += [
                (str(each["Id"]), each["CreationDate"])
                for each in page["UserPools"]
                if each["Name"] == name
            ]
            if not page.get("NextToken"):
                return found
            request["NextToken"] = page["NextToken"]
