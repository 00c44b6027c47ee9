"""What the functions of a failover are told by their environment."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.settings import EnvSettings


@dataclass(frozen=True)
class FailoverSettings(EnvSettings):
    """For the tasks of `fail_over` and `stand_down`."""

    primary_region: str
    backup_region: str
    records_table: str
    dead_letters_url: str
    parked_hints_url: str
    replaying_machines: tuple[str, ...]
    """ARNs of the machines that capture or replay."""
    reconcile_machine_arn: str
    run_bucket: str

    @property
    def installation(self) -> Installation:
        """Both Regions."""
        return Installation(self.primary_region, self.backup_region)


@dataclass(frozen=True)
class PublishSettings(EnvSettings):
    """For the publication of the active pool."""

    primary_region: str
    backup_region: str
    records_table: str
    ledger_table: str
    active_parameter: str
    """Name of the SSM parameter."""
    public_document: str
    """on: the document is written; off: it is not."""
    document_bucket: str
    authentication_limit: int
    """Sign-ins a second while this Region stands in for home; 0: the limit is left."""
    alarm_topic_arn: str

    @property
    def installation(self) -> Installation:
        """Both Regions."""
        return Installation(self.primary_region, self.backup_region)


@dataclass(frozen=True)
class SwitchSettings(EnvSettings):
    """For what ARC Region switch calls."""

    primary_region: str
    backup_region: str
    records_table: str
    fail_over_machine_arn: str
    stand_down_machine_arn: str

    @property
    def installation(self) -> Installation:
        """Both Regions."""
        return Installation(self.primary_region, self.backup_region)
