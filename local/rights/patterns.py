"""Wildcards: `*` for any number of characters, none included, `?` for exactly one."""

from __future__ import annotations

import re
from functools import lru_cache

_PARTS = 6
"""Of an ARN, between colons; the last may hold colons itself."""


def action_matches(pattern: str, action: str) -> bool:
    """Actions know no case (IAM User Guide, "IAM JSON policy elements: Action")."""
    return _glob(pattern.lower()).fullmatch(action.lower()) is not None


def matches(pattern: str, text: str) -> bool:
    """Case counts, and a wildcard runs over everything: `StringLike`, and the resource part."""
    return _glob(pattern).fullmatch(text) is not None


def arn_matches(pattern: str, arn: str) -> bool:
    """`ArnEquals` and `ArnLike`, which are one: each of the six parts for itself.

    IAM User Guide, "IAM JSON policy elements: Condition operators", "ARN condition operators".
    """
    patterns, parts = pattern.split(":", _PARTS - 1), arn.split(":", _PARTS - 1)
    if len(patterns) != _PARTS or len(parts) != _PARTS:
        return False
    return all(matches(one, part) for one, part in zip(patterns, parts, strict=True))


def resource_matches(pattern: str, arn: str) -> bool:
    """`Resource`: a wildcard within one of the first five parts stays in it, one at its end may
    run beyond the colon (IAM User Guide, "IAM JSON policy elements: Resource")."""
    return _resource(pattern).fullmatch(arn) is not None


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> re.Pattern[str]:
    signs = {"*": ".*", "?": "."}
    return re.compile("".join(signs.get(sign, re.escape(sign)) for sign in pattern), re.DOTALL)


@lru_cache(maxsize=4096)
def _resource(pattern: str) -> re.Pattern[str]:
    head, found = pattern.split(":", _PARTS - 1), []
    for part in head[: _PARTS - 1]:
        body, last = (part[:-1], ".*") if part.endswith("*") else (part, "")
        signs = {"*": "[^:]*", "?": "[^:]"}
        found.append("".join(signs.get(sign, re.escape(sign)) for sign in body) + last)
    found += [_glob(part).pattern for part in head[_PARTS - 1 :]]
    return re.compile(":".join(found), re.DOTALL)
