"""The life of an installation whose data is protected, from a failed beginning to its end.

The tests are one story: each begins with what the one before left.
"""

from __future__ import annotations

import time

import pytest

from cognito_standby.core.adapters.records import TABLE_SECONDS
from local.emulator import LocalAws
from local.formation import DeployError
from tests.local.conftest import eventually
from tests.local.lifecycle.installation import Installation

pytestmark = [pytest.mark.local_aws, pytest.mark.full, pytest.mark.timeout(1800)]
ALL = ["changes", "ledger", "records"]
KEPT = ["AWS::DynamoDB::Table", "AWS::DynamoDB::Table", "AWS::S3::Bucket"]
"""What a Region's stack takes in again by its name."""
SECONDS = 300.0
"""A limit for a busy machine."""


@pytest.fixture(scope="module")
def installation(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(aws, tmp_path_factory.mktemp("installation"))


def arrives(installation: Installation, pool: str, name: str) -> None:
    """Somebody is made in the primary Region and appears in the other."""
    installation.add(installation.output(installation.primary, "UserPoolId"), name)
    eventually(lambda: name in everybody(installation, installation.backup, pool), SECONDS)


def test_a_first_deployment_that_fails_leaves_nothing_and_is_repeated(
    installation: Installation,
) -> None:
    primary = installation.primary
    boards = installation.aws.client("cloudwatch", primary)
    boards.put_dashboard(DashboardName=installation.name(primary), DashboardBody='{"widgets": []}')
    with pytest.raises(DeployError, match=r"\(AWS::CloudWatch::Dashboard\).*already exists"):
        installation.deploy()
    assert (installation.tables(primary), installation.pools(primary)) == (["records"], [])
    boards.delete_dashboards(DashboardNames=[installation.name(primary)])
    installation.deploy()
    first, second = installation.passes
    data = {key for key in first.protected if "-records" in key or key.endswith("-data")}
    assert {key for key, is_on in first.protected.items() if is_on} == data, "it stood before"
    assert all(second.protected.values())
    for region in installation.regions:
        assert installation.tables(region) == ALL


def test_an_update_keeps_pools_and_people(installation: Installation) -> None:
    pools = {r: installation.output(r, "UserPoolId") for r in installation.regions}
    arrives(installation, pools[installation.backup], "ann")
    installation.config["retention"] = {"runs_days": 20}
    installation.deploy()
    assert {r: installation.output(r, "UserPoolId") for r in installation.regions} == pools
    assert "ann" in everybody(installation, installation.primary, pools[installation.primary])


def test_a_protected_installation_is_not_uninstalled(installation: Installation) -> None:
    with pytest.raises(DeployError, match="TerminationProtection is enabled"):
        installation.destroy()
    assert installation.tables(installation.backup) == ALL


def test_an_uninstallation_keeps_pools_clients_tables_and_bucket(
    installation: Installation,
) -> None:
    """With the pools' trigger detached first: its function goes."""
    installation.config["attach_trigger"] = False
    installation.deploy()
    installation.release()
    installation.destroy()
    for region in installation.regions:
        assert installation.tables(region) == ALL
        pool = installation.output(region, "UserPoolId")
        assert "ann" in everybody(installation, region, pool)
        cognito = installation.aws.client("cognito-idp", region)
        client = installation.output(region, "ClientId")
        cognito.describe_user_pool_client(UserPoolId=pool, ClientId=client)
        bucket = installation.bucket(region)
        installation.aws.client("s3", region).head_bucket(Bucket=bucket)
        functions = installation.aws.client("lambda", region).list_functions()["Functions"]
        ours = installation.config["installation"]
        assert not [one for one in functions if one["FunctionName"].startswith(ours)]


def test_a_reinstallation_takes_over_what_was_kept(installation: Installation) -> None:
    """The pools by their ids, tables and buckets by their names."""
    pools = {region: installation.output(region, "UserPoolId") for region in installation.regions}
    del installation.config["attach_trigger"]
    installation.config["pools"] = {
        "primary_user_pool_id": pools[installation.primary],
        "backup_user_pool_id": pools[installation.backup],
    }
    records = installation.count("records")
    assert records
    installation.deploy()
    assert installation.imported() == {
        "data": ["AWS::DynamoDB::GlobalTable"],
        **dict.fromkeys(installation.regions, KEPT),
    }
    assert installation.count("records") >= records
    for region in installation.regions:
        assert "ann" in everybody(installation, region, pools[region])
    arrives(installation, pools[installation.backup], "bob")


def test_a_replaced_records_table_is_followed(installation: Installation) -> None:
    """Restored under its name, it has another stream: the next deployment reads that one. Nobody is
    made by its word before somebody says that these are the records."""
    backup, pool = installation.backup, installation.output(installation.backup, "UserPoolId")
    before = installation.read_by_the_pipe(backup)
    new = installation.replace_records()
    replaced = time.monotonic()
    assert new[backup] != before
    installation.deploy()
    for region in installation.regions:
        assert installation.read_by_the_pipe(region) == new[region]
    # On AWS a table takes longer to come back than a warm function believes what it saw of one.
    time.sleep(max(0.0, replaced + TABLE_SECONDS + 1 - time.monotonic()))
    installation.add(installation.output(installation.primary, "UserPoolId"), "cleo")
    eventually(lambda: "NotBelievedError" in installation.errors("sync_user", backup), SECONDS)
    assert "cleo" not in everybody(installation, backup, pool)
    assert installation.standby("accept-table", "--yes").exit_code == 0
    arrives(installation, pool, "dora")
    eventually(lambda: "cleo" in everybody(installation, backup, pool), SECONDS)


def test_an_uninstallation_without_protection_leaves_only_the_customers_pools(
    installation: Installation,
) -> None:
    installation.uninstall()
    for region in installation.regions:
        assert installation.tables(region) == []
        pool = installation.output(region, "UserPoolId")
        assert "ann" in everybody(installation, region, pool)


def everybody(installation: Installation, region: str, pool: str) -> str:
    """Names and origin ids of a pool's users, as one text."""
    cognito = installation.aws.client("cognito-idp", region)
    return str(cognito.list_users(UserPoolId=pool)["Users"])
