"""Rules about what travels through a machine: functions' names, payloads, variables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from workflows.lint.facts import Facts, Rule
from workflows.lint.walk import (
    LAMBDA_INVOKE,
    State,
    expressions,
    function_of,
    scopes,
    states,
    tasks,
    variables,
)

_WELL_FORMED = re.compile(r"\$\{[a-z][a-z0-9]*(_[a-z0-9]+)*_(arn|url|name)\}")
_WHOLE = re.compile(
    r"\$states(?![\w.])"
    r"|\$states\.(input|context|context\.Execution|context\.Execution\.Input)(?![\w.\[])"
)
"""The whole input, or something that holds it, rather than a part of it."""

_WITHIN = ("States", "ItemProcessor", "Branches")


def functions_are_placeholders(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """A Task names its function by a placeholder: no ARN of an account in a file."""
    del machine, facts
    for name, state in tasks(definition):
        function = str(state.get("Arguments", {}).get("FunctionName", ""))
        if function_of(state) is not None and not _WELL_FORMED.fullmatch(function):
            yield name, f"its FunctionName is {function!r}"
    if fixed := re.findall(r"arn:aws:[a-z]+:[a-z0-9-]*:[0-9]{12}:[^\"]*", json.dumps(definition)):
        yield "", f"names {fixed[0]!r}"


def payloads_do_not_grow(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """Nothing hands on its whole input and more: on a way back the payload would grow until 256 KiB
    end the execution. A Lambda's answer is unwrapped, for the same reason."""
    del machine, facts
    for name, state in states(definition):
        for part in (state, *state.get("Choices", ()), *state.get("Catch", ())):
            grows = [
                field for field in ("Output", "Assign", "ItemSelector") if _grows(part.get(field))
            ]
            for field in grows:
                yield name, f"its {field} contains the whole input and more"
        if state.get("Resource") == LAMBDA_INVOKE and "Output" not in state:
            yield name, "has no Output, so that the invocation's metadata travels on"


def variables_are_assigned(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """An expression reads only variables that a state of its scope, or around it, assigns."""
    del machine, facts
    for scope in scopes(definition):
        for name, state in scope.states.items():
            for variable in sorted(_read_by(state) - scope.assigned - scope.outer):
                yield name, f"${variable} is never assigned"


def distributed_children_stand_alone(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """A Distributed Map's children are executions of their own and see no variable from outside:
    what they need comes by ItemSelector ("Passing data between states with variables", "Variable
    scope")."""
    del machine, facts
    for scope in scopes(definition):
        for name, state in scope.states.items() if scope.distributed else ():
            for variable in sorted((_read_by(state) - scope.assigned) & scope.outer):
                yield name, f"${variable} is assigned outside of its Distributed Map"


def _read_by(state: State) -> set[str]:
    """The variables that a state's own expressions read, without those of states within it."""
    own = {field: value for field, value in state.items() if field not in _WITHIN}
    return {variable for text in expressions(own) for variable in variables(text)}


def _grows(value: Any) -> bool:
    texts = list(expressions(value))
    if isinstance(value, str) and _WHOLE.fullmatch("".join(texts)):
        return False
    return any(_WHOLE.search(text) for text in texts)


RULES: tuple[Rule, ...] = (
    functions_are_placeholders,
    payloads_do_not_grow,
    variables_are_assigned,
    distributed_children_stand_alone,
)
