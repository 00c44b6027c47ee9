"""What the doctor looks up beside the pools, which changes nothing; and a pool's triggers, which
`attach` and `detach` change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cognito_standby.adoption.domain.pool_update import PoolSettings


class NotSeenError(Exception):
    """It could not be looked up; the text says why, without anybody's data.

    needs  the right that is lacking; empty: it was not for want of a right
    """

    def __init__(self, why: str, needs: str = "") -> None:
        super().__init__(why)
        self.needs = needs


@dataclass(frozen=True)
class Caller:
    """Whose credentials these are."""

    account: str
    arn: str


@dataclass(frozen=True)
class IamUser:
    """An IAM user: how many active access keys, and whether they may assume a role by their own
    policies; None: not known."""

    keys: int
    may: bool | None


class AccountLooks(Protocol):
    """Every method raises NotSeenError where it cannot tell."""

    def caller(self, region: str) -> Caller:
        """By the STS of a Region."""

    def sts(self) -> str:
        """`regional` or `legacy`: which STS this machine's tools ask."""

    def function(self, arn: str) -> Sequence[Mapping[str, Any]] | None:
        """Statements of a function's policy; None: there is no such function."""

    def key(self, arn: str) -> str | None:
        """State of a KMS key, such as Enabled; None: there is no such key."""

    def quotas(self, region: str) -> Mapping[str, float]:
        """Category of Cognito's, such as UserCreation -> requests a second."""

    def mail_sending(self, region: str) -> Mapping[str, Any]:
        """`production`, `enabled`, `mails_a_day` (-1: no limit) of SES."""

    def mail_identity(self, region: str, identity: str) -> bool | None:
        """Whether SES may send with it; None: there is no such identity."""

    def sms_sandbox(self, region: str) -> bool:
        """Whether SMS go to verified numbers only."""

    def trails(self, region: str) -> Sequence[str]:
        """Trails that are on and bring write management events of the Region."""

    def identity_pools(self, region: str) -> Mapping[str, Sequence[str]]:
        """Name -> `provider:client` of the user pools that it takes tokens of."""

    def trusted(self, role: str) -> Mapping[str, Any] | None:
        """`arn` and `principals` of a role; None: there is no such role."""

    def user(self, arn: str, role_arn: str) -> IamUser | None:
        """An IAM user, and whether they may assume the role; None: there is no such user."""


class SettingsOfPool(Protocol):
    """One pool. Every method raises a StandbyError where Cognito does not answer, and
    NotSeenError where the pool is gone or the right is lacking."""

    def described(self) -> PoolSettings:
        """As it is now."""

    def update(self, request: Mapping[str, Any]) -> None:
        """UpdateUserPool, whose every setting the request has to hold."""

    def set_mfa(self, mfa: Mapping[str, Any]) -> None:
        """Set its second factors as they were told."""


class Functions(Protocol):
    """Functions of the installation. NotSeenError."""

    def asked_by(self, arn: str) -> str:
        """The owner's function that one of ours asks; empty: none."""

    def is_gone(self, arn: str) -> bool:
        """Whether Lambda says that it has no such function; one of which nothing may be learnt is
        not gone."""

    def lets_in(self, arn: str, user_pool_arn: str) -> bool:
        """Whether Cognito may call it for this pool."""
