"""The generated policy satisfies its judge, and each thing that is taken from it is missed."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from preflight.findings import Severity
from preflight.key_judge import lacks, needs
from preflight.key_policy import key_policy
from preflight.ports import Key
from tests.aws_commands import faults
from tests.unit.preflight.worlds import (
    ACCOUNT,
    BACKUP,
    PRIMARY,
    THIRD,
    WITH_KEYS,
    found,
    key_arn,
    ready,
)

ACTIONS = [
    (statement["Sid"], action)
    for statement in key_policy(WITH_KEYS, PRIMARY)["Statement"][1:]
    for action in statement["Action"]
]


def _told(policy: dict[str, Any], region: str = PRIMARY, **of_key: bool) -> list[tuple[str, str]]:
    account = ready(WITH_KEYS)
    state = {"enabled": True, "symmetric": True} | of_key
    account.keys[key_arn(region)] = Key(policy=policy, **state)
    findings = found(account, WITH_KEYS)
    assert {each.check for each in findings} <= {"key-policy"}
    commands = [line for each in findings for line in each.command.splitlines()]
    assert [fault for line in commands for fault in faults(line)] == []
    return [(each.severity.value, each.what) for each in findings]


def _policy(region: str = PRIMARY) -> dict[str, Any]:
    return copy.deepcopy(key_policy(WITH_KEYS, region))


def _statement(policy: dict[str, Any], sid: str) -> dict[str, Any]:
    (found_one,) = [each for each in policy["Statement"] if each["Sid"] == sid]
    return dict(found_one)


def test_what_the_services_guides_demand() -> None:
    """Of CloudWatch Logs, of EventBridge's archives, and of SQS for rules' dead letters."""
    by_service: dict[str, set[str]] = {}
    for statement in _policy()["Statement"][1:]:
        by_service.setdefault(statement["Principal"]["Service"], set()).update(statement["Action"])
    assert by_service == {
        f"logs.{PRIMARY}.amazonaws.com": {
            *("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*"),
            "kms:Describe*",
        },
        "events.amazonaws.com": {
            *("kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt", "kms:ReEncrypt*"),
        },
    }


def test_what_is_generated_is_enough() -> None:
    for region in (PRIMARY, BACKUP):
        assert _told(_policy(region), region) == []


@pytest.mark.parametrize(("sid", "action"), ACTIONS)
def test_each_action_is_missed(sid: str, action: str) -> None:
    """Described and re-encrypted among them. Events may do by one statement what the other lacks,
    but for its condition."""
    policy = _policy()
    for each in policy["Statement"]:
        if each["Sid"] == sid:
            each["Action"] = [one for one in each["Action"] if one != action]
    ((severity, what),) = _told(policy)
    assert severity == Severity.REFUSES.value
    assert _statement(_policy(), sid)["Principal"]["Service"] in what


def test_a_policy_may_be_wider() -> None:
    policy = _policy()
    for each in policy["Statement"][1:]:
        each.pop("Condition", None)
        each["Action"] = "kms:*"
    assert _told(policy) == []
    logs = _policy()
    logs["Statement"][1]["Condition"] = {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:*:{ACCOUNT}:*"}
    }
    assert _told(logs) == []


def test_a_narrower_condition_is_missed() -> None:
    policy = _policy()
    policy["Statement"][1]["Condition"] = {
        "ArnEquals": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:1:log-group:x"}
    }
    ((severity, what),) = _told(policy)
    assert severity == "refuses"
    assert f"logs.{PRIMARY}.amazonaws.com: kms:Encrypt" in what


def test_another_bus_is_not_ours() -> None:
    policy = _policy()
    key = "kms:EncryptionContext:aws:events:event-bus:arn"
    for each in policy["Statement"]:
        if key in each.get("Condition", {}).get("StringEquals", {}):
            each["Condition"]["StringEquals"][key] = "arn:aws:events:eu-west-1:1:event-bus/other"
    ((severity, what),) = _told(policy)
    assert severity == "refuses"
    assert "events.amazonaws.com" in what


def test_without_the_account_no_role_gets_in() -> None:
    policy = _policy()
    del policy["Statement"][0]
    ((severity, what),) = _told(policy)
    assert severity == "refuses"
    assert f"{ACCOUNT}: kms:Encrypt" in what
    assert "kms:CreateGrant" in what


def test_what_is_not_understood_is_never_an_allowance() -> None:
    unknown = _policy()
    unknown["Statement"][1]["Condition"] = {"Bool": {"aws:SecureTransport": "true"}}
    assert [severity for severity, _ in _told(unknown)] == ["refuses", "warns"]
    denied = _policy()
    denied["Statement"].append(
        {"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    )
    assert _told(denied) == [("warns", f"the policy of {key_arn(PRIMARY)} has what is not judged "
                              "here: a Deny (No)")]  # fmt: skip


def test_keys_that_cannot_be_used() -> None:
    assert "is not enabled" in _told(_policy(), enabled=False)[0][1]
    assert "no symmetric" in _told(_policy(), symmetric=False)[0][1]
    account = ready(WITH_KEYS)
    del account.keys[key_arn(BACKUP)]
    (finding,) = found(account, WITH_KEYS)
    assert (finding.region, finding.severity) == (BACKUP, Severity.REFUSES)


def test_a_third_replicas_key_encrypts_a_table_alone() -> None:
    policy = key_policy(WITH_KEYS, THIRD, only_tables=True)
    assert [each["Sid"] for each in policy["Statement"]] == ["AccountByIam"]
    assert [need.caller for need in needs(WITH_KEYS, THIRD)] == [ACCOUNT]
    assert all(not lacks(policy, need) for need in needs(WITH_KEYS, THIRD))
