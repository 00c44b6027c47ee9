"""Reading synthesized templates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Resource = dict[str, Any]


@dataclass(frozen=True)
class Template:
    """One stack's template."""

    name: str
    body: dict[str, Any]

    @property
    def region(self) -> str:
        """Of a Region's stack, which is named after it."""
        return self.name.split("-", 1)[1]

    @property
    def resources(self) -> dict[str, Resource]:
        return dict(self.body["Resources"])

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Logical id -> properties."""
        found = self.resources.items()
        return {key: one.get("Properties", {}) for key, one in found if one["Type"] == kind}

    def only(self, kind: str) -> dict[str, Any]:
        """The properties of the only resource of a type."""
        (found,) = self.of_type(kind).values()
        return found

    def table(self, name: str) -> dict[str, Any]:
        """The properties of the table of this name, without the installation's."""
        tables = self.of_type("AWS::DynamoDB::Table").values()
        (found,) = [one for one in tables if one["TableName"].endswith(f"-{name}")]
        return found

    def named(self, prefix: str) -> Resource:
        """The resource with this logical id, but for its hash."""
        (found,) = [r for key, r in self.resources.items() if without_hash(key) == prefix]
        return found

    def statements(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every policy statement with the id of what holds it: roles, policies, queues."""
        for key, resource in self.resources.items():
            properties = resource.get("Properties", {})
            documents = [properties.get("PolicyDocument")]
            documents += (
                [
                    one["PolicyDocument"]
                    for one in properties.get("Policies", [])
                    if isinstance(one, dict)
                ]
                if resource["Type"] == "AWS::IAM::Role"
                else []
            )
            for document in filter(None, documents):
                for statement in document["Statement"]:
                    yield without_hash(key), statement


@dataclass(frozen=True)
class Assembly:
    """One installation, synthesized."""

    directory: Path
    config: dict[str, Any]

    def template(self, stack: str) -> Template:
        name = f"{self.config['installation']}-{stack}"
        return Template(name, _read(self.directory / f"{name}.template.json"))

    def termination_protection(self) -> dict[str, bool]:
        """Stack name -> what the command line will set."""
        artifacts = json.loads((self.directory / "manifest.json").read_text())["artifacts"]
        stacks = {n: a for n, a in artifacts.items() if a["type"] == "aws:cloudformation:stack"}
        return {n: a["properties"].get("terminationProtection", False) for n, a in stacks.items()}

    @property
    def data(self) -> Template:
        return self.template("data")

    @property
    def primary(self) -> Template:
        return self.template(self.config["primary_region"])

    @property
    def backup(self) -> Template:
        return self.template(self.config["backup_region"])

    @property
    def regions(self) -> tuple[Template, Template]:
        return self.primary, self.backup


@cache
def _read(path: Path) -> Any:
    """Once for all tests, none of which changes it: it has 700,000 characters."""
    return json.loads(path.read_text())


def without_hash(logical_id: str) -> str:
    """CDK ends a logical id with eight hex digits of its path."""
    return re.sub(r"[0-9A-F]{8}$", "", logical_id)


def listed(value: Any) -> list[Any]:
    """A policy's string or list as a list."""
    return value if isinstance(value, list) else [value]
