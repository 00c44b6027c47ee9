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
