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
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.stacks.conftest import VALIDATED, Synthesizer
from tests.stacks.reviewed import difference, text_of
from tests.stacks.templates import Assembly
from tests.stacks.variants import VARIANTS


def test_cdk_nag_finds_nothing_unexplained(assembly: Assembly) -> None:
    report = json.loads((assembly.directory / "validation-report.json").read_text())
    assert report["pluginReports"] == []


@pytest.mark.parametrize(
    "variant",
    [
        *VALIDATED,
        *(pytest.param(one, marks=pytest.mark.full) for one in VARIANTS if one not in VALIDATED),
    ],
)
def test_cdk_itself_finds_nothing(synthesizer: Synthesizer, variant: str) -> None:
    """Ten seconds a variant; its names, types and values are those of CloudFormation's schemas."""
    report = synthesizer.validated(variant).directory / "validation-report.json"
    assert json.loads(report.read_text())["pluginReports"] == []


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
NEWER = re.compile(
    r"'(listpointintimerecoveries|describecimdpolicy|listcimdpolicies|listuserpoolreplicas"
    r"|getuserpoolsessionconfiguration|getuserpoolclientsessionconfiguration)' is not one of .*"
)
"""Cognito's actions of November 2026, which cfn-lint's list of actions does not have yet."""

EXPRESSION = re.compile(
    r"'\{% .* %\}' is not of type 'number' at 'States/[A-Za-z ]+/(MaxConcurrency|TimeoutSeconds)'"
)


@pytest.mark.parametrize("variant", ["standard", "existing"])
@pytest.mark.parametrize("which", ["data", pytest.param("all", marks=pytest.mark.full)])
def test_cfn_lint_is_content(variant: str, which: str, request: pytest.FixtureRequest) -> None:
    """Half a minute a Region; in `make test` CDK's own look at the templates judges those."""
    assembly: Assembly = request.getfixturevalue(variant)
    templates = sorted(assembly.directory.glob("*.template.json"))
    assert len(templates) == 3
    if which == "data":
        templates = [path for path in templates if which in path.name]
        assert len(templates) == 1
    regions = [assembly.config["primary_region"], assembly.config["backup_region"]]
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--ignore-checks", *IGNORED]
    command += ["--format", "json", "--regions", *regions, "--", *map(str, templates)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    said = [finding["Message"] for finding in json.loads(run.stdout or "[]")]
    unexplained = [
        message for message in said if not (EXPRESSION.fullmatch(message) or NEWER.match(message))
    ]
    assert unexplained == [], run.stderr


@pytest.fixture
def as_text(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.with_defaults(extension_class=OneTextFile)


class OneTextFile(SingleFileSnapshotExtension):
    """A snapshot is a file of its own, read as text."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT


@pytest.mark.parametrize("stack", ["data", "primary"])
def test_templates_are_as_reviewed(
    standard: Assembly, stack: str, as_text: SnapshotAssertion
) -> None:
    assert text_of(getattr(standard, stack)) == as_text


def test_the_regions_differ_as_reviewed(standard: Assembly, as_text: SnapshotAssertion) -> None:
    regions = standard.config["primary_region"], standard.config["backup_region"]
    assert difference(standard.primary, standard.backup, regions) == as_text
