"""Reconciliation: its bucket, what its machine and functions are told, when it starts."""

from __future__ import annotations

import json

import pytest

from cognito_standby.reconciliation.domain.brake import Limits
from tests.stacks.templates import Assembly, Template, listed, without_hash

_MACHINE = "reconcilepool"
"""Of its logical id."""


def _bucket(template: Template) -> dict[str, object]:
    found = template.named("RunsBucket")
    return {**found["Properties"], "DeletionPolicy": found["DeletionPolicy"]}


def test_the_bucket_is_private_and_encrypted(assembly: Assembly) -> None:
    installation = assembly.config["installation"]
    own_key = "kms_keys" in assembly.config
    for template in assembly.regions:
        bucket = _bucket(template)
        assert str(bucket["BucketName"]).startswith(f"{installation}-reconcile-111111111111-")
        public = bucket["PublicAccessBlockConfiguration"]
        assert isinstance(public, dict)
        assert len(public) == 4
        assert all(public.values())
        rules = str(bucket["BucketEncryption"])
        assert ("aws:kms" if own_key else "AES256") in rules
        protected = assembly.config.get("protect_data", True)
        assert bucket["DeletionPolicy"] == ("RetainExceptOnCreate" if protected else "Delete")
        assert "VersioningConfiguration" not in bucket


def test_nobody_reads_the_bucket_in_the_clear(assembly: Assembly) -> None:
    for template in assembly.regions:
        policies = template.of_type("AWS::S3::BucketPolicy").values()
        (policy,) = [p for p in policies if without_hash(p["Bucket"]["Ref"]) == "RunsBucket"]
        statement, _of_document = policy["PolicyDocument"]["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_runs_and_reports_expire_by_themselves(assembly: Assembly) -> None:
    reports = assembly.config.get("retention", {}).get("reports_days", 400)
    for template in assembly.regions:
        lifecycle = _bucket(template)["LifecycleConfiguration"]
        assert isinstance(lifecycle, dict)
        days = {rule["Prefix"]: rule["ExpirationInDays"] for rule in lifecycle["Rules"]}
        assert days == {"runs/": 30, "reports/": reports, "drills/": reports}


def test_nobody_here_answers_the_brakes_question(assembly: Assembly) -> None:
    for template in assembly.regions:
        actions = {a for _, one in template.statements() for a in listed(one["Action"])}
        assert not {action for action in actions if action.startswith("states:SendTask")}


@pytest.mark.parametrize(
    ("holder", "keys"),
    [
        ("openrun", [["#run", "#pool"], ["#address"], ["#notes", "#pool"], ["#pool#*"]]),
        ("planrepairs", [["#run", "#pool"], ["#pool#*"], ["#question*"]]),
        ("askoperator", [["#question*"]]),
        ("judgedrift", [["#run", "#pool"], ["#notes", "#pool"], ["#pool#*"]]),
        ("writereport", [["#question*"], ["#notes", "#pool"], ["#pool#*"], ["#config"]]),
        ("closerun", [["#run", "#pool"], ["#question*"]]),
    ],
)
def test_notes_are_kept_under_their_own_keys(
    standard: Assembly, holder: str, keys: list[object]
) -> None:
    for template in standard.regions:
        policy = template.named(f"{holder}RoleDefaultPolicy")["Properties"]["PolicyDocument"]
        listed_keys = [
            one["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
            for one in policy["Statement"]
            if "Condition" in one
        ]
        assert listed_keys == keys


def test_only_the_repair_writes_to_the_pool_and_its_calls_are_no_hints(standard: Assembly) -> None:
    writers = ("Create", "Update", "Delete", "Enable", "Disable", "Set", "Add", "Remove")
    for template in standard.regions:
        found = set()
        for holder, statement in template.statements():
            names = [name.split(":")[-1] for name in listed(statement["Action"])]
            if any(name.startswith(tuple(f"Admin{verb}" for verb in writers)) for name in names):
                found.add(holder.removesuffix("RoleDefaultPolicy"))
        steps = {"openrun", "planlisting", "listpart", "comparebucket", "repairbatch"}
        assert found & steps == {"repairbatch"}
        admin = next(
            rule
            for rule in template.of_type("AWS::Events::Rule").values()
            if rule["Name"].endswith("cloudtrail-admin")
        )
        assert "repairbatchRole" in json.dumps(admin["EventPattern"])


def test_functions_are_told_what_the_config_says(assembly: Assembly) -> None:
    wanted = assembly.config.get("reconcile", {})
    for template in assembly.regions:
        told = template.named("listpartFunction")["Properties"]["Environment"]["Variables"]
        assert float(told["QUOTA_SHARE"]) == wanted.get("quota_share", 0.5)
        assert int(told["CONCURRENCY"]) == wanted.get("concurrency", 16)
        quotas = json.loads(told["QUOTAS"])
        assert quotas["UserList"] == wanted.get("quotas", {}).get("UserList", 30)
        assert quotas["UserPoolRead"] == 15
        assert Limits(**json.loads(told["BRAKE"])) == Limits()
        assert told["APPROVAL_SECONDS"] == "86400"
        days = (told["DELETION_GRACE_DAYS"], told["RECORD_TOMBSTONE_DAYS"])
        assert days == ("7", "30")


def test_the_machine_runs_children_of_its_own_and_reads_their_work(standard: Assembly) -> None:
    for template in standard.regions:
        policy = template.named("reconcilepoolRoleDefaultPolicy")["Properties"]["PolicyDocument"]
        actions = {a for one in policy["Statement"] for a in listed(one["Action"])}
        wanted = {"Start", "Describe", "Stop", "Redrive"}
        assert {f"states:{verb}Execution" for verb in wanted} <= actions
        assert "s3:GetObject" in actions
        assert "s3:PutObject" not in actions


def test_nobody_asked_for_a_run_that_the_stack_starts(assembly: Assembly) -> None:
    """What the input does not call scheduled counts as a person's: it fills a pool unasked."""
    for template in assembly.regions:
        targets = [
            (rule["Name"], target["Arn"], target.get("Input"))
            for rule in template.of_type("AWS::Events::Rule").values()
            for target in rule["Targets"]
        ]
        for schedule in template.of_type("AWS::Scheduler::Schedule").values():
            target = schedule["Target"]
            targets.append((schedule["Name"], target["Arn"], target.get("Input")))
        ours = [(name, given) for name, arn, given in targets if _MACHINE in str(arn)]
        told = {name: json.loads(given or "null") for name, given in ours}
        assert {name.partition("-")[2] for name in told} == {"cloudtrail-recoveries", "reconcile"}
        assert all(given == {"scheduled": True} for given in told.values()), told
