"""Whose deletion is recorded is counted: by that alone an emptied pool is noticed at once."""

from __future__ import annotations

import json

import pytest

from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services.sync import SyncOutcome
from tasks import write_record
from tests.unit.world import World

pytestmark = pytest.mark.usefixtures("socket_disabled")


def deletions(capsys: pytest.CaptureFixture[str]) -> list[float]:
    """What was counted since the last look."""
    lines = (line for line in capsys.readouterr().out.splitlines() if '"_aws"' in line)
    found = [json.loads(line).get(Metric.DELETED) for line in lines]
    return [number for each in found if each for number in each]


def test_a_deletion_is_counted_where_it_is_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    sub = world.sign_up("ann", {"email": "ann@example.org"})
    world.carry(sub)
    world.primary.pool.admin_update_user_attributes("ann", {"name": "Ann"})
    world.carry(sub)
    assert deletions(capsys) == []
    world.primary.pool.admin_delete_user("ann")
    world.primary.run({"local_sub": sub})
    assert deletions(capsys) == [1]
    world.replicate()
    world.backup.run({"origin_sub": sub, "cause": "replica_stream"})
    assert deletions(capsys) == [], "and nowhere else"


def test_what_loses_in_the_standby_is_no_deletion(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    sub = world.sign_up("ann", {"email": "ann@example.org"})
    world.carry(sub)
    world.backup.pool.admin_delete_user("ann")
    world.backup.run({"origin_sub": sub, "cause": "AdminDeleteUser"})
    assert world.twin_of(sub), "it is undone"
    assert deletions(capsys) == []


def test_a_deleted_group_is_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    world.primary.pool.create_group(PoolGroup("staff"))
    world.primary.run({"group": "staff"})
    world.primary.pool.delete_group("staff")
    world.primary.run({"group": "staff"})
    assert deletions(capsys) == []


@pytest.mark.parametrize(("deleted", "counted"), [(True, [1]), (False, [])])
def test_the_admin_api_s_are_counted_too(
    deleted: bool,
    counted: list[float],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ann = Subject.user("sub-of-ann")
    record = Record(ann, "us-east-1", 2, 1, {"present": "true"}, deleted)
    outcome = SyncOutcome(ann, "done", "captured", record)
    monkeypatch.setattr(write_record, "context", lambda: None)
    monkeypatch.setattr(write_record, "write_record", lambda *_: outcome)
    write_record.handler({"change_id": "c-1", "holder": "execution:1#0"}, None)
    assert deletions(capsys) == counted
