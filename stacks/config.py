"""The one config of an installation: everything that can differ between two of them."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stacks import mrsc

_REGION = r"^[a-z]{2}(-[a-z]+)+-\d$"
_POOL_ID = r"^[a-z]{2}(-[a-z]+)+-\d_[0-9A-Za-z]+$"
_CLIENT_ID = r"^[0-9a-z]{1,128}$"
_KEY_ARN = r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[0-9A-Za-z-]+$"
_SCHEDULE = r"^(rate|cron)\([^()]+\)$"
_LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653)
MAX_CUSTOM_ATTRIBUTES = 49
"""Cognito allows 50; one is `custom:origin_sub`."""

Region = Annotated[str, Field(pattern=_REGION)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Pools(_Model):
    """Either `{"create": true}`, or the ids of two existing pools."""

    create: bool = Field(False, description="Make a pool and an app client in both Regions.")
    primary_user_pool_id: str | None = Field(
        None, pattern=_POOL_ID, description="Existing pool in the primary Region."
    )
    backup_user_pool_id: str | None = Field(
        None, pattern=_POOL_ID, description="Existing pool in the backup Region."
    )
    primary_client_id: str | None = Field(
        None, pattern=_CLIENT_ID, description="Its app client, for the outputs only."
    )
    backup_client_id: str | None = Field(
        None, pattern=_CLIENT_ID, description="Its app client, for the outputs only."
    )

    @model_validator(mode="after")
    def _either_or(self) -> Self:
        ids = (self.primary_user_pool_id, self.backup_user_pool_id)
        given = (*ids, self.primary_client_id, self.backup_client_id)
        if self.create and any(given):
            raise ValueError("create pools or name existing ones, not both")
        if not self.create and not all(ids):
            raise ValueError("either create, or both primary_user_pool_id and backup_user_pool_id")
        return self


class CustomAttribute(_Model):
    """One custom attribute of the pools' schema; Cognito cannot change or remove it later."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,20}$", description="Without `custom:`.")
    type: Literal["string", "number"] = Field("string", description="Data type.")
    mutable: bool = Field(True, description="false: can be written at creation only.")
    max_length: int = Field(256, ge=1, le=2048, description="Characters; of a string only.")

    @model_validator(mode="after")
    def _not_reserved(self) -> Self:
        if self.name == "origin_sub":
            raise ValueError("`origin_sub` is reserved: the stacks declare it themselves")
        return self


class Schedules(_Model):
    """When periodic work runs, as EventBridge Scheduler expressions (UTC)."""

    reconcile: str = Field(
        "rate(1 day)", pattern=_SCHEDULE, description="Full comparison of pool and table."
    )
    sweep: str = Field(
        "rate(5 minutes)",
        pattern=_SCHEDULE,
        description="Search for failed work that the status events missed.",
    )


class Retention(_Model):
    """How long things are kept, in days."""

    record_tombstone_days: int = Field(30, ge=1, le=3650, description="A deleted user's record.")
    deletion_grace_days: int = Field(
        7, ge=0, le=365, description="A deleted user stays disabled in the standby pool."
    )
    logs_days: int = Field(30, description="Log groups; one of the values CloudWatch Logs knows.")
    dead_letters_days: int = Field(14, ge=1, le=14, description="Dead letters; SQS's limit is 14.")
    archive_days: int = Field(14, ge=1, le=3650, description="The archive of hints.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.logs_days not in _LOG_DAYS:
            allowed = ", ".join(map(str, _LOG_DAYS))
            raise ValueError(f"logs_days must be one of {allowed}")
        if self.record_tombstone_days <= self.deletion_grace_days:
            raise ValueError("record_tombstone_days must exceed deletion_grace_days")
        return self


class KmsKeys(_Model):
    """Customer-managed keys, one a Region, for tables, queues and log groups.

    Their key policies must let this account's IAM use them, and the services
    events.amazonaws.com (kms:GenerateDataKey, kms:Decrypt: dead letters of rules) and
    logs.<region>.amazonaws.com (kms:Encrypt*, kms:Decrypt*, kms:GenerateDataKey*).
    """

    primary: str = Field(pattern=_KEY_ARN, description="Key ARN in the primary Region.")
    backup: str = Field(pattern=_KEY_ARN, description="Key ARN in the backup Region.")
    third_replica: str | None = Field(
        None, pattern=_KEY_ARN, description="Key ARN in third_replica_region, if there is one."
    )


class Config(_Model):
    """One installation. Written under the key `standby` in cdk.json's context."""

    installation: str = Field(
        pattern=r"^[a-z][a-z0-9-]{2,20}$",
        description="Name of the installation; every physical name begins with it.",
    )
    account: str = Field(pattern=r"^\d{12}$", description="AWS account id.")
    primary_region: Region = Field(description="Active until somebody fails over.")
    backup_region: Region = Field(description="Standby until somebody fails over.")
    pools: Pools = Field(description="Create the pools or use existing ones.")
    sign_in: Literal["username", "email"] = Field(
        "username",
        description="Created pools: sign in with a free username, or with the e-mail address as "
        "username. Cannot be changed later.",
    )
    custom_attributes: tuple[CustomAttribute, ...] = Field(
        (), max_length=MAX_CUSTOM_ATTRIBUTES, description="Created pools: custom attributes."
    )
    allow_password_auth: bool = Field(
        False,
        description="Created clients: allow USER_PASSWORD_AUTH beside SRP. It sends the password "
        "through the caller's server; for migrations and local runs.",
    )
    attach_trigger: bool = Field(
        True,
        description="Created pools: attach the PostConfirmation trigger. Deploy once with false "
        "before an uninstallation that keeps the pools.",
    )
    consistency: Literal["MREC", "MRSC"] = Field(
        "MREC", description="Global table: eventual (any Regions) or strong (three of one set)."
    )
    witness_region: Region | None = Field(None, description="MRSC: third Region, log only.")
    third_replica_region: Region | None = Field(
        None, description="MRSC: third Region with a full replica, instead of a witness."
    )
    schedules: Schedules = Field(default_factory=Schedules, description="Periodic work.")
    retention: Retention = Field(default_factory=Retention, description="How long data is kept.")
    rpo_objective_seconds: int = Field(
        60, ge=1, le=86_400, description="Replication lag above which the alarm goes off."
    )
    alarm_email: str | None = Field(
        None, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", description="Who gets alarms."
    )
    tags: dict[str, str] = Field(default_factory=dict, description="Tags on every resource.")
    permissions_boundary: str | None = Field(
        None,
        pattern=r"^arn:aws[a-z-]*:iam::(\d{12}|aws):policy/.+$",
        description="Managed policy ARN set as boundary on every role.",
    )
    bootstrap_qualifier: str | None = Field(
        None, pattern=r"^[a-z0-9]{1,10}$", description="Of a customised CDK bootstrap."
    )
    kms_keys: KmsKeys | None = Field(None, description="Customer-managed keys; default AWS's own.")
    protect_data: bool = Field(
        True,
        description="Deletion protection of pools and tables, termination protection of stacks, "
        "tables outlive their stack. false only for throw-away installations.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for check in (_check_regions, _check_consistency, _check_pools, _check_names, _check_keys):
            check(self)
        return self

    @property
    def replica_regions(self) -> tuple[str, ...]:
        """Where the records table has replicas beside the primary Region."""
        third = (self.third_replica_region,) if self.third_replica_region else ()
        return (self.backup_region, *third)

    def is_primary(self, region: str) -> bool:
        """Whether it is the Region configured as primary."""
        return region == self.primary_region

    def user_pool_id(self, region: str) -> str | None:
        """The existing pool of a Region; None: it is created."""
        primary, backup = self.pools.primary_user_pool_id, self.pools.backup_user_pool_id
        return primary if self.is_primary(region) else backup

    def client_id(self, region: str) -> str | None:
        """The existing app client of a Region, if one is configured."""
        primary, backup = self.pools.primary_client_id, self.pools.backup_client_id
        return primary if self.is_primary(region) else backup

    def kms_key(self, region: str) -> str | None:
        """The customer-managed key of a Region."""
        if self.kms_keys is None:
            return None
        keys = {
            self.primary_region: self.kms_keys.primary,
            self.backup_region: self.kms_keys.backup,
        }
        return keys.get(region, self.kms_keys.third_replica)


def _check_regions(config: Config) -> None:
    if config.primary_region == config.backup_region:
        raise ValueError("primary_region and backup_region must be different Regions")


def _check_consistency(config: Config) -> None:
    thirds = [r for r in (config.witness_region, config.third_replica_region) if r]
    if config.consistency == "MREC":
        if thirds:
            raise ValueError("witness_region and third_replica_region are for consistency MRSC")
        return
    if len(thirds) != 1:
        raise ValueError("MRSC needs exactly one of witness_region and third_replica_region")
    regions = frozenset({config.primary_region, config.backup_region, *thirds})
    if len(regions) != 3:  # noqa: PLR2004 - MRSC has exactly three Regions
        raise ValueError("MRSC needs three different Regions")
    if not mrsc.in_one_set(regions):
        raise ValueError(f"MRSC needs three Regions of one set ({mrsc.described()})")


def _check_pools(config: Config) -> None:
    for region, name in ((config.primary_region, "primary"), (config.backup_region, "backup")):
        pool = config.user_pool_id(region)
        if pool and not pool.startswith(f"{region}_"):
            raise ValueError(f"pools.{name}_user_pool_id {pool} is not in {region}")


def _check_names(config: Config) -> None:
    names = [attribute.name for attribute in config.custom_attributes]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"custom_attributes: named twice: {', '.join(twice)}")
    for key, value in config.tags.items():
        if re.match(r"(?i)aws:", key) or not 1 <= len(key) <= 128 or len(value) > 256:  # noqa: PLR2004
            raise ValueError(f"tags: {key!r}: at most 128 and 256 characters, not beginning aws:")


def _check_keys(config: Config) -> None:
    if config.kms_keys is None:
        return
    for region in (config.primary_region, *config.replica_regions):
        key = config.kms_key(region)
        if key is None or f":kms:{region}:" not in key:
            raise ValueError(f"kms_keys: no key in {region}")
