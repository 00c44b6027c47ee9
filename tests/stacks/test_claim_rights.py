"""Who may make a Region the active one: only the tasks of the machines of a failover write claims,
and only whoever fails over starts those machines. Judged as AWS judges."""

from __future__ import annotations

from typing import Any

import pytest

from local.rights.judge import decide
from local.rights.model import Access, RoleSession, context_of
from tests.stacks.policies_of_templates import plain, policies_of_roles
from tests.stacks.templates import Assembly, Template
from tests.stacks.variants import ACCOUNT, VARIANTS

CLAIM, SOMEBODY = "#claim", "11111111-aaaa-4bbb-8ccc-000000000001"
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")
MAY_CLAIM = {"claimregionRole", "standdownRole"}
MAY_START = {"DisasterRecoveryRole"}


def _allowed(template: Template, action: str, resource: str, *keys: str) -> set[str]:
    told = context_of({"dynamodb:LeadingKeys": keys}) if keys else context_of({})
    return {
        role
        for role, policies in policies_of_roles(template).items()
        if decide(
            Access(action, resource, told),
            RoleSession(f"arn:aws:iam::{ACCOUNT}:role/{role}", "s"),
            identity=policies,
        ).allowed
    }


def _records(template: Template, assembly: Assembly) -> str:
    table = f"{assembly.config['installation']}-records"
    return f"arn:aws:dynamodb:{template.region}:{ACCOUNT}:table/{table}"


@pytest.mark.parametrize("variant", VARIANTS)
def test_only_the_tasks_of_a_failover_write_claims(synthesizer: Any, variant: str) -> None:
    assembly = synthesizer.assembly(variant)
    for template in assembly.regions:
        records = _records(template, assembly)
        may = {a: _allowed(template, f"dynamodb:{a}", records, CLAIM) for a in WRITES}
        assert may.pop("PutItem") == MAY_CLAIM
        assert not any(may.values()), may
        mixed = _allowed(template, "dynamodb:BatchWriteItem", records, "#name#x", CLAIM)
        assert mixed == set(), "not in the company of other items either"
        unsaid = {a: _allowed(template, f"dynamodb:{a}", records) for a in WRITES}
        assert not any(unsaid.values()), "nor by a request that tells no key"


def test_they_write_nothing_else_and_records_are_written_as_before(standard: Assembly) -> None:
    for template in standard.regions:
        records = _records(template, standard)
        put = _allowed(template, "dynamodb:PutItem", records, SOMEBODY)
        assert not put & MAY_CLAIM
        assert {"capturerecordRole", "replayrecordRole", "repairbatchRole"} <= put
        updated = _allowed(template, "dynamodb:UpdateItem", records, SOMEBODY)
        assert updated == {"repairbatchRole", "sweepfailuresRole"}


@pytest.mark.parametrize("machine", ["fail_over", "stand_down"])
def test_only_who_fails_over_starts_the_machines(standard: Assembly, machine: str) -> None:
    for template in standard.regions:
        for region in ("us-east-1", "us-west-2"):
            arn = f"arn:aws:states:{region}:{ACCOUNT}:stateMachine:alpha-{machine}"
            assert _allowed(template, "states:StartExecution", arn) == MAY_START


def test_who_fails_over_writes_nothing_by_hand(standard: Assembly) -> None:
    for template in standard.regions:
        records = _records(template, standard)
        for action in WRITES:
            for key in (CLAIM, SOMEBODY):
                may = _allowed(template, f"dynamodb:{action}", records, key)
                assert not may & MAY_START
        sync = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:alpha-sync_user"
        assert not _allowed(template, "states:StartExecution", sync) & MAY_START


NEEDS = [
    ("states:RedriveExecution", "execution:alpha-fail_over:epoch-2"),
    ("states:RedriveExecution", "execution:alpha-stand_down:epoch-2"),
    ("states:StopExecution", "execution:alpha-fail_over:epoch-2"),
    ("states:StopExecution", "execution:alpha-stand_down:epoch-2"),
    ("states:DescribeExecution", "execution:alpha-fail_over:epoch-2"),
    ("states:GetExecutionHistory", "execution:alpha-fail_over:epoch-2"),
    ("states:DescribeExecution", "execution:alpha-sync_user:x"),
    ("states:ListExecutions", "stateMachine:alpha-sync_user"),
    ("cloudformation:DescribeStacks", "stack/alpha-us-west-2/1"),
    ("sqs:GetQueueAttributes", "alpha-dead-letters"),
    ("sqs:ReceiveMessage", "alpha-dead-letters"),
    ("sqs:GetQueueAttributes", "alpha-parked-hints"),
    ("dynamodb:BatchGetItem", "table/alpha-records"),
    ("dynamodb:DescribeTable", "table/alpha-records"),
    ("dynamodb:DescribeContinuousBackups", "table/alpha-records"),
    ("dynamodb:GetItem", "table/alpha-ledger"),
    ("dynamodb:Query", "table/alpha-ledger/index/by-attention"),
    ("cloudwatch:DescribeAlarms", "alarm:alpha-canary-late"),
]
"""What `standby failover` calls in either Region."""


@pytest.mark.parametrize(("action", "resource"), NEEDS)
def test_who_fails_over_may_look_and_follow_in_both_regions(
    standard: Assembly, action: str, resource: str
) -> None:
    service = action.partition(":")[0]
    for template in standard.regions:
        for region in ("us-east-1", "us-west-2"):
            arn = f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"
            assert _allowed(template, action, arn) >= MAY_START, arn


def test_who_may_assume_the_role_is_the_configs_to_say(
    standard: Assembly, existing: Assembly
) -> None:
    for assembly in (standard, existing):
        named = assembly.config.get("failover", {}).get("dr_principals", [])
        for template in assembly.regions:
            role = template.named("DisasterRecoveryRole")["Properties"]
            assert role["RoleName"] == f"{assembly.config['installation']}-dr-{template.region}"
            trust = plain(template, role["AssumeRolePolicyDocument"])["Statement"]
            assert [one["Principal"]["AWS"] for one in trust] == (
                named or [f"arn:aws:iam::{ACCOUNT}:root"]
            )
