"""A pipe's `FilterCriteria`: an event passes when it matches any of the patterns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


class Filters:
    """Compiled patterns, with the emulator's own engine for EventBridge patterns."""

    def __init__(self, criteria: Mapping[str, Any] | None) -> None:
        from ministack.services import eventbridge  # noqa: PLC0415

        self._matches = eventbridge._matches_detail
        self._alternatives: list[Any] = []
        self._open = True
        for entry in (criteria or {}).get("Filters") or []:
            self._open = False
            alternatives, reason = eventbridge._parse_pattern_text(entry["Pattern"])
            if reason:
                raise ValueError(f"FilterCriteria: {reason}: {entry['Pattern']}")
            self._alternatives.extend(alternatives)

    def passes(self, event: Mapping[str, Any]) -> bool:
        """Whether the event reaches the target."""
        if self._open:
            return True
        tree = _with_parsed_body(event)
        return any(self._matches(tree, alternative) for alternative in self._alternatives)


def _with_parsed_body(event: Mapping[str, Any]) -> dict[str, Any]:
    """A queue message's body is matched as JSON when it is JSON ("Filtering with Amazon SQS")."""
    tree = dict(event)
    body = tree.get("body")
    if isinstance(body, str):
        try:
            tree["body"] = json.loads(body)
        except ValueError:
            tree["body"] = body
    return tree
