"""What a pool's schema says of an attribute's value. Pure.

Source: API reference, SchemaAttributeType, StringAttributeConstraintsType and
NumberAttributeConstraintsType. A schema's limits cannot be changed later, so two pools can differ
in them for good. What is not known here (a type of a later release of Cognito, a limit that is no
number) says nothing of any value: then the pool itself refuses what it does not take.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never

from cognito_standby.core.domain.not_held import NotHeld

_WHOLE = re.compile(r"-?[0-9]+")


class AttributeType(StrEnum):
    """AttributeDataType."""

    STRING = "String"
    NUMBER = "Number"
    DATE_TIME = "DateTime"
    BOOLEAN = "Boolean"
    UNKNOWN = ""


@dataclass(frozen=True)
class AttributeRule:
    """What the pool's schema says of one attribute.

    least, most   of a string its characters, of a number its value; None: no limit
    """

    mutable: bool = True
    required: bool = False
    type: AttributeType = AttributeType.STRING
    least: int | None = None
    most: int | None = None


def rule_from(raw: Mapping[str, Any]) -> AttributeRule:
    """One SchemaAttributeType of DescribeUserPool."""
    try:
        kind = AttributeType(raw.get("AttributeDataType", AttributeType.STRING))
    except ValueError:
        kind = AttributeType.UNKNOWN
    limits: Mapping[str, Any] = {}
    names = ("MinLength", "MaxLength")
    if kind is AttributeType.STRING:
        limits = raw.get("StringAttributeConstraints") or {}
    elif kind is AttributeType.NUMBER:
        limits, names = raw.get("NumberAttributeConstraints") or {}, ("MinValue", "MaxValue")
    least, most = (_whole(limits.get(name)) for name in names)
    return AttributeRule(raw.get("Mutable", True), raw.get("Required", False), kind, least, most)


def misfit(rule: AttributeRule, value: str) -> NotHeld | None:
    """Why a pool with this rule refuses the value; None: nothing is known against it."""
    match rule.type:
        case AttributeType.STRING:
            if rule.most is not None and len(value) > rule.most:
                return NotHeld.TOO_LONG
            short = rule.least is not None and len(value) < rule.least
            return NotHeld.TOO_SHORT if short else None
        case AttributeType.NUMBER:
            number = _whole(value)
            if number is None:
                return NotHeld.WRONG_TYPE
            low = rule.least is not None and number < rule.least
            high = rule.most is not None and number > rule.most
            return NotHeld.OUT_OF_RANGE if low or high else None
        case AttributeType.BOOLEAN:
            return None if value.lower() in ("true", "false") else NotHeld.WRONG_TYPE
        case AttributeType.DATE_TIME | AttributeType.UNKNOWN:
            return None
        case _:
            assert_never(rule.type)


def _whole(text: object) -> int | None:
    return int(text) if isinstance(text, str) and _WHOLE.fullmatch(text) else None
