"""Every branch of every machine is taken, with the same calls and results in two interpreters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cache

import pytest

import workflows
from tests.workflows.branches import branches, path, taken
from tests.workflows.judges import JudgeVerdict, ministack, moto
from tests.workflows.scenarios import Case, cases, definition_of
from workflows.lint.facts import load_facts

CASES = cases()
JUDGES = {"ministack": ministack.judge, "moto": moto.judge}

Verdicts = Callable[[str], list[JudgeVerdict]]
"""A judge's verdicts on all cases; asked for once a session, and only where somebody needs them."""


def of(machine: str) -> list[int]:
    """The numbers of its cases."""
    return [number for number, case in enumerate(CASES) if case.machine == machine]


@pytest.fixture(scope="session")
def verdicts() -> Verdicts:
    jobs = [case.job(number) for number, case in enumerate(CASES)]
    return cache(lambda judge: JUDGES[judge](jobs))


@pytest.mark.parametrize("machine", workflows.names())
def test_both_judges_agree_on(machine: str, verdicts: Verdicts) -> None:
    first, second = (verdicts(name) for name in JUDGES)
    differing = {
        CASES[number].id: (asdict(first[number]), asdict(second[number]))
        for number in of(machine)
        if asdict(first[number]) != asdict(second[number])
    }
    assert differing == {}


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("machine", workflows.names())
def test_as_wanted(machine: str, judge: str, verdicts: Verdicts) -> None:
    """All cases of a machine in one test: a thousand of their own would take longer than the
    looks that they take."""
    judged, wrong = verdicts(judge), {}
    for number in of(machine):
        wanted, verdict = CASES[number].scenario, judged[number]
        ended = ("FAILED", wanted.error) if wanted.error else ("SUCCEEDED", "")
        found = {
            "path": (path(verdict.entered), wanted.path),
            "calls": (verdict.calls, wanted.calls),
            "end": ((verdict.status, verdict.error), ended),
            "output": (verdict.output, wanted.output),
        }
        if one := {name: pair for name, pair in found.items() if pair[0] != pair[1]}:
            wrong[CASES[number].id] = one
    assert wrong == {}, "found and wanted"


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("machine", workflows.names())
def test_every_branch_is_taken(machine: str, judge: str, verdicts: Verdicts) -> None:
    definition = definition_of(machine)
    every = branches(definition, load_facts().fails_in_place.get(machine, {}))
    numbers = of(machine)
    assert numbers, f"write tests/workflows/scenarios/{machine}.py"
    judged = verdicts(judge)
    found = {branch for number in numbers for branch in taken(definition, judged[number].trace)}
    assert sorted(every - found) == [], "branches never taken"


def _case(name: str) -> Case:
    return next(case for case in CASES if case.id == name)


def test_a_sign_up_costs_at_most_eight_transitions() -> None:
    capturing = _case("sync_user: the decision is capture").scenario.transitions
    replaying = _case("sync_user: the decision is apply").scenario.transitions
    assert capturing <= 3
    assert replaying <= 5
    assert capturing + replaying <= 8
