"""What others say of the templates: cdk-nag, cfn-lint, and a look at what changed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests.stacks.templates import Assembly, Template, without_hash


def test_cdk_nag_finds_nothing_unexplained(assembly: Assembly) -> None:
    report = json.loads((assembly.directory / "validation-report.json").read_text())
    assert report["pluginReports"] == []


def test_every_acknowledgement_is_explained_and_needed(synthesizer: Any) -> None:
    synthesizer.assembly("standard")
    found = synthesizer.findings("standard")
    given = [one for one in synthesizer.acknowledged if one[0].startswith("alpha-")]
    assert given
    for path, rule, reason in given:
        assert len(reason) > 20, (path, rule)
        assert any(where.startswith(path) and name == rule for where, name in found), (path, rule)


# W3005: CDK itself writes DependsOn for roles that a GetAtt already orders.
IGNORED = ("W3005",)

# In JSONata both may be expressions (Step Functions developer guide, "Map state in Distributed
# mode", "Task state"); cfn-lint's schema knows numbers only.
EXPRESSION = re.compile(
    r"'\{% .* %\}' is not of type 'number' at 'States/[A-Za-z ]+/(MaxConcurrency|TimeoutSeconds)'"
)


@pytest.mark.parametrize("variant", ["standard", "existing"])
def test_cfn_lint_is_content(variant: str, request: pytest.FixtureRequest) -> None:
    assembly: Assembly = request.getfixturevalue(variant)
    templates = sorted(assembly.directory.glob("*.template.json"))
    assert len(templates) == 3
    regions = [assembly.config["primary_region"], assembly.config["backup_region"]]
    command = [Path(sys.executable).parent / "cfn-lint", "--ignore-checks", *IGNORED]
    command += ["--format", "json", "--regions", *regions, "--", *map(str, templates)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    said = [finding["Message"] for finding in json.loads(run.stdout or "[]")]
    assert [message for message in said if not EXPRESSION.fullmatch(message)] == [], run.stderr


@pytest.fixture
def snapshot_json(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.with_defaults(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("stack", ["data", "primary", "backup"])
def test_templates_are_as_reviewed(
    standard: Assembly, stack: str, snapshot_json: SnapshotAssertion
) -> None:
    assert hash_free(getattr(standard, stack)) == snapshot_json


def hash_free(template: Template) -> Any:
    """A template without the hashes of paths and assets, and without the bootstrap's check.

    The machines' definitions are left out: they are the files in workflows/, which has its own
    tests.
    """
    ids = {key: without_hash(key) for key in template.resources}
    assert len(set(ids.values())) == len(ids)
    wanted = {key: template.body[key] for key in ("Resources", "Outputs")}
    text = json.dumps(wanted)
    for key, name in ids.items():
        text = text.replace(f'"{key}"', f'"{name}"')
    text = re.sub(r'"[0-9a-f]{64}\.zip"', '"<asset>.zip"', text)
    return _without_definitions(json.loads(text))


def _without_definitions(template: Any) -> Any:
    for resource in template["Resources"].values():
        resource.pop("Metadata", None)
        properties = resource.get("Properties", {})
        if "DefinitionString" in properties:
            properties["DefinitionString"] = "<the file in workflows/>"
        if resource["Type"] == "AWS::IAM::Policy":
            properties["PolicyName"] = without_hash(properties["PolicyName"])
    return template
