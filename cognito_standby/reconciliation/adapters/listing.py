"""The listings of a user pool through the Cognito API.

None of these operations makes a monthly active user. Sources: API reference of ListUsers,
ListUsersInGroup, ListGroups and DescribeUserPool.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.adapters.cognito import group_from, schema_from, user_from
from cognito_standby.core.adapters.sign_in_rules import sign_in_rules
from cognito_standby.core.domain.groups import Roles
from cognito_standby.core.domain.pools import PoolSchema
from cognito_standby.core.domain.sign_in import SignInRules
from cognito_standby.reconciliation.ports import GroupPage, ListingExpiredError, UserPage

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

_PAGE = 60
"""The most that any of these operations gives at once."""

_TOKEN_REFUSED = frozenset({"InvalidParameterException", "NotAuthorizedException"})
"""What Cognito answers to a token that it does not take. The API reference says only that a token
lives for an hour and goes with its own request; InvalidParameterException is what others met
(aws-solutions/research-service-workbench-on-aws, pull request 1103). NotAuthorizedException is a
guess, harmless here: without the permission the first page, which has no token, fails as well."""


class CognitoPoolListing:
    """PoolListing on one user pool. `roles`: what its groups' IAM roles are called."""

    def __init__(
        self,
        client: CognitoIdentityProviderClient,
        user_pool_id: str,
        roles: Roles | None = None,
    ) -> None:
        self._client, self._pool, self._roles = client, user_pool_id, roles or {}

    def schema(self) -> PoolSchema:
        """DescribeUserPool."""
        return schema_from(self._describe(), self._roles)

    def estimated_users(self) -> int:
        """DescribeUserPool."""
        return int(self._describe().get("EstimatedNumberOfUsers", 0))

    def sign_in_rules(self) -> SignInRules:
        """DescribeUserPool and GetUserPoolMfaConfig."""
        pool = self._describe()
        with translated():
            return sign_in_rules(pool, self._client.get_user_pool_mfa_config(UserPoolId=self._pool))

    def list_users(self, prefix: str, token: str) -> UserPage:
        """ListUsers. No AttributesToGet: one that a user lacks is an error there."""
        request: dict[str, Any] = {"UserPoolId": self._pool, "Limit": _PAGE}
        if prefix:
            request["Filter"] = f'sub ^= "{prefix}"'
        if token:
            request["PaginationToken"] = token
        with _paging(token):
            answer = self._client.list_users(**request)
        return _user_page(answer, "PaginationToken")

    def list_groups(self, token: str) -> GroupPage:
        """ListGroups."""
        request: dict[str, Any] = {"UserPoolId": self._pool, "Limit": _PAGE}
        if token:
            request["NextToken"] = token
        with _paging(token):
            answer = self._client.list_groups(**request)
        groups = [group_from(raw, self._roles) for raw in answer["Groups"]]
        return GroupPage(groups, answer.get("NextToken") or "")

    def list_members(self, group: str, token: str) -> UserPage:
        """ListUsersInGroup."""
        request: dict[str, Any] = {"UserPoolId": self._pool, "GroupName": group, "Limit": _PAGE}
        if token:
            request["NextToken"] = token
        with _paging(token):
            try:
                answer = self._client.list_users_in_group(**request)
            except self._client.exceptions.ResourceNotFoundException:
                return UserPage(())
        return _user_page(answer, "NextToken")

    def _describe(self) -> Any:
        with translated():
            return self._client.describe_user_pool(UserPoolId=self._pool)["UserPool"]


def _user_page(answer: Any, token: str) -> UserPage:
    users = [user_from(raw, raw["Attributes"], ()) for raw in answer["Users"]]
    return UserPage(users, answer.get(token) or "")


@contextmanager
def _paging(token: str) -> Iterator[None]:
    """ListingExpiredError where a token is not accepted; every other error as usual."""
    with translated():
        try:
            yield
        except ClientError as error:
            if token and code_of(error) in _TOKEN_REFUSED:
                raise ListingExpiredError(f"{error.operation_name}: {code_of(error)}") from None
            raise
