"""A pool's triggers, and the functions that stand in them, for a person at a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.adoption.adapters.looks import looking
from cognito_standby.adoption.domain.pool_update import PoolSettings, lost_on_the_way
from cognito_standby.adoption.domain.rules.triggers import permits
from cognito_standby.adoption.ports import NotSeenError
from cognito_standby.core.adapters.aws_errors import code_of
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.triggers.settings import owner_told

_RAW = "before-parse.cognito-identity-provider.DescribeUserPool"
"""Event of the SDK with an answer as it came. The parser drops members that its model lacks, and
UpdateUserPool would set them back."""
_MFA_SENT = (
    *("SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration"),
    *("MfaConfiguration", "WebAuthnConfiguration"),
)
"""What SetUserPoolMfaConfig takes."""


class CognitoSettings:
    """`ports.SettingsOfPool`."""

    def __init__(self, connection: Connection, region: str, user_pool_id: str) -> None:
        self._client = connection.client("cognito-idp", region)
        self._pool = user_pool_id
        self._raw: dict[str, Any] = {}
        self._client.meta.events.register(_RAW, self._keep)

    def _keep(self, response_dict: Mapping[str, Any], **_: Any) -> None:
        body = response_dict.get("body") or b"{}"
        self._raw = json.loads(body).get("UserPool") or {}

    def described(self) -> PoolSettings:
        """Two requests."""
        with looking():
            read = self._client.describe_user_pool(UserPoolId=self._pool)["UserPool"]
            mfa = self._client.get_user_pool_mfa_config(UserPoolId=self._pool)
        told = {name: value for name, value in mfa.items() if name != "ResponseMetadata"}
        return PoolSettings(read, told, tuple(lost_on_the_way(self._raw, read)))

    def update(self, request: Mapping[str, Any]) -> None:
        """One request."""
        with looking():
            self._client.update_user_pool(**request)

    def set_mfa(self, mfa: Mapping[str, Any]) -> None:
        """One request."""
        told = {name: value for name, value in mfa.items() if name in _MFA_SENT}
        with looking():
            self._client.set_user_pool_mfa_config(UserPoolId=self._pool, **told)


class LambdaFunctions:
    """`ports.Functions`."""

    def __init__(self, connection: Connection, region: str) -> None:
        self._client = connection.client("lambda", region)

    def asked_by(self, arn: str) -> str:
        """By what the deployment tells it. MisconfiguredError: that cannot be read."""
        with looking():
            told = self._client.get_function_configuration(FunctionName=arn)
        return owner_told(told.get("Environment", {}).get("Variables", {}))

    def is_gone(self, arn: str) -> bool:
        """GetFunctionConfiguration, with an alias or a version, too."""
        try:
            with looking():
                try:
                    self._client.get_function_configuration(FunctionName=arn)
                except ClientError as error:
                    return code_of(error) == "ResourceNotFoundException"
        except NotSeenError:
            return False
        return False

    def lets_in(self, arn: str, user_pool_arn: str) -> bool:
        """By its policy; a function without one lets nobody in."""
        with looking():
            try:
                told = self._client.get_policy(FunctionName=arn)
            except ClientError as error:
                if code_of(error) == "ResourceNotFoundException":
                    return False
                raise
        return permits(json.loads(told["Policy"]).get("Statement"), user_pool_arn)
