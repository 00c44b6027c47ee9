"""Whether a customer's key policy lets in what the table in `key_policy` says. Pure.

Not a policy simulator: it knows Allow, service principals, the account, wildcards of actions, and
conditions of four operators on keys whose values are known. A condition beyond that, or a Deny, is
told as not understood and never taken for an allowance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from preflight.findings import Finding, Severity
from preflight.key_policy import USES, Document, context, principal
from preflight.ports import Key
from preflight.wanted import Wanted

KEYS = "key-policy"

_REAL = (
    *("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:DescribeKey"),
    *("kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"),
)
"""What the table's patterns stand for, of a symmetric key."""
_OF_ROLES = (
    *("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"),
    *("kms:ReEncryptFrom", "kms:ReEncryptTo"),
)
"""What roles of the account use by IAM; DynamoDB's grants are made by whoever deploys, or restores
a table to a time."""
_OPERATORS = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")


@dataclass(frozen=True)
class Need:
    """One caller, the actions that it needs, and what its calls carry."""

    caller: str
    actions: tuple[str, ...]
    carries: Mapping[str, str]


def judge_key(wanted: Wanted, region: str, arn: str, key: Key | None) -> list[Finding]:
    """The key is there, enabled, symmetric, and its policy lets in who must use it."""
    if key is None:
        return [_refusal(region, f"there is no key {arn}", "aws kms list-keys --region " + region)]
    if not key.symmetric:
        return [_refusal(region, f"{arn} is no symmetric encryption key", _NEW_KEY + region)]
    found = []
    if not key.enabled:
        enable = f"aws kms enable-key --key-id {arn} --region {region}"
        found.append(_refusal(region, f"{arn} is not enabled", enable))
    missing = [
        f"{need.caller}: {', '.join(lacking)}"
        for need in needs(wanted, region)
        if (lacking := lacks(key.policy, need))
    ]
    if missing:
        text = f"the policy of {arn} does not allow " + "; ".join(missing)
        found.append(_refusal(region, text, _put_policy(region, arn)))
    if unclear := sorted(set(_not_understood(key.policy, wanted, region))):
        found.append(_unclear(region, arn, unclear))
    return found


_NEW_KEY = "aws kms create-key --key-spec SYMMETRIC_DEFAULT --region "


def _put_policy(region: str, arn: str) -> str:
    return (
        f".venv/bin/python -m preflight key-policy --region {region} > key-policy.json\n"
        f"aws kms put-key-policy --key-id {arn} --policy file://key-policy.json --region {region}"
    )


def _refusal(region: str, what: str, command: str) -> Finding:
    consequence = "Log groups, archive, tables or queues cannot be made, or dead letters are lost."
    return Finding(KEYS, region, Severity.REFUSES, what, consequence, command)


def _unclear(region: str, arn: str, unclear: Sequence[str]) -> Finding:
    return Finding(
        KEYS,
        region,
        Severity.WARNS,
        f"the policy of {arn} has what is not judged here: {', '.join(unclear)}",
        "It may shut out a service after the deployment; compare it with the generated one.",
        f".venv/bin/python -m preflight key-policy --region {region}\n"
        f"aws kms get-key-policy --key-id {arn} --region {region}",
    )


def needs(wanted: Wanted, region: str) -> Iterator[Need]:
    """Who needs the key of a Region. A third replica's encrypts a table alone."""
    carried = {"aws:SourceAccount": wanted.account, "kms:CallerAccount": wanted.account}
    yield Need(wanted.account, _OF_ROLES, carried)
    if region not in wanted.regions:
        return
    for use in USES:
        actions = tuple(one for one in _REAL if any(fnmatchcase(one, p) for p in use.actions))
        carries = {**context(use, wanted, region), "aws:SourceAccount": wanted.account}
        yield Need(principal(use, region), actions, carries)


def lacks(policy: Mapping[str, Any], need: Need) -> list[str]:
    """The actions of a need that no statement allows."""
    allowing = [
        one
        for one in statements(policy)
        if one.get("Effect") == "Allow" and _is_for(one, need.caller) and _holds(one, need)
    ]
    return [action for action in need.actions if not any(_covers(one, action) for one in allowing)]


def statements(policy: Mapping[str, Any]) -> list[Document]:
    """A policy's statements; one alone need not be a list."""
    found = policy.get("Statement", [])
    return list(found) if isinstance(found, list) else [found]


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _is_for(statement: Document, caller: str) -> bool:
    named = statement.get("Principal", {})
    if named == "*":
        return True
    if not isinstance(named, dict):
        return False
    services = _listed(named.get("Service", []))
    accounts = _listed(named.get("AWS", []))
    root = f"arn:aws:iam::{caller}:root"
    return caller in services or "*" in accounts or caller in accounts or root in accounts


def _covers(statement: Document, action: str) -> bool:
    patterns = _listed(statement.get("Action", []))
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


def _holds(statement: Document, need: Need) -> bool:
    """Whether its conditions are met by what the calls carry. A need's own pattern, such as all
    log groups, is met by a pattern at least as wide."""
    for operator, entries in statement.get("Condition", {}).items():
        for key, values in entries.items():
            carried = need.carries.get(key)
            if operator not in _OPERATORS or carried is None:
                return False
            if not any(fnmatchcase(carried, pattern) for pattern in _listed(values)):
                return False
    return True


def _not_understood(policy: Mapping[str, Any], wanted: Wanted, region: str) -> Iterator[str]:
    callers = [need.caller for need in needs(wanted, region)]
    known = {key for need in needs(wanted, region) for key in need.carries}
    for one in statements(policy):
        if not any(_is_for(one, caller) for caller in callers):
            continue
        if one.get("Effect") == "Deny":
            yield f"a Deny ({one.get('Sid', 'without Sid')})"
            continue
        for operator, entries in one.get("Condition", {}).items():
            yield from (
                f"condition {operator} {key}"
                for key in entries
                if operator not in _OPERATORS or key not in known
            )
