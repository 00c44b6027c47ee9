"""The configuration of both pools on a running installation: looked at, kept, shown, made anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.e2e.conftest import PROVIDER, Standby, until
from tests.e2e.dark_region import dark

pytestmark = pytest.mark.local_aws


def looked_at(stage: RemoteStage, standby: Standby, region: RegionOutputs) -> dict[str, Any]:
    """What is kept of its pool, once the sweep has looked."""
    machine = region.state_machines["sweep_failures"]
    stage.client("stepfunctions", region.region).start_execution(stateMachineArn=machine)

    key = {"origin_sub": {"S": "#config"}, "region": {"S": region.region}}
    tables = stage.client("dynamodb", region.region)
    table = stage.outputs.records_table
    until("it was read", lambda: "Item" in tables.get_item(TableName=table, Key=key))
    done = standby("config", "history", "--region", region.region, "--json")
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)[region.region]
    return found


@pytest.fixture
def made(stage: RemoteStage) -> Iterator[list[str]]:
    """Pools of the backup Region that are taken away in the end."""
    pools: list[str] = []
    yield pools
    cognito = stage.client("cognito-idp", stage.outputs.backup.region)
    for pool in pools:
        cognito.update_user_pool(UserPoolId=pool, DeletionProtection="INACTIVE")
        cognito.delete_user_pool(UserPoolId=pool)


def test_both_pools_are_looked_at_and_a_dark_region_s_is_shown_by_the_other(
    stage: RemoteStage, standby: Standby
) -> None:
    primary, backup = stage.outputs.primary, stage.outputs.backup
    for region in (primary, backup):
        kept = looked_at(stage, standby, region)
        assert kept["note"]["trouble"] == ""
        assert kept["note"]["unread"] == 0, kept
        assert kept["snapshots"][-1]["user_pool_id"] == region.user_pool_id
        assert kept["note"]["accepted"] in {each["id"] for each in kept["snapshots"]}
    drift = standby("config", "diff", "--json")
    assert drift.returncode in (0, 1), drift.stderr
    assert "expected" in json.loads(drift.stdout)
    with dark(stage.outputs, primary.region) as without:
        shown = standby("config", "show", "--region", primary.region, "--json", at=without)
    assert shown.returncode == 0, shown.stderr
    document = json.loads(shown.stdout)
    assert document["user_pool_id"] == primary.user_pool_id
    assert "custom:origin_sub" in document["sections"]["attributes"]
    assert "client_secret" not in shown.stdout or "(secret)" in shown.stdout


@pytest.mark.full
def test_a_drift_report_has_the_configuration_of_both_pools(
    stage: RemoteStage, standby: Standby
) -> None:
    """Its own role reads the snapshots: what it may not would be told as not known."""
    primary, backup = stage.outputs.primary, stage.outputs.backup
    for each in (primary, backup):
        looked_at(stage, standby, each)

    def compared() -> bool:
        return standby("reconcile", "--region", backup.region, "--dry-run", "--wait").returncode < 2

    until("no other run holds the pool", compared)
    listed = json.loads(standby("reports", "--region", backup.region, "--json").stdout)
    run = listed[0]["reports"][0]["run"]
    told = json.loads(standby("reports", run, "--json").stdout)["configuration"]
    sides = [told[role] for role in ("active", "standby")]
    assert told["unknown"] == "", told
    assert {each["region"] for each in sides} == {primary.region, backup.region}
    assert all(each["snapshot"] and each["looked_at"] for each in sides)
    assert told["expected"], "a pool's name is its own"
    assert told["found"] == len(told["differences"])
    assert "configuration: " in standby("reports", run).stdout


@pytest.mark.full
def test_a_pool_is_made_anew_beside_the_one_that_is_there(
    stage: RemoteStage, standby: Standby, tmp_path: Path, made: list[str]
) -> None:
    backup = stage.outputs.backup
    looked_at(stage, standby, backup)
    secrets = tmp_path / "secrets.json"
    secrets.write_text(json.dumps({PROVIDER["ProviderName"]: {"client_secret": "s"}}))
    here = ("config", "restore", "--region", backup.region, "--secrets", str(secrets))
    there = standby(*here, "--yes")
    assert there.returncode == 2 and "is there" in there.stderr
    done = standby(*here, "--beside", "--yes", "--json")
    told = json.loads(done.stdout)
    made.append(told["user_pool_id"])
    assert (done.returncode, told["failed"], told["differences"]) == (0, {}, []), done.stderr
    assert backup.client_id in told["clients"]
    again = standby(*here, "--beside", "--yes", "--json")
    assert again.returncode == 0 and told["user_pool_id"] in again.stdout
