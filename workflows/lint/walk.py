"""Walking through definitions: scopes, states, the ways between them, expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

State = Mapping[str, Any]

LAMBDA_INVOKE = "arn:aws:states:::lambda:invoke"
"""The optimized integration; the only way in which our machines call a function."""

ASKING = f"{LAMBDA_INVOKE}.waitForTaskToken"
"""The same, but the state ends when somebody gives the task token back. What counts as its result
is what they say, and its `TimeoutSeconds` is how long they have."""

_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")
_VARIABLE = re.compile(r"\$([A-Za-z_]\w*)(?!\w|\s*\()")
_BOUND = re.compile(r"\$([A-Za-z_]\w*)\s*:=")
_PARAMETERS = re.compile(r"(?:function|λ)\s*\(([^)]*)\)")
_BUILT_IN = frozenset(
    {
        *("states", "boolean", "count", "exists", "keys", "length", "lowercase", "not"),
        *("number", "string", "sum", "trim", "type", "uppercase"),
    }
)
"""`$states`, and the functions that are handed to higher-order ones by name."""


@dataclass(frozen=True)
class Scope:
    """A set of states that lead to one another: the machine itself, a Map's processor, or a
    branch.

    `outer` are the variables that enclosing scopes assign; `distributed` says that this scope, or
    one around it, runs as executions of its own, which see none of them.
    """

    start: str
    states: Mapping[str, State]
    outer: frozenset[str] = frozenset()
    distributed: bool = False

    @property
    def assigned(self) -> frozenset[str]:
        """Variables that this scope assigns."""
        return frozenset(
            name
            for state in self.states.values()
            for part in (state, *state.get("Choices", ()), *state.get("Catch", ()))
            for name in part.get("Assign", ())
        )


def scopes(definition: State, outer: frozenset[str] = frozenset()) -> Iterator[Scope]:
    """The scope of a definition and every scope in it."""
    yield from _nested(Scope(definition.get("StartAt", ""), definition.get("States", {}), outer))


def _nested(scope: Scope) -> Iterator[Scope]:
    yield scope
    seen = scope.outer | scope.assigned
    for state in scope.states.values():
        processor = state.get("ItemProcessor")
        inner = [processor] if processor else state.get("Branches", ())
        for part in inner:
            mode = part.get("ProcessorConfig", {}).get("Mode")
            distributed = scope.distributed or mode == "DISTRIBUTED"
            yield from _nested(Scope(part["StartAt"], part["States"], seen, distributed))


def states(definition: State) -> Iterator[tuple[str, State]]:
    """Every state of every scope, with its name."""
    for scope in scopes(definition):
        yield from scope.states.items()


def tasks(definition: State) -> Iterator[tuple[str, State]]:
    """Every Task."""
    yield from ((name, state) for name, state in states(definition) if state["Type"] == "Task")


def ways(state: State) -> Iterator[tuple[str, str]]:
    """Where a state can lead: what leads there, and the name of the next state."""
    for number, rule in enumerate(state.get("Choices", ())):
        yield f"choice {number}", rule.get("Next", "")
    if "Default" in state:
        yield "default", state["Default"]
    if "Next" in state:
        yield "next", state["Next"]
    for number, rule in enumerate(state.get("Catch", ())):
        yield f"catch {number}", rule.get("Next", "")


def errors_of(state: State, kind: str) -> list[str]:
    """The error names of all rules of a kind, `Retry` or `Catch`, in their order."""
    return [name for rule in state.get(kind, ()) for name in rule.get("ErrorEquals", ())]


def function_of(state: State) -> str | None:
    """The function that a Task calls, by the name of its placeholder; None: it calls none."""
    if state.get("Resource") not in (LAMBDA_INVOKE, ASKING):
        return None
    name = str(state.get("Arguments", {}).get("FunctionName", ""))
    return name.removeprefix("${").removesuffix("_arn}")


def expressions(value: Any) -> Iterator[str]:
    """Every JSONata expression in a value."""
    if isinstance(value, str):
        if value.startswith("{%") and value.endswith("%}"):
            yield value[2:-2].strip()
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from expressions(part)
    elif isinstance(value, list):
        for part in value:
            yield from expressions(part)


def variables(expression: str) -> set[str]:
    """The variables that an expression reads and does not bind itself."""
    bare = _QUOTED.sub("''", expression)
    bound = set(_BOUND.findall(bare))
    for parameters in _PARAMETERS.findall(bare):
        bound |= {name.strip().removeprefix("$") for name in parameters.split(",")}
    return set(_VARIABLE.findall(bare)) - bound - _BUILT_IN
