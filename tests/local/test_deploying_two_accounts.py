"""Stacks of two accounts from one assembly, with a table that both have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.deployer import Deployer, DeployError
from local.emulator import LocalAws
from local.outputs import StageOutputs
from local.remote import RemoteStage
from tests.local import assemblies
from tests.local.conftest import OTHER_REGION, REGION, eventually, everything_to_trial, unique
from tests.local.two_accounts import InAccount

pytestmark = [pytest.mark.local_aws, pytest.mark.full]
ACCOUNTS = ("333333333333", "444444444444")


@pytest.fixture(scope="module")
def stage(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> RemoteStage:
    for account in ACCOUNTS:
        everything_to_trial(InAccount(aws, account))
    folder = tmp_path_factory.mktemp("two-accounts")
    directory = assemblies.write_two_accounts(folder, ACCOUNTS, table=unique("records"))
    deployed = Deployer(aws.client, aws.endpoint).deploy(directory)
    StageOutputs.of(aws.endpoint, ACCOUNTS[0], deployed).write(folder / "outputs.json")
    return RemoteStage(folder / "outputs.json")


def test_each_stack_is_in_its_account_and_clients_go_there(
    aws: LocalAws, stage: RemoteStage
) -> None:
    outputs = stage.outputs
    for own, account, role in zip(
        (outputs.primary, outputs.backup), ACCOUNTS, ("primary", "backup"), strict=True
    ):
        assert outputs.account_of(own.region) == own.account == account
        pools = stage.client("cognito-idp", own.region).list_user_pools(MaxResults=60)["UserPools"]
        assert own.user_pool_id in {pool["Id"] for pool in pools}
        assert stacks(aws, account, own.region) == {f"Two-data-{role}", f"Two-{role}"}
    assert not stacks(aws, ACCOUNTS[1], REGION)


def stacks(aws: LocalAws, account: str, region: str) -> set[str]:
    told = aws.client("cloudformation", region, account).describe_stacks()["Stacks"]
    return {one["StackName"] for one in told if one["StackName"].startswith("Two-")}


def test_a_write_in_one_account_starts_one_execution_in_the_other(stage: RemoteStage) -> None:
    """By the replica's own stream, which a custom resource of the second account has found."""
    outputs, person = stage.outputs, unique("person")
    item = {"origin_sub": {"S": person}, "region": {"S": REGION}}
    stage.client("dynamodb", REGION).put_item(TableName=outputs.records_table, Item=item)
    machine = outputs.backup.state_machines["sync_user"]
    assert machine.split(":")[4] == ACCOUNTS[1]
    states = stage.client("stepfunctions", OTHER_REGION)
    runs = eventually(lambda: states.list_executions(stateMachineArn=machine)["executions"])
    given = states.describe_execution(executionArn=runs[0]["executionArn"])["input"]
    assert [json.loads(given), len(runs)] == [[{"origin_sub": person}], 1]


def test_a_secret_without_a_value_gets_that_of_the_other_account(stage: RemoteStage) -> None:
    name = stage.outputs.records_table
    first, other = (
        stage.client("secretsmanager", region).get_secret_value(SecretId=name)["SecretString"]
        for region in (REGION, OTHER_REGION)
    )
    assert first == other
    assert len(first) == 64


def test_a_deployment_can_be_repeated_and_can_take_the_policy_away(
    aws: LocalAws, stage: RemoteStage, tmp_path: Path
) -> None:
    name = stage.outputs.records_table
    directory = assemblies.write_two_accounts(tmp_path / "again", ACCOUNTS, table=name)
    deployer = Deployer(aws.client, aws.endpoint)
    deployer.deploy(directory)
    away, home = (stage.client("dynamodb", each) for each in (OTHER_REGION, REGION))
    assert away.describe_table(TableName=name)["Table"]["TableStatus"] == "ACTIVE"
    template = directory / "Two-data-backup.template.json"
    told = json.loads(template.read_text())
    del told["Resources"]["Records"]["Properties"]["Replicas"][0]["ResourcePolicy"]
    template.write_text(json.dumps(told))
    deployer.deploy(directory)
    (replica,) = home.describe_table(TableName=name)["Table"]["Replicas"]
    assert replica["ReplicaStatus"] == "REPLICATION_NOT_AUTHORIZED"


def test_a_replica_that_is_not_let_in_fails_its_stack_with_the_reason(
    aws: LocalAws, tmp_path: Path
) -> None:
    directory = assemblies.write_closed(tmp_path, ACCOUNTS, table=unique("closed"))
    with pytest.raises(DeployError, match=r"Outside.*AssociateTableReplica"):
        Deployer(aws.client, aws.endpoint).deploy(directory)
