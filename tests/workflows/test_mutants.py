"""A change of a machine's behaviour is noticed by its scenarios."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.workflows.branches import path
from tests.workflows.judges import JudgeVerdict, ministack
from tests.workflows.scenarios import Case, Scenario, cases

UNCHANGED = "the decision is apply"
States = dict[str, Any]
BY_ID = {case.id: case for case in cases()}

MUTANTS: list[tuple[Callable[[States], object], str]] = [
    (
        lambda s: s["Capture Record"].pop("Catch"),
        "Capture Record is stale and Nothing To Do ends it, throttled 0 times",
    ),
    (
        lambda s: s["Replay Record"]["Catch"][1].update(Next="Refused By Trigger"),
        "Replay Record is stale and Replay Record ends it, throttled 0 times",
    ),
    (
        lambda s: s["Replay Record"]["Retry"][2].update(MaxAttempts=39),
        "Replay Record fails in place with Lambda.TooManyRequestsException after 40 retries",
    ),
    (
        lambda s: s["Plan Sync"]["Retry"].pop(6),
        "Plan Sync is tried again after 1 PlanStaleError",
    ),
    (
        lambda s: s["Plan Sync"]["Retry"][0]["ErrorEquals"].remove("States.Timeout"),
        "Plan Sync is tried again after 1 States.Timeout",
    ),
    (
        lambda s: s["Plan Sync"]["Retry"][3]["ErrorEquals"].append("RefusedByPoolError"),
        "Plan Sync fails in place with RefusedByPoolError after 0 retries",
    ),
    (lambda s: s["Route"]["Choices"].reverse(), ""),
    (lambda s: s["Route"]["Choices"].pop(0), "the decision is capture"),
    (lambda s: s["Route"].update(Default="Capture Record"), "the decision is done"),
    (lambda s: s["Route"]["Choices"].pop(1), "a replay waits for its turn"),
    (lambda s: s["Wait For Turn"].update(Next="Plan Sync"), "a replay waits for its turn"),
    (lambda s: s["Plan Sync"].pop("Output"), "the decision is apply"),
    (
        lambda s: s["Plan Sync"]["Arguments"]["Payload"].update(
            hint="{% $states.context.Execution.Input %}"
        ),
        "a parked hint comes wrapped",
    ),
    (
        lambda s: s["Plan Sync"]["Arguments"]["Payload"].update(hint="{% $states.input %}"),
        "Capture Record is stale and Nothing To Do ends it, throttled 0 times",
    ),
    (
        lambda s: s["Replay Record"]["Arguments"]["Payload"].update(subject="{% $change_id %}"),
        "the decision is apply",
    ),
    (lambda s: s["Ask Operator"].pop("Catch"), "reconcile_pool: nobody answers in time"),
    (
        lambda s: s["Ask Operator"]["Retry"][0]["ErrorEquals"].append("States.Timeout"),
        "reconcile_pool: nobody answers in time",
    ),
    (
        lambda s: s["Ask Operator"]["Assign"].update(
            answer="{% $states.result.approved = false ? 'rejected' : 'approved' %}"
        ),
        "reconcile_pool: what is no clear yes is a no",
    ),
    (
        lambda s: s["Ask Operator"]["Catch"][0].update(Next="May It Repair"),
        "reconcile_pool: nobody answers in time",
    ),
    (
        lambda s: s["May It Begin"].update(Default="Plan Listing"),
        "reconcile_pool: another run holds the pool",
    ),
    (lambda s: s["What Follows"]["Choices"].pop(1), "reconcile_pool: an operator approves"),
    (
        lambda s: s["What Follows"].update(Default="Plan Repairs"),
        "reconcile_pool: nothing is wrong",
    ),
    (
        lambda s: s["List Pool"].pop("ToleratedFailurePercentage"),
        "reconcile_pool: List Part: what fails at once fails alone",
    ),
    (
        lambda s: s["List Pool"].update(Output={"round": 0}),
        "reconcile_pool: what was checkpointed is taken up in another round",
    ),
    (
        lambda s: s["Compare Shards"]["ItemSelector"].pop("run"),
        "reconcile_pool: nothing is wrong",
    ),
    (lambda s: s["Repair"].update(Next="Write Report"), "reconcile_pool: drift is repaired"),
    (
        lambda s: s["Plan Repairs"]["Arguments"]["Payload"].update(answer="approved"),
        "reconcile_pool: drift is repaired",
    ),
]


def mutated(case: Case, mutate: Callable[[States], object]) -> Case:
    definition = copy.deepcopy(case.definition)
    mutate(definition["States"])
    return replace(case, definition=definition)


def as_wanted(wanted: Scenario, verdict: JudgeVerdict) -> bool:
    return (path(verdict.entered), verdict.calls, verdict.output) == (
        wanted.path,
        wanted.calls,
        wanted.output,
    ) and verdict.error == wanted.error


def test_every_mutant_is_noticed_and_an_equivalent_one_is_not() -> None:
    changed = [
        mutated(BY_ID[name if ": " in name else f"sync_user: {name or UNCHANGED}"], mutate)
        for mutate, name in MUTANTS
    ]
    verdicts = ministack.judge([case.job(number) for number, case in enumerate(changed)])
    survived = [
        number
        for number, (case, verdict) in enumerate(zip(changed, verdicts, strict=True))
        if as_wanted(case.scenario, verdict)
    ]
    assert survived == [number for number, (_, name) in enumerate(MUTANTS) if not name]
