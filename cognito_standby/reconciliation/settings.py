"""What the tasks of reconcile_pool are told by their environment, and what the config decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from cognito_standby.core.domain.changed_passwords import AfterFailback
from cognito_standby.core.domain.quotas import DEFAULTS
from cognito_standby.core.domain.retention import DELETION_GRACE_DAYS, RECORD_TOMBSTONE_DAYS
from cognito_standby.core.settings import SyncSettings
from cognito_standby.reconciliation.domain.brake import Limits


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """What an installation's config decides about a run. The only place with these defaults: the
    config's own are made of them.

    quota_share       of Cognito's request quotas, what a run may use
    quotas            requests a second by category
    concurrency       functions of one kind that work at once: what they can share evenly is
                      divided among all
    brake             above what somebody is asked
    bulk_above        more records to be written in one run are marked as `bulk`
    approval_seconds  how long the question waits
    """

    deletion_grace_days: int = DELETION_GRACE_DAYS
    record_tombstone_days: int = RECORD_TOMBSTONE_DAYS
    quota_share: float = 0.5
    quotas: Mapping[str, float] = field(default_factory=lambda: DEFAULTS)
    concurrency: int = 16
    brake: Limits = field(default_factory=Limits)
    bulk_above: int = 1_000
    approval_seconds: int = 24 * 3600

    @property
    def grace(self) -> timedelta:
        """How long a deleted user is kept, disabled."""
        return timedelta(days=self.deletion_grace_days)

    @property
    def retention(self) -> timedelta:
        """How long a tombstone is kept."""
        return timedelta(days=self.record_tombstone_days)


@dataclass(frozen=True)
class BucketSettings(SyncSettings):
    """For whoever works with the files of runs."""

    run_bucket: str


@dataclass(frozen=True, kw_only=True)
class ReconcileSettings(RunConfig, BucketSettings):
    """For the tasks of reconcile_pool."""

    alarm_topic_arn: str
    after_failback: AfterFailback
