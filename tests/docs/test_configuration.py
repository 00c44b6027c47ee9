"""The reference of the config is fresh, whole and readable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from stacks.config.model import Config
from tests.docs import configuration

PAGE = configuration.PATH.read_text(encoding="utf-8")


def test_it_is_fresh() -> None:
    assert configuration.text() == PAGE, "run: make configuration"


def _models(annotation: Any) -> Iterator[tuple[type[BaseModel], str]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, ""
    else:
        for inner in getattr(annotation, "__args__", ()):
            suffix = "[]" if getattr(annotation, "__origin__", None) is tuple else ""
            yield from ((model, suffix + rest) for model, rest in _models(inner))


def _paths(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """By the models themselves, not by their JSON Schema, which the page is made from."""
    for name, field in model.model_fields.items():
        yield prefix + name
        for inner, suffix in _models(field.annotation):
            yield from _paths(inner, f"{prefix}{name}{suffix}.")


def test_every_key_is_there_once_and_described() -> None:
    told = re.findall(r"^- \*\*`(.+?)`\*\*: .+\n  (?!- )\S", PAGE, re.MULTILINE)
    assert sorted(told) == sorted(_paths(Config))


def test_limits_and_defaults_are_told() -> None:
    for line in (
        "- **`account`**: string; required",
        '- **`trail`**: `"create"` or `"existing"`; default `"create"`',
        "- **`retention.dead_letters_days`**: integer; default `14`",
        "  - at most `14`",
        "- **`custom_attributes[].mutable`**: boolean; default `true`",
        "- **`email`**: object, see below or null; default `null`",
    ):
        assert f"{line}\n" in PAGE
