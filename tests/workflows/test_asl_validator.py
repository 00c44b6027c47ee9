"""Every machine is valid for npm's asl-validator, and so are its pinned packages."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import workflows
from tests.workflows import asl_validator
from tests.workflows.asl_validator import ROOT
from tests.workflows.definitions import Break, broken, sound

ARN = "arn:aws:lambda:us-east-1:111111111111:function:"

needs_node_modules = pytest.mark.skipif(
    not asl_validator.installed() and not os.environ.get("CI"),
    reason="node_modules is not installed: make setup",
)


def written(directory: Path, name: str, text: str, placeholders: frozenset[str]) -> Path:
    """The definition with an ARN for each placeholder."""
    for placeholder in placeholders:
        text = text.replace(f"${{{placeholder}}}", ARN + placeholder)
    path = directory / f"{name}.json"
    path.write_text(text)
    return path


@needs_node_modules
def test_every_machine_is_valid(tmp_path: Path) -> None:
    loaded = [workflows.load(name) for name in workflows.names()]
    paths = [written(tmp_path, one.name, one.text, one.placeholders) for one in loaded]
    assert asl_validator.complaints(paths) == ""


NAMES = frozenset({"look_up_arn", "tell_all_arn", "do_one_arn"})


@needs_node_modules
def test_it_has_nothing_against_what_is_then_broken(tmp_path: Path) -> None:
    assert asl_validator.complaints([written(tmp_path, "s", json.dumps(sound()), NAMES)]) == ""


@needs_node_modules
@pytest.mark.parametrize(
    ("breaking", "message"),
    [
        (lambda s: s["Look Up"].update(Next="Nowhere"), "MISSING_TRANSITION_TARGET"),
        (lambda s: s["Look Up"].update(Parameters={}), "SCHEMA_VALIDATION_FAILED"),
        (lambda s: s["Look Up"].update(Output="{% $states. %}"), "Look Up/Output is invalid"),
    ],
)
def test_it_does_judge(tmp_path: Path, breaking: Break, message: str) -> None:
    text = broken(breaking)
    assert message in asl_validator.complaints([written(tmp_path, "broken", text, NAMES)])


def test_the_packages_are_pinned_and_name_no_registry() -> None:
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert wanted["private"]
    assert wanted["devDependencies"] == locked[""]["devDependencies"]
    for name, version in wanted["devDependencies"].items():
        assert locked[f"node_modules/{name}"]["version"] == version
    del locked[""]
    assert all(package["integrity"].startswith("sha512-") for package in locked.values())
    assert [name for name, package in locked.items() if "resolved" in package] == []
