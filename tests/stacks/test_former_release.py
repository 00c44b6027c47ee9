"""What the release before needs of the templates of today, as long as its code is at work: the
minutes of an update, a Region in which one was taken back, executions of its definitions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.former import release
from tests.stacks.templates import Assembly

_FUNCTION = "AWS::Lambda::Function"


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """Its functions in a Region, by their names without the installation's."""
    folder = release.unpack(tmp_path_factory.mktemp("former"))
    templates = [json.loads(path.read_text()) for path in sorted(folder.glob("*.template.json"))]
    named = [_functions(template["Resources"]) for template in templates]
    return next(found for found in named if found)


def _functions(resources: Mapping[str, Any]) -> dict[str, Any]:
    made = (r["Properties"] for r in resources.values() if r["Type"] == _FUNCTION)
    named = (each for each in made if "FunctionName" in each)
    return {each["FunctionName"].partition("-")[2]: each for each in named}


def _variables(function: Mapping[str, Any]) -> set[str]:
    return set(function.get("Environment", {}).get("Variables", {}))


def test_each_function_and_each_of_its_variables_is_there(
    former: Mapping[str, Any], standard: Assembly
) -> None:
    """Lambda is given code and environment one after the other, and a definition names functions
    for as long as its executions run."""
    now = _functions(standard.primary.resources)
    assert len(former) > 30
    assert not former.keys() - now.keys()
    gone = {name: _variables(former[name]) - _variables(now[name]) for name in former}
    assert not {name: variables for name, variables in gone.items() if variables}
