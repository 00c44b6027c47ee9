"""What each machine must do, one module for each machine: `SCENARIOS` of `<machine>.py`."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import workflows
from tests.workflows.branches import instrumented
from tests.workflows.judges import ACCOUNT, REGION, Answer, Job, fails

Call = tuple[str, Any]
Step = tuple[str, Any, Answer]
"""What is called, with what, and the answer."""


@dataclass(frozen=True)
class Scenario:
    """One run: the input and the scripted answers, then what must come of it.

    script   what is called -> its answers, in order: a function by its name, another service by
             the part of its resource after `:::`
    path     states entered
    calls    what was called, with its payload; the execution's ARN reads EXECUTION
    output   of a succeeded execution; `error` is the name with which one fails
    """

    name: str
    given: Any
    script: dict[str, list[Answer]]
    path: list[str]
    calls: list[Call]
    output: Any = None
    error: str = ""

    @property
    def transitions(self) -> int:
        """What is billed where nothing is retried: the states entered."""
        return len(self.path)


def stepwise(name: str, given: Any, path: list[str], steps: list[Step], output: Any) -> Scenario:
    """A scenario that is told call by call."""
    script: dict[str, list[Answer]] = {}
    for called, _, answer in steps:
        script.setdefault(called, []).append(answer)
    calls = [(called, asked) for called, asked, _ in steps]
    return Scenario(name=name, given=given, script=script, path=path, calls=calls, output=output)


def disturbed(
    base: Scenario, state: str, called: str, errors: list[str], final: str = ""
) -> Scenario:
    """A scenario in which the first calls of a Task fail with `errors` before it goes on as in
    `base`; with `final` the Task then fails with that, and the execution in place."""
    first = next(number for number, (name, _) in enumerate(base.calls) if name == called)
    failures = [fails(error) for error in [*errors, *([final] if final else [])]]
    before, there, after = base.calls[:first], [base.calls[first]], base.calls[first + 1 :]
    script = {**base.script, called: failures + ([] if final else base.script[called])}
    if not final:
        name = f"{state} is tried again after {len(errors)} {errors[0]}"
        return replace(
            base, name=name, script=script, calls=before + there * (len(errors) + 1) + after
        )
    return replace(
        base,
        name=f"{state} fails in place with {final} after {len(errors)} retries",
        script=script,
        path=base.path[: base.path.index(state) + 1],
        calls=before + there * (len(errors) + 1),
        output=None,
        error=final,
    )


def disturbances(
    base: Scenario,
    state: str,
    called: str,
    retried: Mapping[tuple[str, ...], int],
    permanent: Iterable[str],
) -> list[Scenario]:
    """Every error that a Task retries, once and until it gives up, and every one that fails in
    place at once. `retried`: errors of a Retry rule -> its number of retries."""
    found = [disturbed(base, state, called, [error]) for rule in retried for error in rule]
    for rule, attempts in retried.items():
        errors = [rule[number % len(rule)] for number in range(attempts)]
        found.append(disturbed(base, state, called, errors, final=rule[-1]))
    return found + [disturbed(base, state, called, [], final=error) for error in permanent]


@dataclass(frozen=True)
class Case:
    """A scenario of a machine."""

    machine: str
    scenario: Scenario
    definition: dict[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        return f"{self.machine}: {self.scenario.name}"

    def job(self, number: int) -> Job:
        return Job(
            machine=self.machine,
            definition=instrumented(self.definition),
            given=self.scenario.given,
            script=self.scenario.script,
            name=f"run-{number}",
        )


def scenarios_of(machine: str) -> list[Scenario]:
    """The scenarios of a machine; ModuleNotFoundError: nobody has written them yet."""
    found: list[Scenario] = importlib.import_module(f"{__name__}.{machine}").SCENARIOS
    return found


def definition_of(machine: str) -> dict[str, Any]:
    """The definition with something plausible for each placeholder."""
    loaded = workflows.load(machine)
    text = loaded.text
    for name in loaded.placeholders:
        function = name.removesuffix("_arn")
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
        text = text.replace(f"${{{name}}}", arn if name.endswith("_arn") else name)
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def cases() -> list[Case]:
    """The scenarios of all machines that have any."""
    found = []
    for machine in workflows.names():
        try:
            scenarios = scenarios_of(machine)
        except ModuleNotFoundError:
            continue  # `test_every_branch_is_taken` complains
        definition = definition_of(machine)
        found += [Case(machine, scenario, definition) for scenario in scenarios]
    return found
