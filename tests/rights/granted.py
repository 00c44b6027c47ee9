"""What the templates of an assembly grant, statement by statement."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Place = tuple[str, str, int, str, int]
"""Role, policy, number of the statement, action, number of the resource: alike in both Regions."""


@dataclass(frozen=True)
class Grant:
    """One action on one resource, as a template writes it."""

    place: Place
    resource: str

    @property
    def text(self) -> str:
        """For people, and for the table of reasons."""
        return f"{self.place[0]}: {self.place[3]} on {self.resource}"


def granted(assembly: Path) -> dict[Place, Grant]:
    """Everything that roles may do by policies of the same template."""
    found: dict[Place, Grant] = {}
    for file in sorted(assembly.glob("*.template.json")):
        for grant in _of_template(json.loads(file.read_text())["Resources"]):
            found.setdefault(grant.place, grant)
    return found


def _of_template(resources: Mapping[str, Any]) -> Iterator[Grant]:
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::IAM::Role":
            for policy in properties.get("Policies", ()):
                yield from _of_policy(name, policy["PolicyName"], policy["PolicyDocument"])
        if resource["Type"] == "AWS::IAM::Policy":
            for role in properties["Roles"]:
                document = properties["PolicyDocument"]
                yield from _of_policy(role["Ref"], properties["PolicyName"], document)


def _of_policy(role: str, policy: str, document: Mapping[str, Any]) -> Iterator[Grant]:
    for number, statement in enumerate(document["Statement"]):
        if statement["Effect"] != "Allow":
            continue
        for action in _listed(statement["Action"]):
            for place, resource in enumerate(_listed(statement["Resource"])):
                yield Grant((role, policy, number, action, place), _words(resource))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _words(resource: Any) -> str:
    """A resource as a short text: what is referred to by its logical id."""
    if isinstance(resource, str):
        return ":".join("" if part.isdigit() else part for part in resource.split(":"))
    if "Ref" in resource:
        return str(resource["Ref"]).removeprefix("AWS::")
    if "Fn::GetAtt" in resource:
        return str(resource["Fn::GetAtt"][0])
    if "Fn::Join" in resource:
        return "".join(_words(part) for part in resource["Fn::Join"][1])
    return json.dumps(resource)
