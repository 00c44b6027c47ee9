"""Two installations in one account and Region share nothing by accident: no name of one is a name
of the other, and no pattern in a right of one takes in what the other has, though one's name begins
with the other's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.rights.patterns import resource_matches
from tests.stacks.policies_of_templates import documents
from tests.stacks.templates import Assembly, Template
from tests.stacks.variants import VARIANTS

PAGE = Path(__file__).parents[2] / "docs" / "several-installations.md"
SLACK = 0.15
"""By how much the page may say more than the largest variant has."""

SIBLINGS = ("{}-eu", "{}-data", "{}-us-east", "{}2")
"""Names of another installation, from this one's."""
NAMED = re.compile(r"Name$|^Name$|^Id$")


def _physical_names(template: Template, installation: str) -> dict[str, set[str]]:
    """Type -> the rest of each physical name after the installation's. A created pool's name, a
    client's and a plan's identify nothing: AWS makes their ids."""
    rests = defaultdict(set)
    for resource in template.resources.values():
        for key, value in resource.get("Properties", {}).items():
            if NAMED.search(key) and isinstance(value, str) and value.startswith(installation):
                rests[resource["Type"]].add(value.removeprefix(f"{installation}-"))
    return rests


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_name_is_the_end_of_another(synthesizer: Any, variant: str) -> None:
    """`a` + `-b-c` would be `a-b` + `-c`."""
    assembly = synthesizer.assembly(variant)
    rests: dict[str, set[str]] = defaultdict(set)
    for template in (assembly.data, *assembly.regions):
        for kind, found in _physical_names(template, assembly.config["installation"]).items():
            rests[kind] |= found
    met = [
        (k, a, b) for k, all_ in rests.items() for a in all_ for b in all_ if a.endswith(f"-{b}")
    ]
    assert len(rests) > 10
    assert met == []


def _patterns(assembly: Assembly) -> Iterator[tuple[str, str]]:
    """(who holds it, resource with a wildcard that begins with the installation's name)."""
    name = assembly.config["installation"]
    for template in (assembly.data, *assembly.regions):
        for holder, document in documents(template):
            for statement in document["Statement"]:
                resources = statement.get("Resource", [])
                for one in [resources] if isinstance(resources, str) else resources:
                    if "*" in one and re.search(rf"[:/]{name}\b", one):
                        yield f"{template.name} {holder}", one


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_pattern_takes_in_another_installation(synthesizer: Any, variant: str) -> None:
    """What a pattern means of its own installation, under another's name, does not match it."""
    assembly, seen, reached = synthesizer.assembly(variant), 0, set()
    name = assembly.config["installation"]
    for holder, pattern in _patterns(assembly):
        seen += 1
        for sibling in SIBLINGS:
            others = re.sub(rf"([:/]){name}\b", rf"\g<1>{sibling.format(name)}", pattern)
            if resource_matches(pattern, others.replace("*", "x")):
                reached.add((holder, pattern))
    assert seen > 100
    assert reached == set()


def _taken(assembly: Assembly) -> dict[str, int]:
    """What an installation takes, by the beginning of the page's row; the larger Region."""
    found: dict[str, int] = {}
    for template in assembly.regions:
        functions = template.of_type("AWS::Lambda::Function").values()
        rules = template.of_type("AWS::Events::Rule").values()
        mine = {
            "IAM roles": 2 * len(template.of_type("AWS::IAM::Role")),
            "Lambda": sum(one.get("ReservedConcurrentExecutions", 0) for one in functions),
            "Rules of the default bus": sum("EventBusName" not in one for one in rules),
            "Event buses": len(template.of_type("AWS::Events::EventBus")),
            "CloudWatch alarms": len(template.of_type("AWS::CloudWatch::Alarm")),
            "Trails": len(template.of_type("AWS::CloudTrail::Trail")),
            "DynamoDB tables": 1 + len(template.of_type("AWS::DynamoDB::Table")),
            "CloudFormation resources": len(template.resources),
        }
        found = {name: max(count, found.get(name, 0)) for name, count in mine.items()}
    return found


def test_the_page_says_how_much_an_installation_takes(synthesizer: Any) -> None:
    each = [_taken(synthesizer.assembly(variant)) for variant in VARIANTS]
    largest = {name: max(one[name] for one in each) for name in each[0]}
    rows = re.findall(r"^\| ([A-Z][^|]+) \| ([\d,]+) \|", PAGE.read_text(), re.MULTILINE)
    said = {name: int(number.replace(",", "")) for name, number in rows}
    for begins, taken in largest.items():
        (told,) = [number for name, number in said.items() if name.startswith(begins)]
        assert taken <= told <= taken * (1 + SLACK) + 1, begins
