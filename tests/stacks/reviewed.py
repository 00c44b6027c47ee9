"""Templates as a reviewer reads them: what fits into a line stands on one, and of the second Region
only what differs from the first."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from typing import Any

from tests.stacks.templates import Template, without_hash

_WIDTH = 118


def text_of(template: Template) -> str:
    """A template without the hashes of paths and assets, and without the bootstrap's check.

    The machines' definitions are left out: they are the files in workflows/, which has its own
    tests.
    """
    return "\n".join(_lines(_body(template), 0)) + "\n"


def difference(first: Template, second: Template, regions: tuple[str, str]) -> str:
    """What resources and outputs of the second Region have otherwise than the first's, beside the
    Region's own name; those that differ alike together."""
    ours, theirs = _body(first), _body(second)
    plain = [region.replace("-", "") for region in regions]
    told: dict[str, list[str]] = {}
    for part in ours:
        for name in dict.fromkeys((*ours[part], *theirs[part])):
            mine = list(_lines(ours[part].get(name), 4))
            others = "\n".join(_lines(theirs[part].get(name), 4))
            others = others.replace(regions[1], regions[0]).replace(plain[1], plain[0])
            lines = _without_hashes(mine), _without_hashes(others.splitlines())
            found = list(difflib.unified_diff(*lines, n=0, lineterm=""))[2:]
            if shown := "\n".join(line for line in found if not line.startswith("@@")):
                told.setdefault(shown, []).append(name)
    return "\n".join(f"@ {', '.join(names)}\n{shown}" for shown, names in told.items()) + "\n"


def _without_hashes(lines: list[str]) -> list[str]:
    return [re.sub(r'(?<=[a-z])[0-9A-F]{8}"', '"', line) for line in lines]


def _body(template: Template) -> Any:
    ids = {key: without_hash(key) for key in template.resources}
    assert len(set(ids.values())) == len(ids)
    wanted = {key: template.body[key] for key in ("Resources", "Outputs")}
    text = json.dumps(wanted)
    for key, name in ids.items():
        text = text.replace(f'"{key}"', f'"{name}"')
    text = re.sub(r'"[0-9a-f]{64}\.zip"', '"<asset>.zip"', text)
    # A deployment of the API is named by a digest of the API.
    text = re.sub(r"(?<=Deployment)[0-9A-F]{8}[0-9a-f]{32}", "", text)
    return _without_definitions(json.loads(text))


def _lines(node: Any, indent: int, name: str = "") -> Iterator[str]:
    start = " " * indent + name
    whole = json.dumps(node)
    if (len(start) + len(whole) <= _WIDTH and indent > 2) or not isinstance(node, dict | list):
        yield start + whole
        return
    opening, closing = ("{", "}") if isinstance(node, dict) else ("[", "]")
    yield start + opening
    members = (
        ((f"{key}: ", value) for key, value in node.items())
        if isinstance(node, dict)
        else (("", value) for value in node)
    )
    for key, value in members:
        yield from _lines(value, indent + 2, key)
    yield " " * indent + closing


def _without_definitions(template: Any) -> Any:
    for resource in template["Resources"].values():
        resource.pop("Metadata", None)
        properties = resource.get("Properties", {})
        if "DefinitionString" in properties:
            properties["DefinitionString"] = "<the file in workflows/>"
        if resource["Type"] == "AWS::IAM::Policy":
            properties["PolicyName"] = without_hash(properties["PolicyName"])
    return template
