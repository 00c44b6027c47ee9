"""A standby in an account of its own: who may do what in the other one.

The stacks of the tables are synthesized by themselves, which is quick; those of the Regions are
judged by the tests marked `full`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local.rights.judge import decide
from local.rights.model import Access, ServicePrincipal, context_of
from local.rights.policies import Policy
from local.rights.policies import parse as parse_policy
from stacks.config.source import parse
from stacks.packaged_node import use_packaged_node
from tests.stacks.policies_of_templates import documents, plain
from tests.stacks.templates import Assembly, Template, listed, without_hash
from tests.stacks.variants import ACCOUNT, APART

ROOT = Path(__file__).parents[2]
OTHER = str(APART["backup_account"])
PRIMARY, BACKUP = str(APART["primary_region"]), str(APART["backup_region"])
TABLE = "table/omega-records"
SOURCE = f"arn:aws:dynamodb:{PRIMARY}:{ACCOUNT}:{TABLE}"
REPLICA = f"arn:aws:dynamodb:{BACKUP}:{OTHER}:{TABLE}"
GLOBAL_TABLE, SECRET = "AWS::DynamoDB::GlobalTable", "AWS::SecretsManager::Secret"
REPLICATION = "replication.dynamodb.amazonaws.com"
REPLICATES = ("ReadDataForReplication", "WriteDataForReplication", "ReplicateSettings")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Template, Template]:
    """The source's stack and the replica's."""
    use_packaged_node()
    # Not at the top: aws_cdk starts Node, which must be told where it is first.
    from aws_cdk import App  # noqa: PLC0415

    from stacks.data_stack import DataStack  # noqa: PLC0415
    from stacks.names import Names  # noqa: PLC0415
    from stacks.replica_stack import ReplicaStack  # noqa: PLC0415
    from stacks.settings import StackSettings  # noqa: PLC0415

    out = tmp_path_factory.mktemp("tables")
    app = App(outdir=str(out), analytics_reporting=False)
    settings, names = StackSettings(parse(APART, "apart"), ROOT, out), Names("omega")
    DataStack(app, names=names, settings=settings)
    ReplicaStack(app, names=names, settings=settings)
    app.synth()
    source, replica = (
        Template(f"omega-{each}", json.loads((out / f"omega-{each}.template.json").read_text()))
        for each in ("data", "replica")
    )
    return source, replica


def _policy(template: Template) -> Policy:
    (replica,) = template.only(GLOBAL_TABLE)["Replicas"]
    return parse_policy(plain(template, replica["ResourcePolicy"]["PolicyDocument"]), template.name)


def _replicates(policy: Policy, table: str, action: str, source: str, account: str) -> bool:
    told = context_of({"aws:SourceArn": source, "aws:SourceAccount": account})
    access = Access(f"dynamodb:{action}", table, told)
    service = ServicePrincipal(REPLICATION, source, account)
    return decide(access, service, resource_policy=policy).allowed


def test_each_table_lets_dynamodb_replicate_for_both_and_for_no_other(
    tables: tuple[Template, Template],
) -> None:
    for template, own in zip(tables, (SOURCE, REPLICA), strict=True):
        policy = _policy(template)
        for action in REPLICATES:
            assert _replicates(policy, own, action, SOURCE, ACCOUNT)
            assert _replicates(policy, own, action, REPLICA, OTHER)
            for source, account in (
                (f"arn:aws:dynamodb:{BACKUP}:{OTHER}:table/omega-records-2", OTHER),
                (f"arn:aws:dynamodb:eu-west-1:{OTHER}:{TABLE}", OTHER),
                (f"arn:aws:dynamodb:{BACKUP}:333333333333:{TABLE}", "333333333333"),
            ):
                assert not _replicates(policy, own, action, source, account), source
        assert not _replicates(policy, own, "PutItem", SOURCE, ACCOUNT)


def test_the_other_account_may_join_the_source_and_nothing_else(
    tables: tuple[Template, Template],
) -> None:
    named = [
        [
            (one.principals.aws, one.actions.values, one.resources and one.resources.values)
            for one in _policy(template).statements
            if one.principals and one.principals.aws
        ]
        for template in tables
    ]
    root = (f"arn:aws:iam::{OTHER}:root",)
    assert named == [[(root, ("dynamodb:AssociateTableReplica",), (SOURCE,))], []]


def test_the_replica_follows_the_source(tables: tuple[Template, Template]) -> None:
    source, replica = (one.only(GLOBAL_TABLE) for one in tables)
    assert replica["GlobalTableSourceArn"] == SOURCE
    assert source["TableName"] == replica["TableName"] == "omega-records"
    # Keys, indexes, stream, billing are the source's: CloudFormation takes no others.
    assert set(replica) == {"GlobalTableSourceArn", "Replicas", "SSESpecification", "TableName"}
    for table, region in ((source, PRIMARY), (replica, BACKUP)):
        (one,) = table["Replicas"]
        assert one["Region"] == region
        assert one["GlobalTableSettingsReplicationMode"] == "ENABLED"
        assert one["DeletionProtectionEnabled"] is True
        assert one["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["SSESpecification"] == {"SSEEnabled": False}, "AWS's managed key is not taken"
    # The source's come by the app's own tags; CloudFormation has none for a replica's resource.
    assert {"Key": "team", "Value": "identity"} in replica["Replicas"][0]["Tags"]
    for template in tables:
        assert template.named("Records")["DeletionPolicy"] == "RetainExceptOnCreate"


def test_what_holds_data_keeps_its_ids(tables: tuple[Template, Template]) -> None:
    """The source's are those of an installation in one account, which can be moved."""
    source, replica = tables
    assert set(source.resources) == {"Records091F6ECA", "NamesKey"}
    assert set(replica.resources) == {"Records", "NamesKey"}


def test_the_key_of_the_index_of_names_is_made_once(tables: tuple[Template, Template]) -> None:
    source, replica = (one.only(SECRET) for one in tables)
    assert source["Name"] == replica["Name"] == "omega-names"
    assert "GenerateSecretString" in source
    assert "ReplicaRegions" not in source, "no secret is replicated into another account"
    assert not {"GenerateSecretString", "SecretString"} & set(replica), "the deployment brings it"


@pytest.fixture(scope="module")
def apart(synthesizer: Any) -> Assembly:
    found: Assembly = synthesizer.assembly("apart")
    return found


@pytest.mark.full
def test_each_stack_is_deployed_into_its_own_account(apart: Assembly) -> None:
    artifacts = json.loads((apart.directory / "manifest.json").read_text())["artifacts"]
    stacks = {n: one for n, one in artifacts.items() if one["type"] == "aws:cloudformation:stack"}
    assert {name: one["environment"] for name, one in stacks.items()} == {
        "omega-data": f"aws://{ACCOUNT}/{PRIMARY}",
        "omega-replica": f"aws://{OTHER}/{BACKUP}",
        f"omega-{PRIMARY}": f"aws://{ACCOUNT}/{PRIMARY}",
        f"omega-{BACKUP}": f"aws://{OTHER}/{BACKUP}",
    }


@pytest.mark.full
def test_no_stack_of_a_region_knows_the_other_account(apart: Assembly) -> None:
    """Neither in a policy, nor in what a function is told. What names no account is judged by the
    policies of resources: nobody of another account is in them."""
    for template, other in zip(apart.regions, (OTHER, ACCOUNT), strict=True):
        assert other not in json.dumps(template.body)
        for name, document in documents(template):
            for statement in document["Statement"]:
                everybody = "*" in _principals(statement)
                unbound = statement["Effect"] == "Allow" and "Condition" not in statement
                assert not (everybody and unbound), name


def _principals(statement: dict[str, Any]) -> list[Any]:
    named = statement.get("Principal", {})
    return ["*"] if named == "*" else listed(named.get("AWS", []))


@pytest.mark.full
def test_roles_for_people_trust_nobody_of_the_other_account(apart: Assembly) -> None:
    for template, own in zip(apart.regions, (ACCOUNT, OTHER), strict=True):
        roles = template.of_type("AWS::IAM::Role")
        (role,) = (one for key, one in roles.items() if without_hash(key) == "DisasterRecoveryRole")
        trusted = [
            arn
            for statement in role["AssumeRolePolicyDocument"]["Statement"]
            for arn in _principals(statement)
        ]
        assert sorted(trusted) == [
            *sorted((f"arn:aws:iam::{own}:role/on-call", "arn:aws:iam::333333333333:role/people"))
        ]
        assert role["PermissionsBoundary"] == f"arn:aws:iam::{own}:policy/boundary"


@pytest.mark.full
def test_each_region_watches_that_the_tables_replicate(apart: Assembly) -> None:
    for template, other in zip(apart.regions, (BACKUP, PRIMARY), strict=True):
        alarms = template.of_type("AWS::CloudWatch::Alarm").values()
        (alarm,) = (one for one in alarms if one["AlarmName"] == "omega-replication-stopped")
        assert (alarm["MetricName"], alarm["Threshold"]) == ("ReplicationStopped", 0)
        assert alarm["Period"] <= 3 * 3600, "well within the twenty hours"
        functions = template.of_type("AWS::Lambda::Function").values()
        (sweep,) = (one for one in functions if one["FunctionName"] == "omega-sweep_failures")
        assert sweep["Environment"]["Variables"]["OTHER_ACCOUNT_REGION"] == other


@pytest.mark.full
def test_a_stack_has_room(apart: Assembly) -> None:
    assert all(len(template.resources) <= 480 for template in apart.regions)


@pytest.mark.full
def test_cdk_nag_finds_nothing_unexplained_in_two_accounts(apart: Assembly) -> None:
    report = json.loads((apart.directory / "validation-report.json").read_text())
    assert report["pluginReports"] == []
