"""The parts of the config."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from cognito_standby.core.domain.retention import DELETION_GRACE_DAYS, RECORD_TOMBSTONE_DAYS
from stacks.config import shapes
from stacks.config.cadence import for_ever
from stacks.partitions import in_standard_arn

KeyArn = Annotated[str, Field(pattern=shapes.KEY_ARN), AfterValidator(in_standard_arn)]
RoleArn = Annotated[str, Field(pattern=shapes.ROLE), AfterValidator(in_standard_arn)]
Principal = Annotated[str, Field(pattern=shapes.PRINCIPAL), AfterValidator(in_standard_arn)]
Expression = Annotated[str, Field(pattern=shapes.SCHEDULE), AfterValidator(for_ever)]
APP = "app"
"""Logical name of the app client that the stacks make, and of `primary_client_id`."""
MAX_CLIENTS = 40
"""All of them are in one SSM parameter, which holds 4 KB."""
_LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653)


class ConfigPart(BaseModel):
    """Unknown keys and wrong types are refused; nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ClientPair(ConfigPart):
    """An app client of existing pools: apps find its id by a name that both Regions share."""

    name: str = Field(pattern=shapes.CLIENT_NAME, description="What apps call it.")
    primary: str = Field(pattern=shapes.CLIENT_ID, description="Its id in the primary Region.")
    backup: str = Field(pattern=shapes.CLIENT_ID, description="Its id in the backup Region.")


class Pools(ConfigPart):
    """Either `{"create": true}`, or the ids of two existing pools."""

    create: bool = Field(
        default=False, description="Make a pool and an app client in both Regions."
    )
    primary_user_pool_id: str | None = Field(
        default=None, pattern=shapes.POOL_ID, description="Existing pool in the primary Region."
    )
    backup_user_pool_id: str | None = Field(
        default=None, pattern=shapes.POOL_ID, description="Existing pool in the backup Region."
    )
    primary_client_id: str | None = Field(
        default=None,
        pattern=shapes.CLIENT_ID,
        description="Its app client, for the outputs; published as `app`.",
    )
    backup_client_id: str | None = Field(
        default=None,
        pattern=shapes.CLIENT_ID,
        description="Its app client, for the outputs; published as `app`.",
    )

    clients: tuple[ClientPair, ...] = Field(
        default=(),
        max_length=MAX_CLIENTS,
        description="App clients of existing pools, as they are published for apps.",
    )

    @model_validator(mode="after")
    def _either_or(self) -> Self:
        ids = (self.primary_user_pool_id, self.backup_user_pool_id)
        given = (*ids, self.primary_client_id, self.backup_client_id, self.clients)
        if self.create and any(given):
            raise ValueError("create pools or name existing ones, not both")
        if not self.create and not all(ids):
            raise ValueError("either create, or both primary_user_pool_id and backup_user_pool_id")
        names = [pair.name for pair in self.clients]
        names += [APP] if self.primary_client_id or self.backup_client_id else []
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"clients: named twice: {', '.join(twice)}")
        return self


Federated = Literal["on_sign_in", "staged", "skip"]
"""As `core.domain.identities.FederatedWay`; a test compares."""


class GroupRole(ConfigPart):
    """The IAM role of groups in both Regions. A role that is not listed stays in its pool, and its
    groups are replicated without it; the ARN may be the same twice, for IAM is global."""

    primary: RoleArn = Field(description="ARN of the role in the primary Region's pool.")
    backup: RoleArn = Field(description="ARN of the role in the backup Region's pool.")


class CustomAttribute(ConfigPart):
    """One custom attribute of the pools' schema; Cognito cannot change or remove it later."""

    name: str = Field(pattern=shapes.ATTRIBUTE, description="Without `custom:`.")
    type: Literal["string", "number"] = Field(default="string", description="Data type.")
    mutable: bool = Field(default=True, description="false: can be written at creation only.")
    max_length: int = Field(default=256, ge=1, le=2048, description="Characters; of a string only.")

    @model_validator(mode="after")
    def _not_reserved(self) -> Self:
        if self.name == "origin_sub":
            raise ValueError("`origin_sub` is reserved: the stacks declare it themselves")
        return self


class Schedules(ConfigPart):
    """When periodic work runs, as EventBridge Scheduler expressions (UTC)."""

    reconcile: Expression = Field(
        default="rate(1 day)", description="Full comparison of pool and table."
    )
    sweep: Expression = Field(
        default="rate(5 minutes)",
        description="Search for failed work that the status events missed.",
    )
    canary: Expression | None = Field(
        default="rate(5 minutes)",
        description="Change and look at a canary user, `standby-canary`, in both pools, to measure "
        "the RPO end to end; null: no such user. Bills one monthly active user in each pool.",
    )
    publish: Expression = Field(
        default="rate(5 minutes)",
        description="Bring what is published of the active pool up to the claims. A failover does "
        "so at once in the Region that becomes active; this is for the other one.",
    )


class Retention(ConfigPart):
    """How long things are kept, in days."""

    record_tombstone_days: int = Field(
        default=RECORD_TOMBSTONE_DAYS, ge=1, le=3650, description="A deleted user's record."
    )
    deletion_grace_days: int = Field(
        default=DELETION_GRACE_DAYS,
        ge=0,
        le=365,
        description="A deleted user stays disabled in the standby pool.",
    )
    logs_days: int = Field(
        default=30, description="Log groups; one of the values CloudWatch Logs knows."
    )
    dead_letters_days: int = Field(
        default=14, ge=1, le=14, description="Dead letters; SQS's limit is 14."
    )
    archive_days: int = Field(default=14, ge=1, le=3650, description="The archive of hints.")

    trail_days: int = Field(
        default=90, ge=1, le=3650, description="Log files of a created trail, in its bucket."
    )
    runs_days: int = Field(
        default=30, ge=15, le=365, description="Files of a reconciliation; a run may take 14 days."
    )
    reports_days: int = Field(
        default=400, ge=1, le=3650, description="Reports of reconciliations and rehearsals."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.logs_days not in _LOG_DAYS:
            allowed = ", ".join(map(str, _LOG_DAYS))
            raise ValueError(f"logs_days must be one of {allowed}")
        if self.record_tombstone_days <= self.deletion_grace_days:
            raise ValueError("record_tombstone_days must exceed deletion_grace_days")
        return self


class KmsKeys(ConfigPart):
    """Customer-managed keys, one a Region, for tables, queues and log groups.

    Their key policies must let the services that use them in: `python -m preflight key-policy
    --region R` prints one.
    """

    primary: KeyArn = Field(description="Key ARN in the primary Region.")
    backup: KeyArn = Field(description="Key ARN in the backup Region.")
    third_replica: KeyArn | None = Field(
        default=None, description="Key ARN in third_replica_region, if there is one."
    )
