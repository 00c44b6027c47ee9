"""What functions are told: written by the stacks, read by the functions, each as its own type."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.core.domain.after_failover import AfterFailover
from cognito_standby.core.domain.changed_passwords import AfterFailback
from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.settings import ApiSettings, NoteSettings, PasswordSettings, SweepSettings
from cognito_standby.reconciliation.domain.brake import Limits
from cognito_standby.reconciliation.services.context import RunSettings
from cognito_standby.reconciliation.settings import ReconcileSettings, RunConfig

SYNC: dict[str, Any] = {
    "primary_region": "us-east-1",
    "backup_region": "us-west-2",
    "records_table": "records",
    "ledger_table": "ledger",
    "user_pool_id": "us-east-1_a",
    "bus_name": "bus",
    "lease_seconds": 90,
    "group_roles": {"arn:aws:iam::111111111111:role/a": "arn:aws:iam::111111111111:role/b"},
    "after_failover": AfterFailover.RESET,
    "federated": FederatedWay.STAGED,
    "subject_types": {"Apple": "pairwise"},
}
SWEEP = SweepSettings(
    *("ledger", "bus", "arn:c", ("arn:a", "arn:b"), "pool", "records"), "a.past.", "arn:r"
)
RECONCILE = ReconcileSettings(
    **SYNC,
    deletion_grace_days=0,
    record_tombstone_days=31,
    concurrency=8,
    brake=Limits(destructive=7, destructive_share=0.5),
    bulk_above=12,
    run_bucket="runs",
    quota_share=1.0,
    quotas={"UserList": 30, "UserRead": 120},
    approval_seconds=3600,
    alarm_topic_arn="arn:topic",
    after_failback=AfterFailback.KEEP,
)


def test_what_is_written_is_what_templates_have_had() -> None:
    told = RECONCILE.to_env()
    assert told["LEASE_SECONDS"] == "90"
    assert told["QUOTA_SHARE"] == "1.0"
    assert told["FEDERATED"] == "staged"
    assert told["QUOTAS"] == '{"UserList": 30, "UserRead": 120}'
    assert told["BRAKE"] == (
        '{"destructive": 7, "destructive_share": 0.5, "harmless": 5, "shrunk_share": 0.05, '
        '"writes": 10000}'
    )
    arns = SWEEP.to_env()
    assert arns["MACHINE_ARNS"] == "arn:a,arn:b"


@pytest.mark.parametrize(
    "settings",
    [
        RECONCILE,
        PasswordSettings(
            **SYNC,
            after_failback=AfterFailback.RESET_CHANGED,
            quota_share=0.5,
            quotas={"UserUpdate": 25},
        ),
        ApiSettings(**SYNC, changes_table="changes", wait_seconds=10),
        SWEEP,
        NoteSettings("alpha", "ledger", "changes", 14),
    ],
)
def test_read_as_written(settings: Any) -> None:
    assert type(settings).from_env(settings.to_env()) == settings


def test_a_run_goes_by_the_config_that_its_function_is_told() -> None:
    told = ReconcileSettings.from_env(RECONCILE.to_env())
    settings = RunSettings.of(told)
    for name in RunConfig.__dataclass_fields__:
        assert getattr(settings, name) == getattr(told, name)
    assert (settings.grace.days, settings.retention.days) == (0, 31)
    assert settings.item_users == RunSettings().item_users


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LEASE_SECONDS", "ninety"),
        ("FEDERATED", "later"),
        ("LEASE_SECONDS", "1.5"),
        ("QUOTA_SHARE", "half"),
        ("QUOTA_SHARE", "nan"),
        ("QUOTAS", "{"),
        ("QUOTAS", "[]"),
        ("QUOTAS", '{"UserList": "30"}'),
        ("BRAKE", "[]"),
        ("BRAKE", '{"destructive": 7}'),
        ("BRAKE", '{"destructive": "7"}'),
        ("BRAKE", "[" * 100_000),
    ],
)
def test_a_malformed_one_is_named(name: str, text: str) -> None:
    with pytest.raises(ServiceUnavailableError, match=f"variable {name} is malformed"):
        ReconcileSettings.from_env(RECONCILE.to_env() | {name: text})


def test_a_brake_with_more_than_we_know_is_refused() -> None:
    brake = RECONCILE.to_env()["BRAKE"].replace("}", ', "other": 1}')
    with pytest.raises(ServiceUnavailableError, match="BRAKE"):
        ReconcileSettings.from_env(RECONCILE.to_env() | {"BRAKE": brake})


def test_missing_ones_are_named_whatever_the_default() -> None:
    told = RECONCILE.to_env() | {"BULK_ABOVE": ""}
    del told["RUN_BUCKET"]
    with pytest.raises(ServiceUnavailableError, match="are missing: BULK_ABOVE, RUN_BUCKET"):
        ReconcileSettings.from_env(told)
