"""Executions of the release before go on during an upgrade, with the functions of this one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from tests.former import release

_CALLS = "arn:aws:states:::lambda:invoke"


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, dict[str, Any]]]:
    """Of a Region's machines, those that call a function."""
    assembly = release.unpack(tmp_path_factory.mktemp("former"))
    (template, *_) = sorted(assembly.glob("*.template.json"), key=_size, reverse=True)
    resources = json.loads(template.read_text())["Resources"].values()
    machines = [r for r in resources if r["Type"] == "AWS::StepFunctions::StateMachine"]
    assert len(machines) > 5
    return [found for machine in machines for found in _calling(_definition(machine)["States"])]


def _size(path: Path) -> int:
    return path.stat().st_size


def _definition(machine: dict[str, Any]) -> Any:
    """With names in place of references."""
    told = machine["Properties"]["DefinitionString"]
    parts = told["Fn::Join"][1] if isinstance(told, dict) else [told]
    return json.loads("".join(each if isinstance(each, str) else "ref" for each in parts))


def _calling(states: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in states.items():
        if str(state.get("Resource", "")).startswith(_CALLS):
            yield name, state
        if "ItemProcessor" in state:
            yield from _calling(state["ItemProcessor"]["States"])


def test_they_wait_while_code_and_environment_are_of_two_releases(
    states: list[tuple[str, dict[str, Any]]],
) -> None:
    """What a function says then must be known to their definitions, which are older."""
    assert len(states) > 20
    said = ServiceUnavailableError.__name__
    for name, state in states:
        assert any(said in rule["ErrorEquals"] for rule in state["Retry"]), name
