"""No fault of the config shows a regular expression, and every Region that there is is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.session import Session

from stacks.config.model import Config
from stacks.config.shapes import (
    ACCOUNT,
    FUNCTION,
    KEY_ARN,
    POOL_ID,
    PRINCIPAL,
    ROLE,
    SHAPES,
    told,
)
from stacks.partitions import REGIONS


def _patterns(schema: Any) -> Iterator[str]:
    """Every pattern in a JSON Schema, however deep."""
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            yield from _patterns(each)


def test_every_pattern_has_words_and_nothing_else_has() -> None:
    assert set(_patterns(Config.model_json_schema())) == set(SHAPES)


@pytest.mark.parametrize("pattern", SHAPES)
def test_its_example_is_one(pattern: str) -> None:
    assert re.search(pattern, SHAPES[pattern].example)
    assert pattern not in told(pattern)


ELSEWHERE = str.maketrans("0123456789", "０１２３４５６７８９")  # noqa: RUF001


@pytest.mark.parametrize("pattern", [ACCOUNT, POOL_ID, KEY_ARN, PRINCIPAL, ROLE, FUNCTION])
def test_digits_are_those_that_aws_knows(pattern: str) -> None:
    """Of another alphabet they look alike, and fail in the middle of a deployment."""
    assert not re.search(pattern, SHAPES[pattern].example.translate(ELSEWHERE))


def test_the_regions_are_those_that_the_sdk_knows() -> None:
    partitions = Session().get_data("partitions")["partitions"]
    (known,) = (each["regions"] for each in partitions if each["id"] == "aws")
    assert set(known) - {"aws-global"} == REGIONS
