"""A pipe target's `InputTemplate` (user guide, "Amazon EventBridge Pipes input transformation")."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_STRING_OR_PLACEHOLDER = re.compile(r'"(?:\\.|[^"\\])*"|<[^<>]*>')
_PLACEHOLDER = re.compile(r"<([^<>]*)>")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+|\*)\]")
_MISSING = object()
# The fields whose text AWS parses as JSON before a path goes on into them.
_BODY_FIELDS = ("body", "data", "value")


def render(template: str, event: Mapping[str, Any], variables: Mapping[str, Any]) -> Any:
    """The event as the template shapes it; a result that is not JSON stays a string.

    A placeholder inside a JSON string becomes part of that string, elsewhere a JSON value; a path
    that leads nowhere becomes an empty string or null.
    """

    def value_of(expression: str) -> Any:
        if expression.startswith("$"):
            return look_up(event, expression)
        return variables.get(expression, _MISSING)

    def in_text(match: re.Match[str]) -> str:
        value = value_of(match.group(1))
        if value is _MISSING or value is None:
            return ""
        text = value if isinstance(value, str) else json.dumps(value)
        return json.dumps(text)[1:-1]

    def replaced(match: re.Match[str]) -> str:
        token = match.group(0)
        if token.startswith('"'):
            return _PLACEHOLDER.sub(in_text, token)
        value = value_of(token[1:-1])
        return json.dumps(None if value is _MISSING else value)

    text = _STRING_OR_PLACEHOLDER.sub(replaced, template)
    try:
        return json.loads(text)
    except ValueError:
        return _PLACEHOLDER.sub(in_text, template)


def look_up(event: Any, path: str) -> Any:
    """What a `$.a.b[0]` path leads to, or a marker that is neither a value nor None."""
    current = event
    for name, index in _STEP.findall(path.removeprefix("$")):
        if name:
            current = _field(current, name)
        elif index != "*":
            fits = isinstance(current, list) and int(index) < len(current)
            current = current[int(index)] if fits else _MISSING
        if current is _MISSING:
            return _MISSING
    return current


def _field(value: Any, name: str) -> Any:
    if not isinstance(value, Mapping) or name not in value:
        return _MISSING
    found = value[name]
    if name in _BODY_FIELDS and isinstance(found, str):
        try:
            return json.loads(found)
        except ValueError:
            return found
    return found
