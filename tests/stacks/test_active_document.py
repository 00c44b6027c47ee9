"""What is published of the active pool: one open method that reads one file, which one role alone
may write."""

from __future__ import annotations

from typing import Any

import pytest

from local.rights.judge import decide
from local.rights.model import Access, RoleSession, context_of
from local.rights.policies import parse
from tests.stacks.policies_of_templates import documents
from tests.stacks.templates import Assembly, Template, listed, without_hash
from tests.stacks.variants import ACCOUNT

REGION = "us-east-1"
BUCKET = f"arn:aws:s3:::alpha-reconcile-{ACCOUNT}-{REGION}"
FILE = f"{BUCKET}/published/active.json"
READER, WRITER = "ActiveDocumentReader", "publishactiveRole"


def _role(name: str) -> RoleSession:
    return RoleSession(f"arn:aws:iam::{ACCOUNT}:role/{name}", "one")


def _roles(template: Template, action: str, resource: str) -> set[str]:
    """Whose own policies allow an action on a resource, by the logical id of the policy."""
    found = set()
    for key, document in documents(template):
        if not key.endswith("DefaultPolicy.PolicyDocument"):
            continue
        for one in document["Statement"]:
            resources = [str(each) for each in listed(one["Resource"])]
            if action in listed(one["Action"]) and any(resource in each for each in resources):
                found.add(key.removesuffix("DefaultPolicy.PolicyDocument"))
    return found


def _apis(template: Template, kind: str) -> list[dict[str, Any]]:
    found = template.of_type(f"AWS::ApiGateway::{kind}").items()
    return [one for key, one in found if key.startswith("ActiveDocument")]


def test_it_is_one_open_method_that_reads_one_file(standard: Assembly) -> None:
    for template in standard.regions:
        (method,) = _apis(template, "Method")
        assert (method["HttpMethod"], method["AuthorizationType"]) == ("GET", "NONE")
        assert str(method["Integration"]["Uri"]).count("/published/active.json") == 1
        assert _roles(template, "s3:GetObject", "published/") == {READER, WRITER}
        reader = template.named(f"{READER}DefaultPolicy")["Properties"]["PolicyDocument"]
        (statement,) = reader["Statement"]
        assert statement["Action"] == "s3:GetObject"


def test_a_flood_is_throttled_and_takes_no_function(standard: Assembly) -> None:
    for template in standard.regions:
        (stage,) = _apis(template, "Stage")
        (settings,) = stage["MethodSettings"]
        assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (50, 100)
        (method,) = _apis(template, "Method")
        assert method["Integration"]["Type"] == "AWS"
        assert "lambda" not in str(method["Integration"]["Uri"])


def test_one_function_alone_may_write_the_parameter(standard: Assembly) -> None:
    for template in standard.regions:
        assert _roles(template, "ssm:PutParameter", "parameter/alpha/active") == {WRITER}
        assert _roles(template, "ssm:PutParameter", "") == {WRITER}


@pytest.mark.parametrize("action", ["s3:PutObject", "s3:GetObject"])
def test_nobody_else_may_write_the_document_whatever_their_own_policies_say(
    standard: Assembly, action: str
) -> None:
    """Not even an administrator: the bucket denies it."""
    template = standard.regions[0]
    (policy,) = [
        parse(document)
        for key, document in documents(template)
        if without_hash(key).startswith("RunsBucketPolicy")
    ]
    everything = parse(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
        }
    )
    allowed = {}
    for name in (WRITER, "repairbatchRole", "Administrators"):
        access = Access(action, FILE, context_of({"aws:SecureTransport": "true"}))
        verdict = decide(access, _role(name), identity=[everything], resource_policy=policy)
        allowed[name] = verdict.allowed
    written = action == "s3:PutObject"
    assert allowed == {WRITER: True, "repairbatchRole": not written, "Administrators": not written}


def test_it_is_there_unless_the_config_wants_none(
    synthesizer: Any, standard: Assembly, existing: Assembly
) -> None:
    for template in synthesizer.assembly("detached").regions:
        assert not _apis(template, "RestApi")
        assert template.body["Outputs"]["ActiveDocumentUrl"]["Value"] == "none"
    for template in standard.regions:
        assert "/v1/active" in str(template.body["Outputs"]["ActiveDocumentUrl"]["Value"])
    for template in existing.regions:
        reader = template.named(f"{READER}DefaultPolicy")["Properties"]["PolicyDocument"]
        assert "kms:Decrypt" in str(reader), "the file is encrypted by the owner's key"


def test_every_client_is_noted_by_its_name(standard: Assembly, existing: Assembly) -> None:
    for template in standard.regions:
        assert '{"app":"' in str(template.only("Custom::AnnouncedPool")["Clients"]).replace(
            "\\", ""
        )
    primary, backup = (
        template.only("Custom::AnnouncedPool")["Clients"] for template in existing.regions
    )
    assert primary == '{"app":"1example23456789","web":"1web23456789"}'
    assert backup == '{"web":"2web23456789"}'
