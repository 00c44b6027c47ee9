"""Both releases as they are deployed here, and one that cannot be."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.e2e.local_stage import synthesized
from tests.former import release

WAITS = 0.25
"""Of the machines. What they wait for is as much sooner."""

_VARIABLES = {"LEASE_SECONDS": "24", "EARLY_SECONDS": "30"}
_TRIGGER_SECONDS = (5, 60)
"""As the templates say, and here, where others use the machine, too: a start counts."""

_FUNCTION = "AWS::Lambda::Function"
_FAILS = "FailsLast"


def former(folder: Path) -> Path:
    """The release before."""
    return _hastened(release.unpack(folder / "former"))


def present(folder: Path) -> Path:
    """This one, of the same configuration."""
    return _hastened(_copy(synthesized(release.told()["sign_in"], folder), folder / "present"))


def failing(assembly: Path, stack: str, into: Path) -> Path:
    """The same, but that a stack fails when all else of it is done: CloudFormation takes it back.
    Its last resource wants the name of a queue that is there."""
    broken = _copy(assembly, into)

    def change(template: dict[str, Any]) -> None:
        resources = template["Resources"]
        name = next(r["Properties"]["QueueName"] for r in resources.values() if _is_queue(r))
        taken = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}}
        template["Resources"] = {**resources, _FAILS: {**taken, "DependsOn": sorted(resources)}}

    _rewrite(broken / f"{stack}.template.json", change)
    return broken


def new_rights(before: Path, after: Path) -> set[tuple[str, str, str]]:
    """Who has a right that nothing of theirs had before: patterns of roles, actions, and patterns
    of resources. When an update is taken back, whatever of the new release runs at that moment is
    refused these."""
    new = _rights(after) - _rights(before)
    return {(f"*{role}*", action, resource) for role, action, resource in new}


def _rights(assembly: Path) -> set[tuple[str, str, str]]:
    templates = (json.loads(path.read_text()) for path in assembly.glob("*.template.json"))
    return {
        (role, action, _pattern(resource, template["Resources"]))
        for template in templates
        for name, each in template["Resources"].items()
        for role, statement in _statements(name, each)
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    }


def _pattern(resource: Any, defined: dict[str, Any]) -> str:
    """Functions have names that both releases know them by, and a machine may call a new one;
    of anything else the action tells enough."""
    name, _ = resource.get("Fn::GetAtt", ("", "")) if isinstance(resource, dict) else ("", "")
    if defined.get(name, {}).get("Type") != _FUNCTION:
        return "*"
    return f"*:function:{defined[name]['Properties']['FunctionName']}"


def _statements(name: str, resource: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    properties = resource.get("Properties", {})
    if resource["Type"] == "AWS::IAM::Policy":
        for role in properties["Roles"]:
            for statement in properties["PolicyDocument"]["Statement"]:
                yield role["Ref"], statement
    if resource["Type"] == "AWS::IAM::Role":
        for policy in properties.get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _copy(assembly: Path, into: Path) -> Path:
    """With templates of its own, and the same code."""
    into.mkdir()
    for each in assembly.iterdir():
        if each.is_dir():
            (into / each.name).symlink_to(each.resolve())
        else:
            shutil.copy(each, into)
    return into


def _is_queue(resource: dict[str, Any]) -> bool:
    return bool(resource["Type"] == "AWS::SQS::Queue")


def _hastened(assembly: Path) -> Path:
    """With what the machines wait for sooner in the templates: what a stage sets after a deployment
    would be missing until then."""
    for template in assembly.glob("*.template.json"):
        _rewrite(template, _sooner)
    return assembly


def _sooner(template: dict[str, Any]) -> None:
    for resource in template["Resources"].values():
        if resource["Type"] == _FUNCTION:
            properties = resource["Properties"]
            if properties["Timeout"] == _TRIGGER_SECONDS[0]:
                properties["Timeout"] = _TRIGGER_SECONDS[1]
            told = properties.get("Environment", {}).get("Variables", {})
            told.update({name: _VARIABLES[name] for name in told.keys() & _VARIABLES.keys()})


def _rewrite(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    template = json.loads(path.read_text())
    change(template)
    path.write_text(json.dumps(template))
