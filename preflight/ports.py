"""What a preflight looks up in an account. It changes nothing there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class NotSeenError(Exception):
    """It could not be looked up; the text says why, without anybody's data."""


class NotAllowedError(NotSeenError):
    """The caller may not look."""


class NoCredentialsError(NotSeenError):
    """There is nobody to ask as: no credentials, or none that AWS takes."""


@dataclass(frozen=True)
class Caller:
    """Who asks."""

    account: str
    arn: str


@dataclass(frozen=True)
class Sending:
    """A Region's SES: out of the sandbox or not, and how many mails a day."""

    production: bool
    enabled: bool
    mails_a_day: float


@dataclass(frozen=True)
class Key:
    """A KMS key. `policy` is the parsed key policy."""

    enabled: bool
    symmetric: bool
    policy: Mapping[str, Any]


@dataclass(frozen=True)
class Stack:
    """A stack that is there."""

    name: str
    status: str
    protected: bool


class Account(Protocol):
    """Every method raises a NotSeenError when it cannot tell."""

    def caller(self) -> Caller:
        """Whose credentials these are."""

    def bootstrap_version(self, region: str, qualifier: str) -> int | None:
        """Of CDK's bootstrap stack; None: not bootstrapped."""

    def lambda_concurrency(self, region: str) -> int:
        """Invocations that the account may have at once."""

    def cognito_quotas(self, region: str) -> Mapping[str, float]:
        """Category, such as UserCreation -> requests a second; those that Service Quotas tells."""

    def mail_identity_verified(self, region: str, identity: str) -> bool | None:
        """Whether SES may send with it; None: there is no such identity."""

    def mail_sending(self, region: str) -> Sending:
        """SES of the Region."""

    def has_configuration_set(self, region: str, name: str) -> bool:
        """Whether SES knows it."""

    def sms_sandbox(self, region: str) -> bool:
        """Whether SNS sends to verified numbers only."""

    def gateway_log_role(self, region: str) -> str | None:
        """ARN of the role by which API Gateway writes logs, of all APIs of the account there."""

    def key(self, arn: str) -> Key | None:
        """A KMS key; None: there is none."""

    def subscribers(self, topic_arn: str) -> int | None:
        """Confirmed subscriptions of a topic; None: there is no such topic."""

    def stack(self, region: str, name: str) -> Stack | None:
        """A stack; None: there is none."""

    def has_table(self, region: str, name: str) -> bool:
        """Whether there is a table of this name."""

    def has_bucket(self, region: str, name: str) -> bool:
        """Whether the account has a bucket of this name."""

    def pools_named(self, region: str, name: str) -> Sequence[str]:
        """Ids of the user pools of this name."""

    def pool_triggers(self, region: str, pool: str) -> Mapping[str, str] | None:
        """Trigger -> ARN of its function, of a user pool; None: there is no such pool."""
