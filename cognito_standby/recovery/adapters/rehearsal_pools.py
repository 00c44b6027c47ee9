"""The account's user pools, as a rehearsal needs them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.recovery.domain.rehearsal_marks import SeenPool
from cognito_standby.recovery.ports import SIGN_IN_REFUSED, SignIn

_PAGE = 60
_MAY_NOT, _GONE = "AccessDeniedException", "ResourceNotFoundException"
"""A pool without our tag is not ours to look at; another one went meanwhile."""


class CognitoRehearsalPools:
    """RehearsalPools."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def describe(self, user_pool_id: str) -> Mapping[str, Any]:
        """DescribeUserPool."""
        with translated():
            found: Mapping[str, Any] = self._client.describe_user_pool(UserPoolId=user_pool_id)
        told: Mapping[str, Any] = found["UserPool"]
        return told

    def named(self, prefix: str) -> Sequence[SeenPool]:
        """ListUserPools, all pages; DescribeUserPool of those that are called so."""
        found: list[SeenPool] = []
        request: dict[str, Any] = {"MaxResults": _PAGE}
        while True:
            with translated():
                page = self._client.list_user_pools(**request)
            for each in page["UserPools"]:
                if str(each["Name"]).startswith(prefix):
                    told = self.look(each["Id"])
                    found += [replace(told, name=each["Name"])] if told else []
            if not page.get("NextToken"):
                return found
            request["NextToken"] = page["NextToken"]

    def look(self, user_pool_id: str) -> SeenPool | None:
        """DescribeUserPool."""
        with translated():
            try:
                told = self._client.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]
            except ClientError as error:
                if code_of(error) == _MAY_NOT:
                    return SeenPool(user_pool_id, "")
                if code_of(error) == _GONE:
                    return None
                raise
        protected = told.get("DeletionProtection") == "ACTIVE"
        tags = dict(told.get("UserPoolTags") or {})
        return SeenPool(user_pool_id, told["Name"], tags, protected)

    def create(self, request: Mapping[str, Any]) -> str:
        """CreateUserPool."""
        with translated():
            return str(self._client.create_user_pool(**request)["UserPool"]["Id"])

    def create_client(self, user_pool_id: str, request: Mapping[str, Any]) -> str:
        """CreateUserPoolClient."""
        with translated():
            answer = self._client.create_user_pool_client(UserPoolId=user_pool_id, **request)
        return str(answer["UserPoolClient"]["ClientId"])

    def sign_in(self, user_pool_id: str, client_id: str, name: str, password: str) -> SignIn:
        """AdminInitiateAuth. The token comes straight from Cognito, so its signature says nothing
        more."""
        with translated():
            try:
                answer = self._client.admin_initiate_auth(
                    UserPoolId=user_pool_id,
                    ClientId=client_id,
                    AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                    AuthParameters={"USERNAME": name, "PASSWORD": password},
                )
            except ClientError as error:
                if code_of(error) != SIGN_IN_REFUSED:
                    raise
                return SignIn({}, SIGN_IN_REFUSED)
        if challenge := answer.get("ChallengeName"):
            return SignIn({}, str(challenge))
        return SignIn(_claims(str(answer["AuthenticationResult"]["IdToken"])))

    def delete(self, user_pool_id: str) -> None:
        """DeleteUserPool."""
        with translated():
            try:
                self._client.delete_user_pool(UserPoolId=user_pool_id)
            except self._client.exceptions.ResourceNotFoundException:
                return


def _claims(token: str) -> Mapping[str, Any]:
    body = token.split(".")[1]
    told: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return told
