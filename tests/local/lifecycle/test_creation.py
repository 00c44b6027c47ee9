"""A creation that fails: what stays, and how it is repeated."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from local.formation import DeployError
from local.gaps.stack_lifecycle.names import NAMED
from tests.local.conftest import REGION, ROLE, unique
from tests.local.lifecycle.trials import (
    DELETING,
    EXCEPT_ON_CREATE,
    KEEPING,
    Account,
    after,
    bucket,
    code_of,
    global_table,
    pool,
    table,
)

pytestmark = pytest.mark.local_aws
_MACHINE = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
_QUEUE = f"arn:aws:sqs:{REGION}:111111111111:q"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "a.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
_ALARM = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1}
_FUNCTION = {"Runtime": "python3.13", "Handler": "index.handler", "Role": ROLE}
PROPERTIES: dict[str, dict[str, Any]] = {
    "AWS::DynamoDB::Table": table("")["Properties"],
    "AWS::DynamoDB::GlobalTable": global_table("", DELETING, REGION)["Properties"],
    "AWS::CloudWatch::Alarm": {
        **_ALARM,
        **{"MetricName": "m", "Namespace": "n", "Period": 60, "Statistic": "Sum"},
    },
    "AWS::CloudWatch::Dashboard": {"DashboardBody": '{"widgets": []}'},
    "AWS::Events::Rule": {"EventPattern": {"source": ["trial"]}},
    "AWS::IAM::Role": {"AssumeRolePolicyDocument": _TRUST},
    "AWS::Lambda::Function": {**_FUNCTION, "Code": {"ZipFile": "def handler(a, b): pass"}},
    "AWS::Logs::LogGroup": {},
    "AWS::Pipes::Pipe": {"RoleArn": ROLE, "Source": _QUEUE, "Target": _QUEUE},
    "AWS::SNS::Topic": {},
    "AWS::SQS::Queue": {},
    "AWS::Scheduler::Schedule": {
        "ScheduleExpression": "rate(1 day)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": _QUEUE, "RoleArn": ROLE},
    },
    "AWS::StepFunctions::StateMachine": {"RoleArn": ROLE, "DefinitionString": _MACHINE},
}


@pytest.mark.parametrize("kind", sorted(NAMED))
def test_a_name_that_is_taken_fails_the_creation(account: Account, kind: str) -> None:
    properties = {**PROPERTIES[kind], NAMED[kind].property: unique("name")}
    wanted = {"One": {"Type": kind, "Properties": properties}}
    first, second = unique("first"), unique("second")
    account.cloudformation.create_stack(
        StackName=first, TemplateBody=json.dumps({"Resources": wanted}), Capabilities=_NAMED
    )
    assert account.settled(first) == "CREATE_COMPLETE"
    account.cloudformation.create_stack(
        StackName=second, TemplateBody=json.dumps({"Resources": wanted}), Capabilities=_NAMED
    )
    assert account.settled(second) == "ROLLBACK_COMPLETE"
    account.delete(second)
    account.delete(first)
    with pytest.raises(ClientError, match="does not exist"):
        account.status(first)


_NAMED = ["CAPABILITY_NAMED_IAM"]


@pytest.mark.parametrize(
    ("policy", "stays"), [(DELETING, False), (EXCEPT_ON_CREATE, False), (KEEPING, True)]
)
def test_only_retain_keeps_what_a_failed_creation_made(
    account: Account, taken: str, policy: str, stays: bool
) -> None:
    name, stack = unique("made"), unique("stack")
    wanted = {"Made": table(name, policy), "Fails": after(table(taken, DELETING), "Made")}
    with pytest.raises(DeployError, match="Fails"):
        account.deploy(stack, wanted, import_existing=False)
    assert account.status(stack) == "ROLLBACK_COMPLETE"
    assert account.has_table(name) is stays


def test_a_pool_that_is_protected_from_the_first_cannot_be_rolled_back(
    account: Account, taken: str
) -> None:
    stack = unique("stack")
    wanted = {"Pool": pool(protected=True), "Fails": after(table(taken), "Pool")}
    with pytest.raises(DeployError, match="Fails"):
        account.deploy(stack, wanted, import_existing=False)
    assert account.status(stack) == "ROLLBACK_FAILED"
    assert ("Pool", "DELETE_FAILED") in account.steps(stack)


def test_a_rolled_back_stack_is_deleted_and_created_again(account: Account, taken: str) -> None:
    stack, name = unique("stack"), unique("made")
    good = {"Made": table(name, EXCEPT_ON_CREATE)}
    bad = {**good, "Fails": after(table(taken), "Made")}
    with pytest.raises(DeployError):
        account.deploy(stack, bad, import_existing=False)
    with pytest.raises(ClientError) as refused:
        account.cloudformation.create_stack(
            StackName=stack, TemplateBody=json.dumps({"Resources": good})
        )
    assert code_of(refused.value) == "AlreadyExistsException"
    account.deploy(stack, good)
    assert account.status(stack) == "CREATE_COMPLETE"
    assert account.has_table(name)


def test_termination_protection_makes_a_failed_creation_final(account: Account, taken: str) -> None:
    """Why no stack of ours is protected before it stands."""
    stack = unique("stack")
    bad = {"Fails": table(taken)}
    with pytest.raises(DeployError):
        account.deploy(stack, bad, protected=True, import_existing=False)
    with pytest.raises(DeployError, match="TerminationProtection is enabled"):
        account.deploy(stack, {"Made": table(unique("made"))}, protected=True)


def test_a_kept_table_is_taken_into_the_stack_again(account: Account) -> None:
    stack, name = unique("stack"), unique("kept")
    wanted = {"Kept": table(name, EXCEPT_ON_CREATE, DeletionProtectionEnabled=True)}
    account.deploy(stack, wanted)
    account.put(name)
    account.delete(stack)
    assert account.keys(name) == ["a"]
    account.deploy(stack, wanted)
    assert ("Kept", "IMPORT_COMPLETE") in account.steps(stack)
    assert account.keys(name) == ["a"]


def test_a_kept_bucket_is_taken_in_with_what_it_holds(account: Account) -> None:
    stack, name = unique("stack"), unique("kept")
    account.deploy(stack, {"Kept": bucket(name, EXCEPT_ON_CREATE)})
    account.s3.put_object(Bucket=name, Key="one", Body=b"1")
    account.delete(stack)
    account.deploy(stack, {"Kept": bucket(name, EXCEPT_ON_CREATE)})
    assert ("Kept", "IMPORT_COMPLETE") in account.steps(stack)
    assert account.s3.get_object(Bucket=name, Key="one")["Body"].read() == b"1"


def test_a_kept_global_table_is_taken_in_with_its_replicas(aws: LocalAws, account: Account) -> None:
    other = Account(aws, "ap-northeast-1")
    stack, name = unique("stack"), unique("kept")
    wanted = {"Kept": global_table(name, EXCEPT_ON_CREATE, REGION, other.region)}
    account.deploy(stack, wanted)
    account.put(name)
    account.delete(stack)
    account.deploy(stack, wanted)
    assert ("Kept", "IMPORT_COMPLETE") in account.steps(stack)
    account.put(name, "b")
    assert other.keys(name) == ["a", "b"]


def test_what_exists_is_not_taken_in_to_be_deleted_later(account: Account, taken: str) -> None:
    account.put(taken)
    with pytest.raises(DeployError, match="must have the DeletionPolicy attribute"):
        account.deploy(unique("stack"), {"Table": table(taken, DELETING)})
    assert account.keys(taken) == ["a"]


def test_what_was_taken_in_survives_a_failed_creation(account: Account, taken: str) -> None:
    name, stack = unique("kept"), unique("stack")
    account.deploy(stack, {"Kept": table(name, KEEPING)})
    account.put(name)
    account.delete(stack)
    properties = {"EventPattern": {"source": ["trial"]}, "Name": unique("rule")}
    rule = {"Type": "AWS::Events::Rule", "Properties": properties}
    account.deploy(unique("owner"), {"Rule": rule})
    with pytest.raises(DeployError, match=r"Again \(AWS::Events::Rule\)"):
        account.deploy(stack, {"Kept": table(name, EXCEPT_ON_CREATE), "Again": after(rule, "Kept")})
    assert account.keys(name) == ["a"]
