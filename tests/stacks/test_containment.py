"""What starts the treatment of failures, what is archived, and how a sweep is scheduled."""

from __future__ import annotations

from typing import Any

import pytest

import workflows
from tests.stacks.event_patterns import matches, resolved, transformed
from tests.stacks.templates import Assembly, Template, without_hash

ARN = "arn:aws:states:us-east-1:111111111111:stateMachine:alpha-{}"
UNTREATED = {"contain_failure", "sweep_failures", "measure_rpo", "reconcile_pool"}
UNTREATED |= {"fail_over", "restore_pool", "stand_down", "publish_active"}


def _rule(template: Template) -> dict[str, Any]:
    rules = template.of_type("AWS::Events::Rule").values()
    (found,) = [rule for rule in rules if rule["Name"].endswith("-failures")]
    return found


def _pattern(template: Template) -> dict[str, Any]:
    """With the partition filled in."""
    pattern: dict[str, Any] = resolved(_rule(template)["EventPattern"], {"AWS::Partition": "aws"})
    arns = pattern["detail"]["stateMachineArn"]
    pattern["detail"]["stateMachineArn"] = ["".join(one["Fn::Join"][1]) for one in arns]
    return pattern


def _event(machine: str, status: str) -> dict[str, Any]:
    return {
        "source": "aws.states",
        "detail-type": "Step Functions Execution Status Change",
        "detail": {
            "executionArn": ARN.format(machine).replace("stateMachine", "execution") + ":name",
            "stateMachineArn": ARN.format(machine),
            "status": status,
            "input": "{}",
        },
    }


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
def test_every_machine_but_its_own_is_treated(standard: Assembly, status: str) -> None:
    pattern = _pattern(standard.primary)
    treated = {name for name in workflows.names() if matches(pattern, _event(name, status))}
    assert treated == set(workflows.names()) - UNTREATED


@pytest.mark.parametrize("status", ["RUNNING", "SUCCEEDED", "PENDING_REDRIVE"])
def test_other_ends_are_not(standard: Assembly, status: str) -> None:
    assert not matches(_pattern(standard.primary), _event("sync_user", status))


def test_neither_input_nor_output_is_handed_over(standard: Assembly) -> None:
    (target,) = _rule(standard.primary)["Targets"]
    event = _event("sync_user", "FAILED")
    assert transformed(target["InputTransformer"], event) == {
        "execution_arn": event["detail"]["executionArn"],
        "status": "FAILED",
    }
    assert without_hash(target["Arn"]["Ref"]) == "containfailuremachineMachine"


def test_periodic_work_is_scheduled_with_bounded_retries(assembly: Assembly) -> None:
    given = assembly.config.get("schedules", {})
    expected = {
        "sweepfailuresmachineMachine": given.get("sweep", "rate(5 minutes)"),
        "measurerpomachineMachine": given.get("canary", "rate(5 minutes)"),
        "publishactivemachineMachine": given.get("publish", "rate(5 minutes)"),
        "reconcilepoolMachine": given.get("reconcile", "rate(1 day)"),
    }
    for template in assembly.regions:
        schedules = template.of_type("AWS::Scheduler::Schedule").values()
        found = {without_hash(s["Target"]["Arn"]["Ref"]): s for s in schedules}
        assert {name: one["ScheduleExpression"] for name, one in found.items()} == expected
        for schedule in found.values():
            target = schedule["Target"]
            queue = target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
            assert without_hash(queue) == "QueuesDeadLetters"
            assert 0 < target["RetryPolicy"]["MaximumRetryAttempts"] <= 185
            assert 60 <= target["RetryPolicy"]["MaximumEventAgeInSeconds"] < 86_400


def test_no_canary_where_none_is_wanted(synthesizer: Any) -> None:
    template = synthesizer.assembly("detached").primary
    assert len(template.of_type("AWS::Scheduler::Schedule")) == 3
    alarms = template.of_type("AWS::CloudWatch::Alarm").values()
    assert not [one for one in alarms if "canary" in one["AlarmName"]]


def test_the_archive_keeps_hints_and_nothing_else(assembly: Assembly) -> None:
    days = assembly.config.get("retention", {}).get("archive_days", 14)
    for template in assembly.regions:
        archive = template.only("AWS::Events::Archive")
        pattern = {"source": ["cognito-standby"], "detail-type": ["SubjectChanged"]}
        assert archive["EventPattern"] == pattern
        assert archive["RetentionDays"] == days
        assert without_hash(archive["SourceArn"]["Fn::GetAtt"][0]) == "HintsBus"
        assert ("KmsKeyIdentifier" in archive) is ("kms_keys" in assembly.config)


def test_the_ledger_is_indexed_by_attention(assembly: Assembly) -> None:
    for template in assembly.regions:
        indexes = template.table("ledger")["GlobalSecondaryIndexes"]
        (index,) = [one for one in indexes if one["IndexName"] == "by-attention"]
        keys = [(one["AttributeName"], one["KeyType"]) for one in index["KeySchema"]]
        assert keys == [("attention", "HASH"), ("subject", "RANGE")]
        assert {"state", "reason"} <= set(index["Projection"]["NonKeyAttributes"])
