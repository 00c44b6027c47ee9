"""Policy documents, read.

Grammar: IAM User Guide, "Grammar of the IAM JSON policy language". What this project does not use
(version 2008, policy variables, wildcards in a principal) is refused rather than guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from local.rights.model import UnknownToJudgeError

_DOCUMENT = {"Version", "Id", "Statement"}
_STATEMENT = {
    *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"),
    *("Principal", "NotPrincipal", "Condition"),
}
_PRINCIPALS = {"AWS", "Service"}


class Effect(Enum):
    """What a statement does when it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True)
class Patterns:
    """`Action` or `NotAction`, `Resource` or `NotResource`."""

    values: tuple[str, ...]
    inverted: bool = False


@dataclass(frozen=True)
class Principals:
    """`Principal` or `NotPrincipal`."""

    aws: tuple[str, ...] = ()
    """ARNs, account numbers, or `*` for everybody."""
    services: tuple[str, ...] = ()
    inverted: bool = False


@dataclass(frozen=True)
class Condition:
    """One operator and key with its values: all of a statement's must hold."""

    operator: str
    key: str
    """In lower case."""
    values: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """One statement."""

    effect: Effect
    actions: Patterns
    resources: Patterns | None
    """None: the statement of a trust policy, whose resource is the role itself."""
    principals: Principals | None = None
    """None: the statement of an identity policy."""
    conditions: tuple[Condition, ...] = ()
    sid: str = ""


@dataclass(frozen=True)
class Policy:
    """One document."""

    statements: tuple[Statement, ...]
    name: str = ""
    """For reasons."""


def parse(document: Mapping[str, Any], name: str = "") -> Policy:
    """A document with everything substituted: no intrinsic function may be left.

    UnknownToJudgeError: something in it is not known here.
    """
    _refuse_others(document, _DOCUMENT, f"{name}: element")
    if document.get("Version") != "2012-10-17":
        raise UnknownToJudgeError(f"{name}: version {document.get('Version')!r} of the language")
    listed = document.get("Statement", [])
    statements = listed if isinstance(listed, list) else [listed]
    return Policy(tuple(_statement(one, name) for one in statements), name)


def _statement(body: Any, name: str) -> Statement:
    if not isinstance(body, dict):
        raise UnknownToJudgeError(f"{name}: a statement that is no object")
    _refuse_others(body, _STATEMENT, f"{name}: element of a statement")
    actions = _patterns(body, "Action", name)
    if actions is None:
        raise UnknownToJudgeError(f"{name}: a statement without an action")
    try:
        effect = Effect(body.get("Effect"))
    except ValueError:
        raise UnknownToJudgeError(f"{name}: effect {body.get('Effect')!r}") from None
    return Statement(
        effect=effect,
        actions=actions,
        resources=_patterns(body, "Resource", name),
        principals=_principals(body, name),
        conditions=_conditions(body.get("Condition", {}), name),
        sid=str(body.get("Sid", "")),
    )


def _refuse_others(body: Mapping[str, Any], known: set[str], what: str) -> None:
    if others := sorted(set(body) - known):
        raise UnknownToJudgeError(f"{what} {', '.join(others)}")


def _patterns(body: Mapping[str, Any], element: str, name: str) -> Patterns | None:
    found = _either(body, element, name)
    if found is None:
        return None
    value, inverted = found
    values = _texts(value, f"{name}: {element}")
    if not values:
        raise UnknownToJudgeError(f"{name}: {element} without a value")
    return Patterns(values, inverted)


def _principals(body: Mapping[str, Any], name: str) -> Principals | None:
    found = _either(body, "Principal", name)
    if found is None:
        return None
    value, inverted = found
    if value == "*":
        return Principals(aws=("*",), inverted=inverted)
    if not isinstance(value, dict):
        raise UnknownToJudgeError(f"{name}: principal {value!r}")
    _refuse_others(value, _PRINCIPALS, f"{name}: kind of principal")
    aws = _texts(value.get("AWS", []), name)
    services = _texts(value.get("Service", []), name)
    for one in (*aws, *services):
        if one != "*" and ("*" in one or "?" in one):
            raise UnknownToJudgeError(f"{name}: a wildcard within the principal {one}")
    return Principals(aws, services, inverted)


def _either(body: Mapping[str, Any], element: str, name: str) -> tuple[Any, bool] | None:
    """An element's value, and whether it is the inverted one. Both at once is no policy."""
    inverted = f"Not{element}"
    if element in body and inverted in body:
        raise UnknownToJudgeError(f"{name}: both {element} and {inverted}")
    if element in body:
        return body[element], False
    return (body[inverted], True) if inverted in body else None


def _conditions(block: Any, name: str) -> tuple[Condition, ...]:
    if not isinstance(block, dict) or not all(isinstance(one, dict) for one in block.values()):
        raise UnknownToJudgeError(f"{name}: conditions that are no object of objects")
    return tuple(
        Condition(operator, key.lower(), _texts(values, f"{name}: {operator} {key}"))
        for operator, keys in block.items()
        for key, values in keys.items()
    )


def _texts(value: Any, what: str) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(_text(one, what) for one in listed)


def _text(value: Any, what: str) -> str:
    """JSON may write a condition's value as true or 1; IAM reads them as texts."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        raise UnknownToJudgeError(f"{what}: {value!r} is no text")
    if "${" in value:
        raise UnknownToJudgeError(f"{what}: the policy variable in {value}")
    return value
