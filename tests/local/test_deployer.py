"""The deployer, through CloudFormation, with an assembly of two Regions."""

import json
from pathlib import Path

import pytest

from local.assembly import Assembly, AssemblyError, Asset
from local.deployer import Deployer, DeployError, prolong_triggers, set_variables
from local.emulator import LocalAws
from local.outputs import OutputsError, StageOutputs
from tests.local import assemblies
from tests.local.conftest import OTHER_REGION, REGION, eventually, function, received, unique

pytestmark = pytest.mark.local_aws


@pytest.fixture(scope="package")
def deployed(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    directory = assemblies.write(tmp_path_factory.mktemp("assembly"))
    return Deployer(aws.client, aws.endpoint).deploy(directory)


def test_stacks_come_after_those_they_depend_on(tmp_path: Path) -> None:
    order = [stack.name for stack in Assembly(assemblies.write(tmp_path)).in_order()]
    assert order == ["Data", "Region-primary", "Region-backup"]


def test_each_region_gets_its_stack_and_reads_its_own_stream(
    deployed: dict[str, dict[str, str]],
) -> None:
    assert set(deployed) == {"Data", "Region-primary", "Region-backup"}
    for name, region in (("Region-primary", REGION), ("Region-backup", OTHER_REGION)):
        assert f":dynamodb:{region}:" in deployed[name]["StreamArn"]


def test_replicas_have_their_stream_and_protection(
    aws: LocalAws, deployed: dict[str, dict[str, str]]
) -> None:
    for region in (REGION, OTHER_REGION):
        table = aws.client("dynamodb", region).describe_table(TableName=assemblies.TABLE)["Table"]
        assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
        assert table["DeletionProtectionEnabled"]
        ttl = aws.client("dynamodb", region).describe_time_to_live(TableName=assemblies.TABLE)
        assert ttl["TimeToLiveDescription"]["AttributeName"] == "expires_at"


def test_a_write_in_one_region_starts_one_execution_in_the_other(
    aws: LocalAws, deployed: dict[str, dict[str, str]]
) -> None:
    person = unique("person")
    table = aws.client("dynamodb", REGION)
    for sub in (person, "claim#us-east-1"):
        item = {
            "origin_sub": {"S": sub},
            "region": {"S": REGION},
            "name": {"S": "not for the input"},
        }
        table.put_item(TableName=assemblies.TABLE, Item=item)
    machine = deployed["Region-backup"]["StateMachineSyncUser"]
    states = aws.client("stepfunctions", OTHER_REGION)
    runs = eventually(lambda: states.list_executions(stateMachineArn=machine)["executions"])
    given = states.describe_execution(executionArn=runs[0]["executionArn"])["input"]
    assert [json.loads(given), len(runs)] == [[{"origin_sub": person}], 1]
    home = deployed["Region-primary"]["StateMachineSyncUser"]
    assert not aws.client("stepfunctions", REGION).list_executions(stateMachineArn=home)[
        "executions"
    ]
    assert not received(aws, deployed["Region-backup"]["DeadLetterQueueUrl"], OTHER_REGION)


def test_outputs_have_the_promised_shape(
    aws: LocalAws, deployed: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    outputs = StageOutputs.of(aws.endpoint, aws.account, deployed)
    outputs.write(tmp_path / "here" / "outputs.json")
    written = json.loads((tmp_path / "here" / "outputs.json").read_text())
    assert set(written) == {"endpoint", "account", "records_table", "primary", "backup"}
    keys = {"region", "user_pool_id", "client_id", "state_machines", "bus"}
    keys |= {"dead_letter_queue_url", "ledger_table", "admin_api", "reconcile_bucket"}
    keys |= {"active_parameter", "active_document", "account"}
    assert set(written["backup"]) == keys
    assert list(written["primary"]["state_machines"]) == ["sync_user"]
    assert StageOutputs.read(tmp_path / "here" / "outputs.json") == outputs


def test_a_deployment_can_be_repeated(
    aws: LocalAws, deployed: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    again = Deployer(aws.client, aws.endpoint).deploy(assemblies.write(tmp_path))
    assert again["Region-primary"]["UserPoolId"] == deployed["Region-primary"]["UserPoolId"]


def test_only_what_is_named_is_deployed(
    aws: LocalAws, deployed: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    told: list[str] = []
    directory, only = assemblies.write(tmp_path), ("Data", "Region-backup")
    deployer = Deployer(aws.client, aws.endpoint)
    assert set(deployer.deploy(directory, lambda stack: told.append(stack.name), only)) == {*only}
    assert told == [*only]


def test_a_failure_names_the_resource_and_the_reason(aws: LocalAws, tmp_path: Path) -> None:
    directory = assemblies.write_broken(tmp_path)
    with pytest.raises(
        DeployError, match=r"Broken.*Stream \(Custom::StreamArn\): ResourceNotFound"
    ):
        Deployer(aws.client, aws.endpoint).deploy(directory)


def test_zips_do_not_depend_on_dates(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x")
    asset = Asset(tmp_path, "bucket", "key", empty=False)
    first = asset.content()
    (tmp_path / "a.py").touch()
    assert asset.content() == first


@pytest.mark.parametrize("content", [None, '{"artifacts": {}}'])
def test_a_directory_without_stacks_is_refused(tmp_path: Path, content: str | None) -> None:
    if content:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(AssemblyError, match="holds no"):
        Assembly(tmp_path)


def test_outputs_without_a_role_are_refused() -> None:
    with pytest.raises(OutputsError, match="backup"):
        StageOutputs.of("http://x", "1", {"A": {"Role": "primary", "UserPoolId": "p"}})


def test_a_variable_is_replaced_where_there_is_one(aws: LocalAws) -> None:
    source = "import os\ndef handler(event, _):\n    return os.environ.get('ONE', 'none')\n"
    client = aws.client("lambda", REGION)
    told, untold = (function(aws, source) for _ in range(2))
    client.update_function_configuration(
        FunctionName=told, Environment={"Variables": {"ONE": "1", "TWO": "2"}}
    )
    set_variables(client, {"ONE": "another"})
    answers = [client.invoke(FunctionName=name)["Payload"].read() for name in (told, untold)]
    assert answers == [b'"another"', b'"none"']
    kept = client.get_function_configuration(FunctionName=told)["Environment"]["Variables"]
    assert kept == {"ONE": "another", "TWO": "2"}


def test_triggers_get_as_long_as_cognito_waits(aws: LocalAws) -> None:
    alone = "eu-west-3"
    client = aws.client("lambda", alone)
    source = "def handler(event, context): return context.get_remaining_time_in_millis()"
    trigger, other = (function(aws, source, alone, seconds) for seconds in (5, 30))
    prolong_triggers(client, 5.0)
    told = client.get_function_configuration(FunctionName=trigger)
    assert told["Timeout"] == 5
    prolong_triggers(client, 59.5)
    kept = [
        client.get_function_configuration(FunctionName=one)["Timeout"] for one in (trigger, other)
    ]
    assert kept == [60, 30]
    assert float(client.invoke(FunctionName=trigger)["Payload"].read()) > 30_000
