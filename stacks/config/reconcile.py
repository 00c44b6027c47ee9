"""The part of the config about reconciliation: how fast, how wide, and when it asks."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from cognito_standby.core.domain import quotas
from cognito_standby.reconciliation.domain.brake import Limits
from cognito_standby.reconciliation.settings import RunConfig
from stacks.config.parts import ConfigPart

_DEFAULTS = RunConfig()
_LIMITS = _DEFAULTS.brake


def _quota(category: str, description: str) -> Any:
    return Field(default=_DEFAULTS.quotas[category], ge=1, le=10_000, description=description)


class Quotas(ConfigPart):
    """Cognito's request quotas of the account in this Region, in requests a second.

    The defaults are Cognito's own (developer guide, "Quotas in Amazon Cognito"); name those that
    were raised.
    """

    UserList: int = _quota(quotas.USER_LIST, "ListUsers, ListUsersInGroup.")
    UserRead: int = _quota(quotas.USER_READ, "AdminGetUser.")
    UserResourceRead: int = _quota(quotas.USER_RESOURCE_READ, "AdminListGroupsForUser.")
    UserResourceUpdate: int = _quota(quotas.USER_RESOURCE_UPDATE, "AdminSetUserMFAPreference.")
    UserCreation: int = _quota(quotas.USER_CREATION, "AdminCreateUser.")
    UserUpdate: int = _quota(quotas.USER_UPDATE, "Attributes, flags, memberships, deletions.")
    UserAccountRecovery: int = _quota(quotas.USER_ACCOUNT_RECOVERY, "AdminSetUserPassword.")


class Reconcile(ConfigPart):
    """The full comparison of pool and table."""

    quota_share: float = Field(
        default=_DEFAULTS.quota_share,
        gt=0,
        le=1,
        description="Share of Cognito's request quotas that a run may use; the rest is people's.",
    )
    quotas: Quotas = Field(
        default_factory=Quotas, description="Request quotas, where they were raised."
    )
    concurrency: int = Field(
        default=_DEFAULTS.concurrency,
        ge=1,
        le=200,
        description="Functions of one kind that work at once; best 16, which share the digits of "
        "the users' subs evenly, or a multiple.",
    )
    brake_users: int = Field(
        default=_LIMITS.destructive,
        ge=0,
        le=1_000_000,
        description="More users to be deleted, disabled or emptied: ask an operator first.",
    )
    brake_share: float = Field(
        default=_LIMITS.destructive_share,
        ge=0,
        le=1,
        description="A larger share of all users to be deleted, disabled or emptied: ask.",
    )
    brake_ignores: int = Field(
        default=_LIMITS.harmless,
        ge=0,
        le=1000,
        description="So few deletions are never asked about, whatever their share: small pools.",
    )
    brake_shrunk_share: float = Field(
        default=_LIMITS.shrunk_share,
        gt=0,
        le=1,
        description="A listing that has lost more than this share of the expected users: ask.",
    )
    brake_writes: int = Field(
        default=_LIMITS.writes,
        ge=1,
        le=100_000_000,
        description="More users to be made or changed, unless a filling was asked for: ask, "
        "because each is billed as active in a month.",
    )
    bulk_above: int = Field(
        default=_DEFAULTS.bulk_above,
        ge=1,
        le=100_000_000,
        description="More records to be written in one run: the other Region does not start an "
        "execution for each, but takes them up with its own reconciliation.",
    )
    approval_hours: float = Field(
        default=_DEFAULTS.approval_seconds // 3600,
        gt=0,
        le=168,
        description="How long the question waits; no answer is a no. The run holds the pool.",
    )

    @property
    def limits(self) -> Limits:
        """What the brake goes by."""
        return Limits(
            destructive=self.brake_users,
            destructive_share=self.brake_share,
            harmless=self.brake_ignores,
            shrunk_share=self.brake_shrunk_share,
            writes=self.brake_writes,
        )

    @model_validator(mode="after")
    def _leaves_each_worker_something(self) -> Self:
        least = min(self.quotas.model_dump().values()) * self.quota_share / self.concurrency
        if least < 0.1:  # noqa: PLR2004 - with fewer a worker sees its deadline too late
            raise ValueError(
                "quota_share and concurrency leave a worker less than one request in 10 s"
            )
        return self
