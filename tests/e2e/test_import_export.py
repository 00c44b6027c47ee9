"""A standby pool is filled by an import job, by the commands that a person types."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from local.demo.people import Crowd, Person
from local.faults.model import Fault, FaultKind
from local.faults.remote import RemoteFaults
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, until, until_equal
from tests.e2e.world import ledger_row, records
from tests.local.rights import holders

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws, pytest.mark.full]


@pytest.fixture
def cut_off(stage: RemoteStage) -> Iterator[RemoteFaults]:
    """Records arrive in the standby, and no execution is started for them."""
    faults, backup = RemoteFaults(stage.outputs.endpoint), stage.outputs.backup.region
    faults.add(Fault(FaultKind.EDGE, edge="pipe->machine", rate=1.0, region=backup))
    yield faults
    faults.clear()


@pytest.fixture
def role(stage: RemoteStage) -> str:
    """The role that docs/import-export.md describes."""
    groups = f"arn:aws:logs:*:{stage.outputs.account}:log-group:/aws/cognito/*"
    return holders.role(stage, holders.allow(holders.LOGS_OF_IMPORTS, groups), trusts="cognito-idp")


def test_a_standby_is_filled_from_an_export(
    stage: RemoteStage, standby: Standby, cut_off: RemoteFaults, role: str
) -> None:
    primary, backup = stage.outputs.primary, stage.outputs.backup
    crowd, name = Crowd(stage, primary, "username"), f"import{time.monotonic_ns()}"
    subs = {
        each: crowd.sign_up(Person(each, f"{each}@example.org", told))
        for each, told in ((f"{name}a", "Doe, Ann"), (f"{name}b", 'the "first"'))
    }
    for sub in subs.values():
        until("the record is there", lambda sub=sub: records(stage, sub))  # type: ignore[misc]
    exported = standby("export", name, "--region", backup.region)
    assert exported.returncode == 0, exported.stdout + exported.stderr
    assert "a value has a quotation mark" in exported.stdout
    dry = standby("import", name, "--region", backup.region, "--dry-run")
    assert dry.returncode == 0, dry.stdout + dry.stderr
    assert "1 made by an import job" in dry.stdout
    done = standby("import", name, "--region", backup.region, "--role", role, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 succeeded" in done.stdout
    for sub in subs.values():
        until(
            "completed by replication",
            lambda sub=sub: ledger_row(stage, backup, sub).get("state") == "in_sync",  # type: ignore[misc]
        )
    cut_off.clear()
    until_equal(stage)
    pool = stage.client("cognito-idp", backup.region)
    states = [
        pool.admin_get_user(UserPoolId=backup.user_pool_id, Username=each)["UserStatus"]
        for each in subs
    ]
    assert states == ["RESET_REQUIRED", "CONFIRMED"], "by the job, and by its replay"
    left = standby("import", name, "--region", backup.region, "--dry-run")
    assert "made by an import job" not in left.stdout


def test_a_restore_goes_by_import_jobs_where_they_can_make_people(
    stage: RemoteStage, standby: Standby, cut_off: RemoteFaults, role: str
) -> None:
    primary, backup = stage.outputs.primary, stage.outputs.backup
    crowd, name = Crowd(stage, primary, "username"), f"jobs{time.monotonic_ns()}"
    pool = stage.client("cognito-idp", backup.region)
    for each, value, says, status in (
        (f"{name}a", "Doe, Ann", "1 made by import jobs", "RESET_REQUIRED"),
        (f"{name}b", 'the "first"', "nobody can be made by an import job", "CONFIRMED"),
    ):
        sub = crowd.sign_up(Person(each, f"{each}@example.org", value))
        until("the record is there", lambda sub=sub: records(stage, sub))  # type: ignore[misc]
        by_jobs = ("--user", sub, "--strategy", "import", "--role", role, "--yes")
        done = standby("restore", "--region", backup.region, *by_jobs)
        assert done.returncode == 0 and says in done.stdout, done.stdout + done.stderr
        seen = pool.admin_get_user(UserPoolId=backup.user_pool_id, Username=each)
        assert seen["UserStatus"] == status
    cut_off.clear()
    until_equal(stage)
