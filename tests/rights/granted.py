"""What the templates of an assembly grant, statement by statement."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Place = tuple[str, str, int, str, int]
"""Role, policy, number of the statement, action, number of the resource: alike in both Regions."""

Right = tuple[str, str, str, str]
"""What holds the role (function, machine, pipe, schedule, rule, gateway, pool, person), whose role
it is, the action, the kind of resource: alike in both Regions and in every installation."""

_HOLDERS = {
    "lambda": "function",
    "states": "machine",
    "pipes": "pipe",
    "scheduler": "schedule",
    "events": "rule",
    "apigateway": "gateway",
    "cognito-idp": "pool",
}
PERSON = "person"
"""Holds a role that no service assumes."""
"""Service that may assume a role -> what holds it."""
_KINDS: tuple[tuple[str, str], ...] = (
    (r"Ledger\w*?Table[0-9A-F]{8}(?P<rest>.*)", r"ledger\g<rest>"),
    (r"Changes\w*?Table[0-9A-F]{8}(?P<rest>.*)", r"changes\g<rest>"),
    (r"arn:.*:dynamodb:.*:table/[a-z0-9-]+-records(?P<rest>.*)", r"records\g<rest>"),
    (r"arn:.*:dynamodb:.*:table/[a-z0-9-]+\.past\.\*", "tables of a time"),
    (r"arn:.*:cognito-idp:.*:userpool/.+", "pool"),
    (r"arn:.*:s3:::[a-z0-9-]+-reconcile-[^/]+(?P<rest>.*)", r"files\g<rest>"),
    (r"arn:.*:states:.*:execution:[a-z0-9-]+-(?P<rest>[a-z_]+[:/]\*)", r"execution:\g<rest>"),
    (r"arn:.*:states:.*:stateMachine:[a-z0-9-]+-(?P<rest>[a-z_]+)", r"machine:\g<rest>"),
    (r"arn:.*:dynamodb:.*:table/[a-z0-9-]+-ledger(?P<rest>.*)", r"ledger\g<rest>"),
    (r"arn:.*:sqs:\*:.*:[a-z0-9-]+-(?P<rest>dead-letters|parked-hints)", r"\g<rest>"),
    (r"arn:.*:cloudformation:\*:.*:stack/[a-z0-9-]+/\*", "a Region's stack"),
    (r"arn:.*:cloudformation:.*:stack/.+/\*", "own stack"),
    (r"arn:.*:wafv2:.*:regional/webacl/\*", "any web ACL"),
    (r"arn:.*:cloudwatch:\*:.*:alarm:\*", "alarm"),
    (r"arn:.*:apigateway:.*::/account", "account"),
    (r"arn:.*:ssm:.*:parameter/[a-z0-9-]+/active", "active parameter"),
    (r"arn:.*:iam:.*:role/\*", "any role"),
    (r"arn:.*:iam:.*:role/staff-.+", "group's role"),
    (r"arn:.*:kms:.*:key/.+", "customer's key"),
    (r"arn:.*:lambda:.*:function:.+", "owner's function"),
    (r"arn:.*:secretsmanager:.*:secret:.+-names-.+", "names' key"),
    (r"arn:.*:ssm:.*:parameter/[a-z0-9-]+/active", "active parameter"),
    (r"HintsBus[0-9A-F]{8}", "bus"),
    (r"\w*DeadLetters[0-9A-F]{8}", "dead letters"),
    (r"\w*ParkedHints[0-9A-F]{8}", "parked hints"),
    (r"AlarmsTopic[0-9A-F]{8}", "alarms"),
    (r"AlarmsKey[0-9A-F]{8}", "alarms' key"),
    (r"AdminApiLogRole[0-9A-F]{8}", "log role"),
    (r"\w+Logs[0-9A-F]{8}", "own log group"),
    (r"(?P<rest>\w+?)Machine[0-9A-F]{8}", r"machine \g<rest>"),
    (r"(?P<rest>\w+?)Function[0-9A-F]{8}", r"function \g<rest>"),
)
"""A resource as `_words` tells it -> its kind; what none fits stays as it is."""


@dataclass(frozen=True)
class Grant:
    """One action on one resource, as a template writes it."""

    place: Place
    holder: str
    """What assumes the role: function, machine ..."""
    resource: str

    @property
    def right(self) -> Right:
        """The same without the names of one installation."""
        return self.holder, whose(self.place[0]), self.place[3], kind_of(self.resource)


def told(right: Right) -> str:
    """A right in words."""
    holder, name, action, resource = right
    return f"{holder} {name}: {action} on {resource}"


def granted(assembly: Path) -> dict[Place, Grant]:
    """Everything that roles may do by policies of the same template."""
    found: dict[Place, Grant] = {}
    for grant in _everything(assembly):
        found.setdefault(grant.place, grant)
    return found


def rights_of(assembly: Path) -> frozenset[Right]:
    """The same as rights, of all templates."""
    return frozenset(grant.right for grant in _everything(assembly))


def whose(role: str) -> str:
    """Logical id of a role -> what it belongs to: `plansync`, `syncuserMachineEvents`."""
    return re.sub(r"(Role)?[0-9A-F]{8}$", "", role)


def kind_of(resource: str) -> str:
    """What a resource is, whatever it is called in this installation."""
    for pattern, kind in _KINDS:
        if match := re.fullmatch(pattern, resource):
            return match.expand(kind)
    return resource


def _everything(assembly: Path) -> Iterator[Grant]:
    for file in sorted(assembly.glob("*.template.json")):
        yield from _of_template(json.loads(file.read_text())["Resources"])


def _of_template(resources: Mapping[str, Any]) -> Iterator[Grant]:
    holders = {
        name: _holder(resource["Properties"])
        for name, resource in resources.items()
        if resource["Type"] == "AWS::IAM::Role"
    }
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::IAM::Role":
            for policy in properties.get("Policies", ()):
                document = policy["PolicyDocument"]
                yield from _of_policy(name, holders[name], policy["PolicyName"], document)
        if resource["Type"] == "AWS::IAM::Policy":
            for role in properties["Roles"]:
                owner, document = role["Ref"], properties["PolicyDocument"]
                yield from _of_policy(owner, holders[owner], properties["PolicyName"], document)


def _holder(role: Mapping[str, Any]) -> str:
    """KeyError: a service whose roles are not known here."""
    trust = role["AssumeRolePolicyDocument"]["Statement"]
    if all("Service" not in statement["Principal"] for statement in trust):
        return PERSON
    (service,) = {statement["Principal"]["Service"] for statement in trust}
    return _HOLDERS[service.split(".")[0]]


def _of_policy(role: str, holder: str, policy: str, document: Mapping[str, Any]) -> Iterator[Grant]:
    for number, statement in enumerate(document["Statement"]):
        if statement["Effect"] != "Allow":
            continue
        for action in _listed(statement["Action"]):
            for place, resource in enumerate(_listed(statement["Resource"])):
                yield Grant((role, policy, number, action, place), holder, _words(resource))


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
