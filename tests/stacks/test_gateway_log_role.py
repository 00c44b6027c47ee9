"""Whoever logs through API Gateway already goes on doing so, whatever our stack does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tasks.gateway_log_role import ATTEMPTS, PAUSE_SECONDS, settle

OURS = "arn:aws:iam::111111111111:role/standby-us-east-1-AdminApiLogRole-AB"
OTHER = "arn:aws:iam::111111111111:role/path/theirs"


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "any")


@dataclass
class Account:
    """API Gateway's setting and IAM's roles; the role is not assumable for the first `fresh` calls,
    and as many as `crowded` after them are throttled. `forbidden`: what GetRole answers instead."""

    role: str = ""
    roles: tuple[str, ...] = ("theirs", "standby-us-east-1-AdminApiLogRole-AB")
    fresh: int = 0
    crowded: int = 0
    forbidden: str = ""
    written: list[str] = field(default_factory=list)

    def get_account(self) -> dict[str, str]:
        return {"cloudwatchRoleArn": self.role} if self.role else {}

    def update_account(self, patchOperations: list[dict[str, Any]]) -> None:  # noqa: N803
        self.written.append("try")
        if len(self.written) <= self.fresh:
            raise refused("BadRequestException")
        if len(self.written) <= self.fresh + self.crowded:
            raise refused("TooManyRequestsException")
        (change,) = patchOperations
        assert (change["op"], change["path"]) == ("replace", "/cloudwatchRoleArn")
        self.role = change["value"]

    def get_role(self, RoleName: str) -> None:  # noqa: N803
        if self.forbidden:
            raise refused(self.forbidden)
        if RoleName not in self.roles:
            raise refused("NoSuchEntity")


@pytest.mark.parametrize(
    ("account", "used"),
    [
        (Account(), OURS),
        (Account(OURS), OURS),
        (Account(OTHER), OTHER),
        (Account(OTHER, roles=()), OURS),
        (Account(OTHER, roles=(), forbidden="AccessDenied"), OTHER),
        (Account(fresh=3), OURS),
        (Account(fresh=1, crowded=2), OURS),
    ],
    ids=[
        *("none", "ours", "others'", "others' that is gone", "one not to be asked about", "fresh"),
        "others set it, too",
    ],
)
def test_the_role_that_is_there_is_kept(account: Account, used: str) -> None:
    assert settle(account, account, OURS, pause=0) == used
    assert account.role == used


def test_a_role_that_is_there_is_not_even_written_again() -> None:
    account = Account(OTHER)
    settle(account, account, OURS, pause=0)
    assert account.written == []


def test_a_role_that_is_never_taken_is_an_error() -> None:
    account = Account(fresh=ATTEMPTS)
    with pytest.raises(ClientError):
        settle(account, account, OURS, pause=0)
    assert account.role == ""


def test_the_attempts_keep_to_the_quota_and_to_the_time() -> None:
    """UpdateAccount: one request in 20 seconds for an account, which cannot be raised ("Amazon API
    Gateway quotas", developer guide). The function has two minutes, the answer among them."""
    assert PAUSE_SECONDS > 20
    assert (ATTEMPTS - 1) * PAUSE_SECONDS < 100
