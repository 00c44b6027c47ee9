"""Rules about the ways through a machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.lint.facts import Facts, Rule
from workflows.lint.walk import scopes, states, ways

_ENDS = ("Succeed", "Fail")


def targets_exist(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """StartAt, Next, Default and Catch name states of their own scope."""
    del machine, facts
    for scope in scopes(definition):
        if scope.start not in scope.states:
            yield "", f"starts at {scope.start!r}, which does not exist"
        for name, state in scope.states.items():
            for way, target in ways(state):
                if target not in scope.states:
                    yield name, f"its {way} leads to {target!r}, which does not exist"


def every_state_is_reachable(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """Something leads to every state."""
    del machine, facts
    for scope in scopes(definition):
        reached, ahead = set(), [scope.start]
        while ahead:
            name = ahead.pop()
            if name in scope.states and name not in reached:
                reached.add(name)
                ahead += [target for _, target in ways(scope.states[name])]
        for name in sorted(set(scope.states) - reached):
            yield name, "nothing leads there"


def every_state_leads_on_or_ends(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """A Choice has a Default, so that no execution ends as States.NoChoiceMatched; any other state
    has either Next or End; Succeed and Fail have neither."""
    del machine, facts
    for name, state in states(definition):
        kind, ways_on = state.get("Type"), ("Next" in state) + ("End" in state)
        if kind == "Choice":
            if "Default" not in state:
                yield name, "a Choice without a Default"
            ways_on += 1
        if ways_on != (0 if kind in _ENDS else 1):
            yield name, "needs exactly one of Next and End, where its type has them"


def everything_is_explained(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """Machine and states have comments: the pictures are made of them."""
    del machine, facts
    for name, part in (("", definition), *states(definition)):
        if not part.get("Comment"):
            yield name, "has no Comment"


def the_machine_is_bounded(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """JSONata throughout, and a time-out for the machine as a whole."""
    del machine, facts
    if definition.get("QueryLanguage") != "JSONata":
        yield "", "its QueryLanguage is not JSONata"
    if not isinstance(definition.get("TimeoutSeconds"), int):
        yield "", "has no TimeoutSeconds"
    for name, state in states(definition):
        if "QueryLanguage" in state:
            yield name, "has a QueryLanguage of its own"


RULES: tuple[Rule, ...] = (
    targets_exist,
    every_state_is_reachable,
    every_state_leads_on_or_ends,
    everything_is_explained,
    the_machine_is_bounded,
)
