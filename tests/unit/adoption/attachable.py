"""Twins of a pool that keeps what it is sent, and of the installation's functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cognito_standby.adoption.domain.attachment import SLOTS
from cognito_standby.adoption.domain.pool_update import RENAMED, SENT, PoolSettings
from cognito_standby.adoption.ports import NotSeenError
from cognito_standby.adoption.services.attaching import Installed

ARN = "arn:aws:cognito-idp:us-east-1:111111111111:userpool/us-east-1_a"
OURS = {task: f"arn:ours:{task}" for task in SLOTS}
SIDE = Installed("us-east-1", "us-east-1_a", OURS, fenced=True)
TWO_FACTORS = {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}}


class Pool:
    """`set_back`: as UpdateUserPool does it, what is not sent is gone."""

    def __init__(self, **fields: Any) -> None:
        self.fields: dict[str, Any] = {"Id": "us-east-1_a", "Name": "people", "Arn": ARN, **fields}
        self.mfa: Mapping[str, Any] = TWO_FACTORS
        self.updates = 0
        self.meanwhile: list[Callable[[Pool], None]] = []
        self.spoils = False
        self.trouble: set[str] = set()
        """What fails: `update` before it is done, `answer` of one after it, `look` after one, and
        `mfa`."""

    def described(self) -> PoolSettings:
        if self.meanwhile:
            self.meanwhile.pop(0)(self)
        if "look" in self.trouble and self.updates:
            raise NotSeenError("DescribeUserPool: TooManyRequestsException")
        return PoolSettings(dict(self.fields), self.mfa)

    def update(self, request: Mapping[str, Any]) -> None:
        self.updates += 1
        if "update" in self.trouble:
            raise NotSeenError("UpdateUserPool: AccessDeniedException")
        facts = {name: value for name, value in self.fields.items() if name not in SENT}
        sent = {name: value for name, value in request.items() if name in SENT}
        self.fields = {**facts, **sent, "Name": request[RENAMED["Name"]]}
        if self.spoils:
            self.mfa = {"MfaConfiguration": "OFF"}
        if "answer" in self.trouble:
            raise NotSeenError("ReadTimeoutError")

    def set_mfa(self, mfa: Mapping[str, Any]) -> None:
        if "mfa" in self.trouble:
            raise NotSeenError("SetUserPoolMfaConfig: AccessDeniedException")
        self.mfa = mfa


class Functions:
    """`asks`: ours -> the owner's. `closed`: whom Cognito may not call; `gone`: a function that is
    not there."""

    def __init__(
        self, asks: Mapping[str, str] | None = None, closed: str = "", gone: str = ""
    ) -> None:
        self.asks, self.closed, self.gone = asks or {}, closed, gone

    def is_gone(self, arn: str) -> bool:
        return arn == self.gone

    def asked_by(self, arn: str) -> str:
        return self.asks.get(arn, "")

    def lets_in(self, arn: str, user_pool_arn: str) -> bool:
        assert user_pool_arn == ARN
        return arn != self.closed
