"""`python -m workflows.pictures`: the machines as Mermaid diagrams in docs/machines.

A test checks that they are fresh.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import workflows
from workflows.lint.facts import Facts, load_facts
from workflows.lint.walk import Scope, errors_of, scopes, ways

DIRECTORY = Path(__file__).parents[1] / "docs" / "machines"
WIDTH = 120
"""Of a page's text; a table's cells cannot wrap."""


def machine_page(machine: str, definition: dict[str, Any], facts: Facts) -> str:
    """The page of one machine: its picture, and a table of its states."""
    parts = list(scopes(definition))
    lines = [
        f"# {machine}",
        "",
        f"<!-- Written by `python -m workflows.pictures` from workflows/{machine}.asl.json. -->",
        "",
        *textwrap.wrap(definition["Comment"], WIDTH),
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f"    {line}" for line in _scope(parts[0])),
        "```",
        "",
        *_table(machine, parts, facts),
        "",
        *_policies(parts, facts),
    ]
    return "\n".join(lines) + "\n"


def pages(directory: Path = workflows.DIRECTORY) -> dict[str, str]:
    """File name -> text, for every machine."""
    facts = load_facts(directory=directory)
    return {
        f"{one.name}.md": machine_page(one.name, one.parsed, facts)
        for one in workflows.load_all(directory)
    }


def write(directory: Path = DIRECTORY) -> int:
    """Write every page, and remove those of machines that are gone; how many were written."""
    directory.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in directory.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (directory / name).write_text(text, encoding="utf-8")
    return len(wanted)


def _scope(scope: Scope) -> Iterator[str]:
    """The lines of a scope: its states, the ways between them, their comments."""
    yield f"[*] --> {_id(scope.start)}"
    for name, state in scope.states.items():
        yield f'state "{name}" as {_id(name)}'
        for part in (state.get("ItemProcessor"), *state.get("Branches", ())):
            if part:
                yield f"state {_id(name)} {{"
                yield from (
                    f"    {line}" for line in _scope(Scope(part["StartAt"], part["States"]))
                )
                yield "}"
        for way, target in ways(state):
            label = _label(state, way)
            yield f"{_id(name)} --> {_id(target)}" + (f" : {label}" if label else "")
        if state.get("End") or state["Type"] == "Succeed":
            yield f"{_id(name)} --> [*]"
        if state["Type"] == "Fail":
            yield f"{_id(name)} --> [*] : {state.get('Error', 'fails')}"
    for name, state in scope.states.items():
        yield f"note right of {_id(name)}"
        yield f"    {state['Comment']}"
        yield "end note"


def _label(state: Any, way: str) -> str:
    """What leads along a way: the field that a Choice compares, or the errors caught."""
    kind, _, number = way.partition(" ")
    if kind == "choice":
        rule = state["Choices"][int(number)]
        return _text(rule.get("Comment") or rule["Condition"].strip("{%} "))
    if kind == "catch":
        return _text(", ".join(state["Catch"][int(number)]["ErrorEquals"]))
    return "otherwise" if kind == "default" else ""


def _table(machine: str, parts: list[Scope], facts: Facts) -> Iterator[str]:
    yield "| State | Does | Waits at most | Retries | Fails in place with |"
    yield "|---|---|---|---|---|"
    for scope in parts:
        for name, state in scope.states.items():
            names = [_policy(rule, facts) for rule in state.get("Retry", ())]
            fails = facts.fails_in_place.get(machine, {}).get(name, [])
            caught = [error for error in fails if error not in errors_of(state, "Catch")]
            seconds = f"{state['TimeoutSeconds']} s" if "TimeoutSeconds" in state else ""
            does = state["Comment"].replace("|", "\\|")
            cells = (name, does, seconds, ", ".join(names), ", ".join(caught))
            yield "| " + " | ".join(cells) + " |"


def _policies(parts: list[Scope], facts: Facts) -> Iterator[str]:
    states = [state for scope in parts for state in scope.states.values()]
    used = {_policy(rule, facts) for state in states for rule in state.get("Retry", ())}
    yield "| Retry policy | Errors | Retries | Longest wait |"
    yield "|---|---|---|---|"
    for name, policy in facts.policies.items():
        if name in used:
            errors, retries = ", ".join(policy["ErrorEquals"]), policy["MaxAttempts"]
            yield f"| {name} | {errors} | {retries} | {policy['MaxDelaySeconds']} s |"


def _policy(rule: Any, facts: Facts) -> str:
    named = (name for name, policy in facts.policies.items() if policy == rule)
    return next(named, "unnamed")


def _id(name: str) -> str:
    return re.sub(r"\W", "", name)


def _text(text: str) -> str:
    """A label without what Mermaid reads as its own."""
    return text.replace("$states.input.", "").replace(":", " -").replace(";", ",").replace("#", "")


if __name__ == "__main__":
    sys.stdout.write(f"wrote {write()} pictures to {DIRECTORY.name}/\n")
