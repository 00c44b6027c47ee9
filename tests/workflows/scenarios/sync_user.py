"""`sync_user`: what becomes of each decision of Plan Sync, and of each error of each step."""

from __future__ import annotations

from typing import Any

from tests.workflows.judges import Answer, fails, returns
from tests.workflows.scenarios import Call, Scenario

HINT = {"local_sub": "sub-1", "cause": "PostConfirmation_ConfirmSignUp", "change_id": "change-1"}
STEP = {"subject": "origin-1", "holder": "EXECUTION", "change_id": "change-1"}

FUNCTIONS = {
    "Plan Sync": "plan_sync",
    "Capture Record": "capture_record",
    "Replay Profile": "replay_profile",
    "Replay Memberships": "replay_memberships",
    "Confirm Sync": "confirm_sync",
}
WAYS = {
    "capture": ["Plan Sync", "Route", "Capture Record"],
    "apply": ["Plan Sync", "Route", "Replay Profile", "Replay Memberships", "Confirm Sync"],
    "done": ["Plan Sync", "Route", "Nothing To Do"],
}
WAY_OF = {"Plan Sync": "done", "Capture Record": "capture"} | dict.fromkeys(
    ("Replay Profile", "Replay Memberships", "Confirm Sync"), "apply"
)

SERVICE = (
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.SdkClientException",
    "Lambda.AWSLambdaException",
    "Sandbox.Timedout",
    "States.Timeout",
    "ServiceUnavailableError",
)
WAITING = ("LeaseHeldError", "NotYetVisibleError", "NameHeldError", "DependencyMissingError")
RETRIED = {SERVICE: 8, ("ThrottledError",): 40, WAITING: 24, ("NewerSchemaError",): 48}
"""Errors -> how often they are retried before the execution fails in place."""
REPLANNED = {("PlanStaleError",): 8}
PERMANENT = ("InvalidRecordError", "RefusedByPoolError", "MisconfiguredError")


def answer_of(step: str, decision: str) -> Any:
    decided = decision if step == "Plan Sync" else "done"
    return {"subject": "origin-1", "decision": decided, "reason": step, "change_id": "change-1"}


def call_of(step: str, hint: Any = None) -> Call:
    payload = {"hint": hint or HINT, "holder": "EXECUTION"} if step == "Plan Sync" else STEP
    return FUNCTIONS[step], payload


def run(
    name: str,
    *ways: list[str],
    failing: dict[str, list[str]] | None = None,
    error: str = "",
    given: Any = None,
    hint: Any = None,
) -> Scenario:
    """A scenario from the states of each way through the machine, in order.

    `failing`: step -> errors of its first visit. With `error` the last visited step fails with it
    for good.
    """
    script: dict[str, list[Answer]] = {}
    calls: list[Call] = []
    last: Any = None
    visits = [(step, way) for way in ways for step in way]
    left = {step: list(errors) for step, errors in (failing or {}).items()}
    for number, (step, way) in enumerate(visits):
        if step not in FUNCTIONS:
            continue
        decision = next((d for d, full in WAYS.items() if full[:3] == way[:3]), "apply")
        answers = [fails(failure) for failure in left.pop(step, [])]
        fatal = error and number == len(visits) - 1
        stale = step == way[-1] and way is not ways[-1]
        last = answer_of(step, decision)
        if not fatal and not (stale and answers):
            answers.append(returns(last))
        script.setdefault(FUNCTIONS[step], []).extend(answers)
        calls += [call_of(step, hint)] * len(answers)
    return Scenario(
        name=name,
        given=HINT if given is None else given,
        script=script,
        path=[step for step, _ in visits],
        calls=calls,
        output=None if error else last,
        error=error,
    )


def until(step: str) -> list[str]:
    """The way to a step and no further."""
    way = WAYS[WAY_OF[step]]
    return way[: way.index(step) + 1]


def retried(step: str) -> list[Scenario]:
    policies = RETRIED | (REPLANNED if step == "Plan Sync" else {})
    way = WAYS[WAY_OF[step]]
    once = [
        run(f"{step} is tried again after {error}", way, failing={step: [error]})
        for errors in policies
        for error in errors
    ]
    for_good = [
        run(
            f"{step} fails in place after {attempts} retries of {errors[0]}",
            until(step),
            failing={step: [errors[number % len(errors)] for number in range(attempts)] + [last]},
            error=last,
        )
        for errors, attempts in policies.items()
        for last in errors[-1:]
    ]
    return once + for_good


def permanent(step: str) -> list[Scenario]:
    return [
        run(
            f"{step} fails in place with {error}", until(step), failing={step: [error]}, error=error
        )
        for error in (*PERMANENT, "KeyError")
    ]


def replanned(step: str) -> list[Scenario]:
    stale = {step: ["PlanStaleError"]}
    return [
        run(f"{step} is stale and {decision} is planned", until(step), way, failing=stale)
        for decision, way in WAYS.items()
    ]


def counted_anew() -> Scenario:
    """A state that is entered again has all its retries again: 60 in all, where 40 are allowed."""
    throttled = ["ThrottledError"] * 30
    first = run("first", until("Capture Record"), failing={"Plan Sync": throttled}, error="stale")
    then = run("then", WAYS["done"], failing={"Plan Sync": throttled})
    return Scenario(
        name="a state entered again has all its retries again",
        given=HINT,
        script={
            "plan_sync": first.script["plan_sync"] + then.script["plan_sync"],
            "capture_record": [fails("PlanStaleError")],
        },
        path=first.path + then.path,
        calls=[*first.calls, call_of("Capture Record"), *then.calls],
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
    *(scenario for step in FUNCTIONS for scenario in retried(step)),
    *(scenario for step in FUNCTIONS for scenario in permanent(step)),
    *(scenario for step in FUNCTIONS if step != "Plan Sync" for scenario in replanned(step)),
    run(
        "each rule counts for itself",
        WAYS["done"],
        failing={"Plan Sync": ["ThrottledError"] * 40 + ["LeaseHeldError"] * 24},
    ),
    counted_anew(),
]
