"""The branches of a machine, and which of them a run took.

Before a run, every Choice rule, Default and Catch rule is led through a Pass state of its own, so
that a trace tells which rule was taken even where two lead to the same state. A Retry rule is the
first that names the error.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from workflows.lint.walk import scopes, states

_MARK = " | "

FailsInPlace = Mapping[str, list[str]]


def instrumented(definition: dict[str, Any]) -> dict[str, Any]:
    """The definition with a Pass state in every branch."""
    marked = copy.deepcopy(definition)
    for scope in scopes(marked):
        added: dict[str, Any] = {}
        for name, state in scope.states.items():
            for label, part, key in _parts(state):
                mark = f"{name}{_MARK}{label}"
                added[mark] = {"Type": "Pass", "Next": part[key]}
                part[key] = mark
        scope.states.update(added)  # type: ignore[attr-defined]
    return marked


def _parts(state: Any) -> Iterator[tuple[str, Any, str]]:
    for number, rule in enumerate(state.get("Choices", ())):
        yield f"choice {number}", rule, "Next"
    for number, rule in enumerate(state.get("Catch", ())):
        yield f"catch {number}", rule, "Next"
    if "Default" in state:
        yield "default", state, "Default"


def path(entered: list[str]) -> list[str]:
    """The states entered, without those that were put in."""
    return [name for name in entered if _MARK not in name]


def branches(definition: dict[str, Any], declared: FailsInPlace) -> set[str]:
    """Every branch: each Choice rule and Default; for each Task each error that is retried, each
    Retry rule used up, each error that is caught or fails in place, and success; each end."""
    found: set[str] = set()
    for name, state in states(definition):
        if state["Type"] in ("Succeed", "Fail"):
            found.add(f"{name}: ends")
        for label, part, _ in _parts(state):
            errors = part.get("ErrorEquals", [""]) if state["Type"] == "Task" else [""]
            found |= {f"{name}: {label} {error}".rstrip() for error in errors}
        for number, rule in enumerate(state.get("Retry", ())):
            found |= {f"{name}: retry {number} {error}" for error in rule["ErrorEquals"]}
            found.add(f"{name}: retry {number} used up")
        if state["Type"] == "Task":
            found.add(f"{name}: succeeds")
    return found | {f"{name}: fails {error}" for name in declared for error in declared[name]}


def taken(definition: dict[str, Any], trace: list[list[Any]]) -> set[str]:
    """The branches that a run took."""
    known, found, current = dict(states(definition)), set[str](), ""
    for step, after in zip(trace, [*trace[1:], None], strict=True):
        if step[0] == "call":
            found |= _of_a_call(current, known[current], step[3], after)
            continue
        if step[0] == "read":
            found |= _of_a_read(current, known[current], step[2], after)
            continue
        name, _, label = step[1].partition(_MARK)
        if not label:
            current = name
            found |= {f"{name}: ends"} if known[name]["Type"] in ("Succeed", "Fail") else set()
        elif not (label.startswith("catch") and known[name]["Type"] == "Task"):
            found.add(f"{name}: {label}")
    return found


def _of_a_read(name: str, state: Any, error: str, after: list[Any] | None) -> set[str]:
    retry = _first(state.get("Retry", ()), error) if error else ""
    if not retry:
        return set()
    again = after is not None and after[0] == "read"
    return {f"{name}: retry {retry}" if again else f"{name}: retry {retry.split()[0]} used up"}


def _of_a_call(name: str, state: Any, error: str, after: list[Any] | None) -> set[str]:
    if not error:
        return {f"{name}: succeeds"}
    retry = _first(state.get("Retry", ()), error)
    if after is not None and after[0] == "call":
        return {f"{name}: retry {retry}"}
    found = {f"{name}: retry {retry.split()[0]} used up"} if retry else set()
    if after is not None and _MARK in after[1]:
        return found | {f"{name}: catch {_first(state['Catch'], error)}"}
    return found or {f"{name}: fails {error}"}


def _first(rules: Any, error: str) -> str:
    """Number and name of what matches an error first; nothing when no rule does."""
    for number, rule in enumerate(rules):
        for name in rule["ErrorEquals"]:
            if name in (error, "States.ALL") or (
                name == "States.TaskFailed" and error != "States.Timeout"
            ):
                return f"{number} {name}"
    return ""
