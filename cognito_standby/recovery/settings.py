"""What the functions of failovers, of the publication and of restores are told by their
environment."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.settings import EnvSettings, RegionsSettings
from cognito_standby.reconciliation.settings import ReconcileSettings


@dataclass(frozen=True)
class FailoverSettings(RegionsSettings):
    """For the tasks of `fail_over` and `stand_down`."""

    dead_letters_url: str
    parked_hints_url: str
    replaying_machines: tuple[str, ...]
    """ARNs of the machines that capture or replay."""
    reconcile_machine_arn: str
    run_bucket: str


@dataclass(frozen=True)
class PublishSettings(RegionsSettings):
    """For the publication of the active pool."""

    ledger_table: str
    active_parameter: str
    """Name of the SSM parameter."""
    public_document: str
    """on: the document is written; off: it is not."""
    document_bucket: str
    authentication_limit: int
    """Sign-ins a second while this Region stands in for home; 0: the limit is left."""
    alarm_topic_arn: str


@dataclass(frozen=True)
class PastSettings(EnvSettings):
    """For what opens and closes the table of a time."""

    records_table: str
    past_tables: str
    """How the names of such tables begin."""


@dataclass(frozen=True)
class SwitchSettings(RegionsSettings):
    """For what ARC Region switch calls."""

    fail_over_machine_arn: str
    stand_down_machine_arn: str


@dataclass(frozen=True, kw_only=True)
class RestoreSettings(ReconcileSettings):
    """For the tasks of `restore_pool`."""

    changes_table: str
    """Where undeletes and reverts are asked for."""
    past_tables: str
    """How the names of the tables of a time begin."""
