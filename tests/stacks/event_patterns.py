"""A small reader of EventBridge patterns and templates: only the operators that are used here.

Semantics: Amazon EventBridge user guide, "Comparison operators for use in event patterns".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_NOTHING = object()


def matches(pattern: Any, event: Any) -> bool:
    """Whether the event matches: every field of the pattern, any of a field's alternatives."""
    if isinstance(pattern, Mapping):
        fields = event if isinstance(event, Mapping) else {}
        return all(matches(below, fields.get(key, _NOTHING)) for key, below in pattern.items())
    values = event if isinstance(event, list) and event else [event]
    return any(_fits(alternative, value) for alternative in pattern for value in values)


def _fits(alternative: Any, value: Any) -> bool:
    if not isinstance(alternative, Mapping):
        return bool(alternative == value)
    ((operator, operand),) = alternative.items()
    match operator:
        case "exists":
            return operand is (value is not _NOTHING and not isinstance(value, Mapping))
        case "anything-but":
            refused = operand if isinstance(operand, list) else [operand]
            return value is not _NOTHING and value not in refused
        case "numeric":
            sign, limit = operand
            assert sign == "<"
            return isinstance(value, int | float) and value < limit
        case _:
            raise AssertionError(f"operator {operator}")


def transformed(transformer: Mapping[str, Any], event: Mapping[str, Any]) -> Any:
    """What an input transformer makes of an event."""
    paths = transformer["InputPathsMap"]
    return rendered(
        transformer["InputTemplate"], {name: look_up(event, path) for name, path in paths.items()}
    )


def rendered(template: str, values: Mapping[str, Any]) -> Any:
    """A template in which every placeholder stands for a JSON value."""
    return json.loads(re.sub(r"<([^<>]+)>", lambda m: json.dumps(values[m.group(1)]), template))


def look_up(event: Any, path: str) -> Any:
    """What `$.a.b` leads to; a string on the way is read as JSON, as pipes do with a body."""
    for name in path.removeprefix("$.").replace("[0]", ".0").split("."):
        event = json.loads(event) if isinstance(event, str) else event
        event = event[int(name)] if isinstance(event, list) else event[name]
    return event


def resolved(value: Any, references: Mapping[str, str]) -> Any:
    """A template's value with Ref and Fn::GetAtt replaced; unknown ones name themselves."""
    if isinstance(value, Mapping):
        if set(value) == {"Ref"}:
            return references.get(value["Ref"], value["Ref"])
        if set(value) == {"Fn::GetAtt"}:
            name = ".".join(value["Fn::GetAtt"])
            return references.get(name, name)
        return {key: resolved(below, references) for key, below in value.items()}
    return [resolved(one, references) for one in value] if isinstance(value, list) else value
