"""docs/configuration.md, made from the models of the config: `make configuration` writes it."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stacks.config.model import Config
from stacks.config.shapes import SHAPES

PATH = Path(__file__).parents[2] / "docs" / "configuration.md"
WIDTH = 120
_LIMITS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "minItems": "items, at least",
    "maxItems": "items, at most",
    "minLength": "characters, at least",
    "maxLength": "characters, at most",
}
_INTRODUCTION = """\
One JSON object under the key `standby` of the context in `cdk.json`, or a file of its own, named
by `-c config=FILE` or by the variable COGNITO_STANDBY_CONFIG. Unknown keys and wrong types are
refused, with every fault named at its key; `make preflight` then says what the account lacks.

Rules that join several keys (Regions of one MRSC set, an identity that its pool can use ...) are
said by the message that refuses them.
"""


def text() -> str:
    """The whole page."""
    schema = Config.model_json_schema()
    parts = schema["$defs"]
    lines = [
        "# Configuration",
        "",
        "<!-- Written by `make configuration` from stacks/config/. -->",
        "",
        *_wrapped(_INTRODUCTION),
        *_keys(schema, ""),
    ]
    for name, prefix in _nested(schema, parts, ""):
        part = parts[name]
        lines += [f"## {prefix}", "", *_wrapped(part.get("description", "")), *_keys(part, prefix)]
    return "\n".join(lines).rstrip() + "\n"


def _wrapped(words: str) -> list[str]:
    paragraphs = [" ".join(each.split()) for each in words.split("\n\n")]
    return [line for each in paragraphs for line in (*textwrap.wrap(each, WIDTH), "")]


def _keys(part: dict[str, Any], prefix: str) -> Iterator[str]:
    """One entry a key: a list and no table, because patterns are long."""
    required = part.get("required", ())
    for name, schema in part["properties"].items():
        type_, limits = _described(schema)
        default = "required" if name in required else f"default {_default(schema)}"
        key = f"{prefix}.{name}" if prefix else name
        yield f"- **`{key}`**: {type_}; {default}"
        told = schema.get("description", "")
        yield from textwrap.wrap(
            told, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
        )
        yield from (f"  - {limit}" for limit in limits)
    yield ""


def _default(schema: dict[str, Any]) -> str:
    if "default" not in schema:
        return "as below"
    return f"`{json.dumps(schema['default'], ensure_ascii=False)}`"


def _described(schema: dict[str, Any]) -> tuple[str, list[str]]:
    """Type and limits; `null` is one of the types."""
    options = schema.get("anyOf", [schema])
    types, limits = [], []
    for one in options:
        types.append(_type(one))
        limits += _limits(one)
        if "items" in one and "$ref" not in one["items"]:
            limits += [f"each: {limit}" for limit in _limits(one["items"])]
    return " or ".join(types), limits


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return "object, see below"
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(each)}`" for each in schema["enum"])
    if schema["type"] == "array":
        return f"list of {_type(schema['items'])}"
    if "additionalProperties" in schema:
        return f"object of {_type(schema['additionalProperties'])}"
    return str(schema["type"])


def _limits(schema: dict[str, Any]) -> list[str]:
    limits = [
        f"{words} `{schema[key]:,}`" if isinstance(schema[key], int) else f"{words} `{schema[key]}`"
        for key, words in _LIMITS.items()
        if key in schema
    ]
    if pattern := schema.get("pattern"):
        limits.append(f"{SHAPES[pattern].words}, such as `{SHAPES[pattern].example}`")
    return limits


def _nested(part: dict[str, Any], parts: dict[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Model and path of every part, each before the parts in it."""
    for name, schema in part["properties"].items():
        for found in re.findall(r"#/\$defs/(\w+)", json.dumps(schema)):
            path = f"{prefix}.{name}" if prefix else name
            path += "[]" if schema.get("type") == "array" else ""
            yield found, path
            yield from _nested(parts[found], parts, path)


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
