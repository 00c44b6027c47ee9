"""What each function is told by its environment: one frozen dataclass, read and written here.

The stacks write an environment with `to_env`, the functions read it with `from_env`, so a name
stands in one place. Field `records_table` is the variable RECORDS_TABLE.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import MisconfiguredError


@dataclass(frozen=True)
class _Settings:
    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the settings; a missing one is a MisconfiguredError that names it."""
        source = os.environ if environ is None else environ
        names = {field.name: field.name.upper() for field in fields(cls)}
        if missing := sorted(name for name in names.values() if not source.get(name)):
            raise MisconfiguredError(f"environment variables are missing: {', '.join(missing)}")
        return cls(**{field: source[name] for field, name in names.items()})

    def to_env(self) -> dict[str, str]:
        """The environment that `from_env` reads back."""
        return {field.name.upper(): getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class SyncSettings(_Settings):
    """For the tasks of sync_user. AWS_REGION is set by Lambda itself."""

    primary_region: str
    backup_region: str
    records_table: str
    ledger_table: str
    user_pool_id: str
    bus_name: str
    lease_seconds: str

    @property
    def lease(self) -> int:
        """How long a lease lasts."""
        return int(self.lease_seconds)

    @property
    def installation(self) -> Installation:
        """Both Regions."""
        return Installation(self.primary_region, self.backup_region)


@dataclass(frozen=True)
class ChangeSettings(SyncSettings):
    """For the tasks of apply_admin_change."""

    changes_table: str


@dataclass(frozen=True)
class ApiSettings(ChangeSettings):
    """For the Admin API."""

    wait_seconds: str

    @property
    def seconds(self) -> float:
        """How long the outcome of a change is waited for."""
        return float(self.wait_seconds)


@dataclass(frozen=True)
class CanarySettings(SyncSettings):
    """For the canary."""

    canary_seconds: str

    @property
    def interval(self) -> int:
        """How often the canary is changed."""
        return int(self.canary_seconds)


@dataclass(frozen=True)
class ReconcileSettings(SyncSettings):
    """For the tasks of reconcile_pool. `quotas` (requests a second by category) and `brake` (the
    fields of domain.brake.Limits) are JSON objects."""

    run_bucket: str
    deletion_grace_days: str
    record_tombstone_days: str
    quota_share: str
    quotas: str
    concurrency: str
    brake: str
    bulk_above: str
    approval_seconds: str
    alarm_topic_arn: str


@dataclass(frozen=True)
class BusSettings(_Settings):
    """Where hints are published."""

    bus_name: str


@dataclass(frozen=True)
class ParkingSettings(_Settings):
    """Where hints wait when the bus does not take them."""

    parked_hints_url: str


@dataclass(frozen=True)
class TriggerSettings(BusSettings, ParkingSettings):
    """For the PostConfirmation trigger, which reads the two halves one by one: a broken setting
    of the bus must not take the queue with it."""


@dataclass(frozen=True)
class MembersSettings(BusSettings):
    """For the search for a group's members."""

    records_table: str


@dataclass(frozen=True)
class NoteSettings(_Settings):
    """For Note Failure."""

    installation_name: str
    ledger_table: str
    changes_table: str
    letter_days: str

    @property
    def keep_seconds(self) -> int:
        """How long a marker is kept: as long as its letter."""
        return int(self.letter_days) * 86_400


@dataclass(frozen=True)
class SweepSettings(_Settings):
    """For the sweep."""

    ledger_table: str
    bus_name: str
    contain_failure_machine_arn: str
    machine_arns: str
    """Those whose failures are treated, with commas in between."""
    user_pool_id: str
