"""A machine from its definition (Amazon States Language): states, and the ways between them. Pure.

What is inside a Map or a Parallel state stands below it, led to by a way of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Way:
    """From one state to another. `why`: "", or `error`, `each` of a Map or Parallel."""

    source: str
    target: str
    why: str = ""


@dataclass(frozen=True)
class Machine:
    """States with their comments, in the order of the definition, and ways."""

    start: str
    states: Mapping[str, str]
    ways: tuple[Way, ...]

    @property
    def ranks(self) -> dict[str, int]:
        """State -> its row: one below whatever leads to it, ways back left out."""
        ranks: dict[str, int] = {}
        self._place(self.start, 0, ranks, ())
        for name in self.states:  # reached by nothing: a definition may have such
            if name not in ranks:
                self._place(name, max(ranks.values(), default=-1) + 1, ranks, ())
        return ranks

    def _place(self, name: str, rank: int, ranks: dict[str, int], above: tuple[str, ...]) -> None:
        if name in above or name not in self.states or ranks.get(name, -1) >= rank:
            return
        ranks[name] = rank
        for way in self.ways:
            if way.source == name:
                self._place(way.target, rank + 1, ranks, (*above, name))


def machine_of(definition: str) -> Machine | None:
    """None: it is no definition that can be read."""
    try:
        parsed = json.loads(definition)
        states, ways = dict[str, str](), list[Way]()
        start = str(parsed["StartAt"])
        for name, state in parsed["States"].items():
            _state(name, state, states, ways)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Machine(start, states, tuple(dict.fromkeys(ways)))


def _state(name: str, state: Mapping[str, Any], states: dict[str, str], ways: list[Way]) -> None:
    states[name] = str(state.get("Comment", ""))
    ways += [Way(name, target, why) for target, why in _targets(state)]
    for part in _parts(state):
        ways.append(Way(name, str(part["StartAt"]), "each"))
        for inner, its in part["States"].items():
            _state(inner, its, states, ways)


def _targets(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "Next" in state:
        yield state["Next"], ""
    for choice in state.get("Choices", ()):
        yield choice["Next"], ""
    if "Default" in state:
        yield state["Default"], ""
    for caught in state.get("Catch", ()):
        yield caught["Next"], "error"


def _parts(state: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    inner = state.get("ItemProcessor") or state.get("Iterator")
    if inner:
        yield inner
    yield from state.get("Branches", ())
