"""The part of the config about reconciliation: how fast, how wide, and when it asks."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from stacks.config_parts import Part


class Quotas(Part):
    """Cognito's request quotas of the account in this Region, in requests a second.

    The defaults are Cognito's own (developer guide, "Quotas in Amazon Cognito"); name those that
    were raised.
    """

    UserList: int = Field(default=30, ge=1, le=10_000, description="ListUsers, ListUsersInGroup.")
    UserRead: int = Field(default=120, ge=1, le=10_000, description="AdminGetUser.")
    UserResourceRead: int = Field(
        default=50, ge=1, le=10_000, description="AdminListGroupsForUser."
    )
    UserCreation: int = Field(default=50, ge=1, le=10_000, description="AdminCreateUser.")
    UserUpdate: int = Field(
        default=25, ge=1, le=10_000, description="Attributes, flags, memberships, deletions."
    )
    UserAccountRecovery: int = Field(
        default=30, ge=1, le=10_000, description="AdminSetUserPassword."
    )


class Reconcile(Part):
    """The full comparison of pool and table."""

    quota_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Share of Cognito's request quotas that a run may use; the rest is people's.",
    )
    quotas: Quotas = Field(
        default_factory=Quotas, description="Request quotas, where they were raised."
    )
    concurrency: int = Field(
        default=10, ge=1, le=200, description="Functions of one kind that work at once."
    )
    brake_users: int = Field(
        default=20,
        ge=0,
        le=1_000_000,
        description="More users to be deleted, disabled or emptied: ask an operator first.",
    )
    brake_share: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="A larger share of all users to be deleted, disabled or emptied: ask. Both "
        "limits hold; of a pool with few users the share is reached first.",
    )
    bulk_above: int = Field(
        default=1000,
        ge=1,
        le=100_000_000,
        description="More repairs of any kind, unless a filling was asked for: ask, because each "
        "written user is billed as active.",
    )
    approval_hours: float = Field(
        default=24,
        gt=0,
        le=168,
        description="How long the question waits; no answer is a no. The run holds the pool.",
    )

    @model_validator(mode="after")
    def _leaves_each_worker_something(self) -> Self:
        least = min(self.quotas.model_dump().values()) * self.quota_share / self.concurrency
        if least < 0.01:  # noqa: PLR2004 - one call in 100 s: a worker would do next to nothing
            raise ValueError(
                "quota_share and concurrency leave a worker less than one request in 100 s"
            )
        return self
