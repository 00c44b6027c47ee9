"""What else a Region stack promises: functions, machine, queues, outputs, names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import workflows
from cognito_standby.configuration.settings import ConfigurationSettings
from cognito_standby.core.settings import (
    ApiSettings,
    CanarySettings,
    MembersSettings,
    NoteSettings,
    SweepSettings,
    SyncSettings,
    TriggerSettings,
)
from cognito_standby.recovery.settings import (
    FailoverSettings,
    PastSettings,
    PublishSettings,
    SwitchSettings,
)
from cognito_standby.triggers.settings import FenceSettings, Parts, SlotSettings, TokenSettings
from tests.stacks.templates import Assembly, Template, without_hash

FUNCTION = "AWS::Lambda::Function"
OUTPUTS = {
    *("Installation", "Region", "Role", "UserPoolId", "ClientId", "BusName"),
    *("DeadLetterQueueUrl", "ParkedHintsQueueUrl", "LedgerTable", "RecordsTable"),
    *("StateMachineSyncUser", "StateMachineContainFailure", "StateMachineSweepFailures"),
    *("StateMachineMeasureRpo", "StateMachineHintMembers", "StateMachineReconcilePool"),
    *("StateMachineApplyAdminChange", "ChangesTable", "ReconcileBucket"),
    *("StateMachineFailOver", "StateMachineRestorePool", "StateMachineStandDown"),
    *("AdminApiUrl", "AdminApiId", "GatewayLogRole", "ReplaySettings", "Fence"),
    "PoolsAre",
    *("StateMachinePublishActive", "ActiveParameter", "ActiveDocumentUrl", "ArcRegionSwitchArn"),
    *(
        "PostConfirmationArn",
        "PreSignUpArn",
        "PreTokenGenerationArn",
        "PreAuthenticationArn",
        "CustomMessageArn",
        "ArchiveName",
        "AlarmTopicArn",
        "DrillRoleArn",
        "DashboardName",
    ),
}
NAME_KEYS = (
    *("TableName", "QueueName", "FunctionName", "LogGroupName", "StateMachineName", "Name"),
    *("UserPoolName", "ClientName", "AlarmName", "TopicName", "DashboardName", "ArchiveName"),
)


def _functions(template: Template) -> dict[str, dict[str, Any]]:
    return {one["FunctionName"]: one for one in template.of_type(FUNCTION).values()}


FAILOVER = (
    *("plan_failover", "survey_records", "settle_region", "reconcile_region"),
    *("claim_region", "stand_down"),
)
CUSTOM_RESOURCES = {"replica_stream_arn", "announce_api", "gateway_log_role", "announce_pool"}


def test_functions(assembly: Assembly) -> None:
    from stacks.constructs.functions.task_list import TASKS  # noqa: PLC0415 - starts Node

    filled = assembly.config.get("on_demand", {})
    for side, template in zip(("primary", "backup"), assembly.regions, strict=True):
        functions = _functions(template)
        names = {name.split("-", 1)[1] for name in functions}
        wanted = {task.name for task in TASKS} | CUSTOM_RESOURCES
        if not assembly.config.get("failover", {}).get("arc_region_switch"):
            wanted -= {"arc_region_switch"}
        if not filled.get(side):
            wanted -= {"user_migration"}
        assert names == wanted
        for function in functions.values():
            assert function["Runtime"] == "python3.13"
            assert function["Architectures"] == ["arm64"]
            assert function["TracingConfig"] == {"Mode": "Active"}
            assert len(function["Layers"]) == 1
            task = function["FunctionName"].split("-", 1)[1]
            assert function["Handler"] == f"tasks.{task}.handler"
            assert without_hash(function["LoggingConfig"]["LogGroup"]["Ref"]).endswith("Logs")


def test_region_switch_is_told_the_machines(email: Assembly) -> None:
    for template in email.regions:
        switch = SwitchSettings.from_env(_text(_functions(template)["beta-arc_region_switch"]))
        assert "stateMachine:beta-fail_over" in switch.fail_over_machine_arn
        assert "stateMachine:beta-stand_down" in switch.stand_down_machine_arn


def test_functions_are_told_their_settings(standard: Assembly) -> None:
    for template in standard.regions:
        functions = _functions(template)
        trigger = functions.pop("alpha-post_confirmation")
        assert (trigger["Timeout"], trigger["MemorySize"]) == (5, 1024)
        assert TriggerSettings.from_env(_text(trigger)).to_env()
        asked = functions.pop("alpha-pre_sign_up")
        tokens = functions.pop("alpha-pre_token_generation")
        assert (asked["Timeout"], tokens["Timeout"]) == (5, 5), "Cognito waits no longer"
        doors = [
            functions.pop(f"alpha-{name}") for name in ("pre_authentication", "custom_message")
        ]
        for each in (asked, *doors):
            assert SlotSettings.from_env(_text(each)).parts == Parts(marked=True)
        for each in (asked, tokens, *doors):
            told = FenceSettings.from_env(_text(each))
            assert told.role_seconds == 5
            assert (told.fence.on, told.fence.installation) == (True, "alpha")
            regions = (told.fence.primary_region, told.fence.backup_region)
            assert regions == ("us-east-1", "us-west-2")
            assert told.fence.records_table == "alpha-records"
        assert TokenSettings.from_env(_text(tokens)).parts == Parts(
            *("", "origin_sub"), marked=True, home=True
        )
        functions.pop("alpha-replica_stream_arn")
        note = NoteSettings.from_env(_text(functions.pop("alpha-note_failure")))
        assert (note.installation_name, note.keep_seconds) == ("alpha", 14 * 86_400)
        canary = CanarySettings.from_env(_text(functions.pop("alpha-measure_rpo")))
        assert canary.canary_seconds == 300
        sweep = functions.pop("alpha-sweep_failures")
        assert sweep["Timeout"] == 60
        machines = SweepSettings.from_env(_text(sweep)).machine_arns
        assert any("stateMachine:alpha-sync_user" in arn for arn in machines)
        members = functions.pop("alpha-hint_members")
        assert members["Timeout"] == 60
        assert MembersSettings.from_env(_text(members)).records_table == "alpha-records"
        functions.pop("alpha-announce_api")
        functions.pop("alpha-announce_pool")
        keeps = functions.pop("alpha-snapshot_configuration")
        assert ConfigurationSettings.from_env(_text(keeps)).created
        publishes = PublishSettings.from_env(_text(functions.pop("alpha-publish_active")))
        assert publishes.active_parameter == "/alpha/active"
        assert (publishes.public_document, publishes.authentication_limit) == ("on", 0)
        functions.pop("alpha-gateway_log_role")
        for name in ("open_past_table", "close_past_table"):
            past = PastSettings.from_env(_text(functions.pop(f"alpha-{name}")))
            assert past == PastSettings("alpha-records", "alpha.past.")
        for name in FAILOVER:
            failover = FailoverSettings.from_env(_text(functions.pop(f"alpha-{name}")))
            assert any("alpha-sync_user" in arn for arn in failover.replaying_machines)
            assert "stateMachine:alpha-reconcile_pool" in failover.reconcile_machine_arn
        api = functions.pop("alpha-admin_api")
        assert (api["Timeout"], api["MemorySize"]) == (28, 1024), "the gateway waits 29 s"
        served = ApiSettings.from_env(_text(api))
        assert (served.wait_seconds, served.changes_table != "") == (10, True)
        for function in functions.values():
            settings = SyncSettings.from_env(_text(function))
            assert (settings.primary_region, settings.backup_region) == ("us-east-1", "us-west-2")
            assert settings.records_table == "alpha-records"
            assert settings.lease_seconds == 90
            assert function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == "alpha"


def test_who_has_concurrency_of_their_own(standard: Assembly, email: Assembly) -> None:
    """400, 150 and 240: what Cognito's default quotas can ask for at once; the figures are found by
    simulation. 250: where an owner's function is asked."""
    each = {"post_confirmation": 400, "pre_sign_up": 150, "custom_message": 240}
    expected = {f"alpha-{name}": number for name, number in each.items()}
    named = {f"beta-{name}": number for name, number in (each | {"pre_sign_up": 250}).items()}
    for assembly, wanted in ((standard, expected), (email, named)):
        for template in assembly.regions:
            reserved = {
                name: function["ReservedConcurrentExecutions"]
                for name, function in _functions(template).items()
                if "ReservedConcurrentExecutions" in function
            }
            assert reserved == wanted


def test_nothing_is_reserved_on_request(detached: Assembly) -> None:
    for template in detached.regions:
        told = _functions(template).values()
        assert not any("ReservedConcurrentExecutions" in function for function in told)


def _text(function: dict[str, Any]) -> dict[str, str]:
    variables = function["Environment"]["Variables"]
    return {
        name: value if isinstance(value, str) else str(value) for name, value in variables.items()
    }


def test_assets_hold_only_what_runs(standard: Assembly) -> None:
    manifest = json.loads((standard.directory / f"{standard.primary.name}.assets.json").read_text())
    places = [
        standard.directory / one["source"]["path"]
        for one in manifest["files"].values()
        if one["source"]["packaging"] == "zip"
    ]
    (code,) = [place for place in places if (place / "tasks").is_dir()]
    assert {path.name for path in code.iterdir()} == {"cognito_standby", "tasks"}
    files = {path.relative_to(code) for path in code.rglob("*") if path.is_file()}
    assert Path("tasks/post_confirmation.py") in files
    for path in files:
        assert path.suffix == ".py", path
        assert not {"cli", "console", "operator", "tests", "__pycache__"} & set(path.parts)


def test_log_groups(assembly: Assembly) -> None:
    days = assembly.config.get("retention", {}).get("logs_days", 30)
    for template in assembly.regions:
        groups = template.of_type("AWS::Logs::LogGroup")
        assert len(groups) == len(_functions(template)) + len(workflows.names()) + 1, "the gateway"
        for group in groups.values():
            assert group["RetentionInDays"] == days
            assert ("KmsKeyId" in group) is ("kms_keys" in assembly.config)


def test_queues(assembly: Assembly) -> None:
    days = assembly.config.get("retention", {}).get("dead_letters_days", 14)
    for template in assembly.regions:
        queues = template.of_type("AWS::SQS::Queue")
        assert len(queues) == 2
        for queue in queues.values():
            assert queue["MessageRetentionPeriod"] == days * 86_400
            own_key = "kms_keys" in assembly.config
            assert ("KmsMasterKeyId" in queue) is own_key
            assert (queue.get("SqsManagedSseEnabled") is True) is not own_key


@pytest.mark.parametrize("name", workflows.names())
def test_the_machines(standard: Assembly, name: str) -> None:
    for template in standard.regions:
        found = template.of_type("AWS::StepFunctions::StateMachine").values()
        (machine,) = [one for one in found if one["StateMachineName"] == f"alpha-{name}"]
        assert machine["StateMachineType"] == "STANDARD"
        assert machine["TracingConfiguration"] == {"Enabled": True}
        logging = machine["LoggingConfiguration"]
        assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
        assert machine["DefinitionString"] == workflows.load(name).text
        for placeholder, value in machine["DefinitionSubstitutions"].items():
            if placeholder.endswith("_arn"):
                called = without_hash(value["Fn::GetAtt"][0])
                expected = placeholder.removesuffix("_arn").replace("_", "")
                assert called == f"{expected}Function"
        (group,) = [
            one
            for one in template.of_type("AWS::Logs::LogGroup").values()
            if one["LogGroupName"] == f"/aws/vendedlogs/states/alpha-{name}"
        ]
        assert group


def test_outputs(assembly: Assembly) -> None:
    for template, role in zip(assembly.regions, ("primary", "backup"), strict=True):
        outputs = template.body["Outputs"]
        filled = assembly.config.get("on_demand", {}).get(role)
        assert set(outputs) == OUTPUTS | ({"UserMigrationArn"} if filled else set())
        created = bool(assembly.config["pools"].get("create"))
        assert outputs["PoolsAre"]["Value"] == ("created" if created else "existing")
        assert outputs["Role"]["Value"] == role
        assert outputs["Installation"]["Value"] == assembly.config["installation"]
        assert outputs["Region"]["Value"] == assembly.config[f"{role}_region"]


def _physical_names(assembly: Assembly) -> Iterator[str]:
    for template in (assembly.data, *assembly.regions):
        yield template.name
        for resource in template.resources.values():
            if resource["Type"] == "AWS::ApiGateway::Model":
                continue  # a name within its API
            for key in NAME_KEYS:
                if isinstance(name := resource.get("Properties", {}).get(key), str):
                    yield name


def test_two_installations_share_no_physical_name(standard: Assembly, email: Assembly) -> None:
    first, second = set(_physical_names(standard)), set(_physical_names(email))
    assert len(first) > 15
    assert not first & second
    for name in first:
        assert name.rsplit("/", 1)[-1].startswith("alpha-")
    assert not [name for name in second if "alpha" in name]


def test_nothing_names_the_other_region_but_the_table_and_the_settings(
    standard: Assembly,
) -> None:
    """Only DynamoDB crosses Regions. Whoever fails over looks at both Regions' stacks."""
    for template, other in ((standard.primary, "us-west-2"), (standard.backup, "us-east-1")):
        for key, resource in template.resources.items():
            text = json.dumps({k: v for k, v in resource.items() if k != "Metadata"})
            if resource["Type"] == "AWS::CloudWatch::Alarm" and "ReceivingRegion" in text:
                continue
            if resource["Type"] != FUNCTION and not key.startswith("DisasterRecovery"):
                assert other not in text, key


@pytest.mark.parametrize("variant", ["standard", "existing"])
def test_tags(variant: str, request: pytest.FixtureRequest) -> None:
    assembly: Assembly = request.getfixturevalue(variant)
    expected = {
        "cognito-standby": assembly.config["installation"],
        **assembly.config.get("tags", {}),
    }
    for queue in assembly.primary.of_type("AWS::SQS::Queue").values():
        assert {one["Key"]: one["Value"] for one in queue["Tags"]} == expected


def test_deployment_order_and_protection(standard: Assembly, email: Assembly) -> None:
    for assembly, protected in ((standard, True), (email, False)):
        manifest = json.loads((assembly.directory / "manifest.json").read_text())["artifacts"]
        for template in assembly.regions:
            stack = manifest[template.name]
            assert assembly.data.name in stack["dependencies"]
            assert stack["properties"].get("terminationProtection") == protected


def test_bootstrap_qualifier(standard: Assembly, existing: Assembly) -> None:
    for assembly, qualifier in ((standard, "hnb659fds"), (existing, "custom1")):
        parameter = assembly.primary.body["Parameters"]["BootstrapVersion"]
        assert parameter["Default"] == f"/cdk-bootstrap/{qualifier}/version"


def test_a_stack_has_room_within_cloudformations_limits(assembly: Assembly) -> None:
    """500 resources and 200 outputs (CloudFormation user guide, "Quotas"). The variants leave out a
    dozen resources that other configurations add."""
    for template in (assembly.data, *assembly.regions):
        assert len(template.resources) <= 490
        assert len(template.body.get("Outputs", {})) <= 190
