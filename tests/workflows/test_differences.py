"""What differs between two revisions of the machines is seen, wherever it was written."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import workflows
from workflows.differences import definitions_at, definitions_in, differences


def git(tree: Path, *arguments: str) -> None:
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *who, *arguments], cwd=tree, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The machines as they are, committed once."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(workflows.DIRECTORY, tmp_path / "workflows", ignore=ignored)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "As they are")
    return tmp_path


def test_a_revision_is_read_as_the_stacks_read_it(repository: Path) -> None:
    found = definitions_at("HEAD", repository)
    assert found == {name: json.loads(workflows.load(name).text) for name in workflows.names()}


def test_layout_does_not_count_and_a_changed_limit_does(repository: Path) -> None:
    path = repository / "workflows" / "sweep_failures.asl.json"
    source = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(source, sort_keys=True), "utf-8")
    before = definitions_at("HEAD", repository)
    assert list(differences(before, definitions_in(repository))) == []
    path.write_text(json.dumps(source | {"TimeoutSeconds": 7}), "utf-8")
    lines = list(differences(before, definitions_in(repository)))
    assert lines[0] == "--- sweep_failures before"
    assert '+  "TimeoutSeconds": 7' in lines
    assert [line for line in lines if line.startswith("---")] == lines[:1]


def test_a_machine_that_is_new_or_gone_is_a_difference() -> None:
    assert list(differences({}, {"one": {"A": 1}}))[-1] == "+}"
    assert list(differences({"one": {"A": 1}}, {}))[-1] == "-}"


def test_an_unknown_revision_and_a_refused_definition_are_told(repository: Path) -> None:
    with pytest.raises(RuntimeError, match="never-there"):
        definitions_at("never-there", repository)
    (repository / "workflows" / "sweep_failures.asl.json").write_text("{")
    with pytest.raises(RuntimeError, match="is not JSON"):
        definitions_in(repository)
