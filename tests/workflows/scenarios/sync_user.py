"""`sync_user`: what becomes of each decision of Plan Sync, and of each error of each step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.workflows.judges import Answer, returns
from tests.workflows.scenarios import Call, Scenario, disturbances, disturbed
from tests.workflows.scenarios.retries import PATIENTLY, PERMANENT, REPLANNED, THROTTLED, WAITING

HINT = {"local_sub": "sub-1", "cause": "PostConfirmation_ConfirmSignUp", "change_id": "change-1"}
STEP = {"subject": "origin-1", "holder": "EXECUTION#0", "change_id": "change-1"}

FUNCTIONS = {
    "Plan Sync": "plan_sync",
    "Capture Record": "capture_record",
    "Replay Record": "replay_record",
}
WAYS = {
    "capture": ["Plan Sync", "Route", "Capture Record"],
    "apply": ["Plan Sync", "Route", "Replay Record"],
    "done": ["Plan Sync", "Route", "Nothing To Do"],
}
WAY_OF = {"Plan Sync": "done", "Capture Record": "capture", "Replay Record": "apply"}

TRIGGER = "RefusedByTriggerError"


def answer_of(step: str, decision: str) -> Any:
    decided = decision if step == "Plan Sync" else "done"
    told = {"subject": "origin-1", "reason": step, "change_id": "change-1"}
    return {**told, "decision": decided, "wait_seconds": 0}


def call_of(step: str, hint: Any = None) -> Call:
    planned = {"hint": hint or HINT, "holder": "EXECUTION#0", "replanned": 0, "redriven": 0}
    return FUNCTIONS[step], planned if step == "Plan Sync" else STEP


def again(call: Call) -> Call:
    """A call of Plan Sync after another step has sent the execution back there."""
    name, payload = call
    return name, {**payload, "replanned": 1} if name == "plan_sync" else payload


def run(name: str, way: list[str], given: Any = None, hint: Any = None) -> Scenario:
    """A way through the machine on which nothing fails."""
    decision = next(d for d, full in WAYS.items() if full == way)
    steps = [step for step in way if step in FUNCTIONS]
    answers = [answer_of(step, decision) for step in steps]
    return Scenario(
        name=name,
        given=HINT if given is None else given,
        script={FUNCTIONS[step]: [returns(a)] for step, a in zip(steps, answers, strict=True)},
        path=way,
        calls=[call_of(step, hint) for step in steps],
        output=answers[-1],
    )


def troubled(step: str) -> list[Scenario]:
    base = run("undisturbed", WAYS[WAY_OF[step]])
    policies = PATIENTLY | (REPLANNED if step == "Plan Sync" else {})
    permanent = [e for e in PERMANENT if (step, e) != ("Replay Record", TRIGGER)]
    return disturbances(base, step, FUNCTIONS[step], policies, (*permanent, "KeyError"))


def waiting() -> Scenario:
    """Many records have arrived: a replay waits for its turn, and looks only then."""
    base = run("a replay waits for its turn", WAYS["apply"])
    planned = {**answer_of("Plan Sync", "apply"), "wait_seconds": 3600}
    return replace(
        base,
        script={**base.script, "plan_sync": [returns(planned)]},
        path=["Plan Sync", "Route", "Wait For Turn", "Replay Record"],
    )


def planned_by_the_release_before() -> Scenario:
    """Its Plan Sync tells nothing of a turn."""
    base = run("a plan tells nothing of a turn", WAYS["apply"])
    planned = answer_of("Plan Sync", "apply")
    del planned["wait_seconds"]
    return replace(base, script={**base.script, "plan_sync": [returns(planned)]})


def refused_by_trigger() -> Scenario:
    """The pool's own PreSignUp refuses: an end, and no failure that would send a letter."""
    base = run("a trigger of the pool refuses", WAYS["apply"])
    failed = disturbed(base, "Replay Record", "replay_record", [], final=TRIGGER)
    return replace(
        failed,
        name=base.name,
        path=[*failed.path, "Refused By Trigger"],
        output={"subject": "origin-1", "reason": "refused by a trigger of the pool"},
        error="",
    )


def replanned(step: str, way: list[str], throttled: int = 0) -> Scenario:
    """A stale step, then another way. With `throttled` Plan Sync is throttled so often each time:
    a state that is entered again has all its retries again."""
    stale = run("stale", WAYS[WAY_OF[step]])
    stale = disturbed(stale, step, FUNCTIONS[step], [], final="PlanStaleError")
    then = run("then", way)
    if throttled:
        often = ["ThrottledError"] * throttled
        stale, then = (disturbed(each, "Plan Sync", "plan_sync", often) for each in (stale, then))
    script: dict[str, list[Answer]] = {}
    for part in (stale, then):
        for called, answers in part.script.items():
            if any(called == name for name, _ in part.calls):
                script.setdefault(called, []).extend(answers)
    return Scenario(
        name=f"{step} is stale and {way[-1]} ends it, throttled {throttled} times",
        given=HINT,
        script=script,
        path=stale.path + then.path,
        calls=stale.calls + [again(call) for call in then.calls],
        output=then.output,
    )


QUOTED = {
    **HINT,
    "cause": 'a "quoted" \\ {% cause %} with\nlines, and \u200f\u05d0\u05d1 \U0001f600',
}

SCENARIOS = [
    *(run(f"the decision is {decision}", way) for decision, way in WAYS.items()),
    run("a pipe hands over an array of one", WAYS["done"], given=[HINT]),
    run("a parked hint comes wrapped", WAYS["done"], given=[{"hint": HINT}]),
    run("a started hint may come wrapped", WAYS["done"], given={"hint": HINT}),
    run("a hint is data, not text", WAYS["done"], given=QUOTED, hint=QUOTED),
    run("what is no hint is Plan Sync's to refuse", WAYS["done"], given="text", hint="text"),
    Scenario(
        name="an empty array is no hint",
        given=[],
        script={},
        path=["Plan Sync"],
        calls=[],
        error="States.QueryEvaluationError",
    ),
    waiting(),
    planned_by_the_release_before(),
    refused_by_trigger(),
    *(scenario for step in FUNCTIONS for scenario in troubled(step)),
    *(replanned(step, way) for step in FUNCTIONS if step != "Plan Sync" for way in WAYS.values()),
    replanned("Capture Record", WAYS["done"], throttled=30),
    disturbed(
        run("each rule counts for itself", WAYS["done"]),
        "Plan Sync",
        "plan_sync",
        ["ThrottledError"] * PATIENTLY[THROTTLED] + ["LeaseHeldError"] * PATIENTLY[WAITING],
    ),
]
