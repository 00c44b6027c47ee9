"""The key policy's table against the templates of an installation with customers' keys: whatever
they encrypt is in it, and whatever is in it is encrypted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from preflight.checks.account import NEEDED_BOOTSTRAP
from preflight.key_policy import THROUGH_IAM, USES
from tests.stacks.templates import Assembly, Template, listed
from tests.stacks.variants import EXISTING

KEYS = frozenset(EXISTING["kms_keys"].values())
_ALLOWED_ROLES = {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey"}
_MAKES_TABLES = {"kms:CreateGrant", "kms:ReEncryptFrom", "kms:ReEncryptTo"}
"""Besides: a table that is restored under the key, by way of DynamoDB."""


def _encrypted(assembly: Assembly) -> Iterator[str]:
    """Types of the resources that name a customer's key, policies apart."""
    for template in (assembly.data, *assembly.regions):
        for resource in template.resources.values():
            if resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::Role"):
                continue
            if any(key in json.dumps(resource.get("Properties", {})) for key in KEYS):
                yield resource["Type"]


def test_every_use_is_in_the_table_and_the_other_way_round(existing: Assembly) -> None:
    by_services = {kind for use in USES for kind in use.resources}
    assert set(_encrypted(existing)) == by_services | set(THROUGH_IAM)


def test_what_writes_to_encrypted_queues_as_itself_is_in_the_table(existing: Assembly) -> None:
    table = {use.service for use in USES if "AWS::SQS::Queue" in use.resources}
    for template in existing.regions:
        senders = {
            service
            for policy in template.of_type("AWS::SQS::QueuePolicy").values()
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Allow"
            for service in listed(statement["Principal"]["Service"])
        }
        assert senders == table


def _by_roles(template: Template) -> Iterator[tuple[str, list[str]]]:
    for holder, statement in template.statements():
        if any(key in json.dumps(statement.get("Resource", "")) for key in KEYS):
            yield holder, listed(statement["Action"])


def test_roles_use_the_key_by_named_actions(existing: Assembly) -> None:
    for template in existing.regions:
        used = list(_by_roles(template))
        assert used
        for holder, actions in used:
            allowed = _MAKES_TABLES if holder.startswith("openpasttable") else set[str]()
            assert set(actions) <= _ALLOWED_ROLES | allowed, holder


def test_nothing_is_encrypted_with_a_key_that_is_not_configured(standard: Assembly) -> None:
    assert list(_encrypted(standard)) == []


def test_the_preflight_knows_the_bootstrap_that_the_cdk_demands(standard: Assembly) -> None:
    assert max(_demanded(json.loads(
        (standard.directory / "manifest.json").read_text()))) == NEEDED_BOOTSTRAP  # fmt: skip


def _demanded(body: Any) -> Iterator[int]:
    if isinstance(body, dict):
        for key, value in body.items():
            if key == "requiresBootstrapStackVersion":
                yield value
            else:
                yield from _demanded(value)
    elif isinstance(body, list):
        for each in body:
            yield from _demanded(each)
