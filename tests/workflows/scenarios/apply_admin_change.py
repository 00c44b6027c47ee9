"""`apply_admin_change`: the way of a change that succeeds, of one that is refused, of one that is
taken back, and what becomes of each error of each step."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from tests.workflows.judges import fails, returns
from tests.workflows.scenarios import Call, Scenario, disturbances
from tests.workflows.scenarios.contain_failure import NEVER
from tests.workflows.scenarios.sync_user import (
    DOUBTED,
    PERMANENT,
    REPLANNED,
    RETRIED,
    SERVICE,
    UNSURE,
)

GIVEN = {"change_id": "change-1"}
STEP = {"change_id": "change-1", "holder": "EXECUTION#0"}
SNAPSHOT, APPLY, WRITE = "Snapshot User", "Apply Change", "Write Record"
COMPENSATE, COMPLETE = "Compensate Change", "Complete Change"
CALLED = {
    SNAPSHOT: "snapshot_user",
    APPLY: "apply_change",
    WRITE: "write_record",
    COMPENSATE: "compensate_change",
    COMPLETE: "complete_change",
}
BRIEFLY = ("ThrottledError",)
TURN = ("LeaseHeldError", "NotYetVisibleError")
QUICK = {SERVICE: 8, UNSURE: 6, BRIEFLY: 10, TURN: 30, ("PlanStaleError",): 8}
NOT_WAITED_FOR = ("NameHeldError", "DependencyMissingError", "NewerSchemaError")
REFUSED = ("ChangeRefusedError", "ThrottledError", *TURN, "PlanStaleError", *DOUBTED)
ANSWERS: dict[str, Any] = {
    SNAPSHOT: {"subject": "origin-1"},
    APPLY: {"subject": "origin-1"},
    WRITE: {"subject": "origin-1"},
    COMPENSATE: {"cause": "RefusedByPoolError", "left": ["attr:name"], "stands": False},
    COMPLETE: {"subject": "origin-1", "change_id": "change-1", "status": "completed"},
}


def call_of(step: str, cause: str, after: str) -> Call:
    payload: dict[str, Any] = dict(STEP)
    if step == COMPENSATE:
        payload["cause"] = cause
    if step == COMPLETE:
        known = {"left": [], "stands": False}
        if after == COMPENSATE:
            known = {name: ANSWERS[COMPENSATE][name] for name in known}
        payload |= {"cause": cause, **known}
    return CALLED[step], payload


def way(name: str, path: list[str], cause: str = "") -> Scenario:
    """A way through the machine. `cause`: the error with which the step before the turn ends."""
    answers = {**ANSWERS, COMPENSATE: {**ANSWERS[COMPENSATE], "cause": cause}}
    turn = next((s for s, then in pairwise(path) if _turns(s, then)), "")
    script = {
        CALLED[step]: [fails(cause) if step == turn else returns(answers[step])] for step in path
    }
    before = ["", *path]
    calls = [call_of(step, cause, after) for after, step in zip(before, path, strict=False)]
    return Scenario(name, GIVEN, script, path, calls, output=ANSWERS[COMPLETE])


def _turns(step: str, then: str) -> bool:
    return then == COMPENSATE or (step == SNAPSHOT and then == COMPLETE)


def used_up(base: Scenario, step: str, errors: tuple[str, ...], attempts: int) -> Scenario:
    """The same, after the retries of the step are used up."""
    first = [fails(errors[number % len(errors)]) for number in range(attempts)]
    there = next(number for number, call in enumerate(base.calls) if call[0] == CALLED[step])
    return replace(
        base,
        name=f"{base.name}, after {attempts} retries",
        script={**base.script, CALLED[step]: first + base.script[CALLED[step]]},
        calls=base.calls[:there] + [base.calls[there]] * attempts + base.calls[there:],
    )


def taken_back(step: str) -> list[Scenario]:
    path = [SNAPSHOT, APPLY, COMPENSATE, COMPLETE]
    if step == WRITE:
        path.insert(2, WRITE)
    found = [
        way(f"{step} ends with {error}: taken back", path, error)
        for error in (*PERMANENT, *NOT_WAITED_FOR, *DOUBTED, "KeyError")
    ]
    for errors, attempts in QUICK.items():
        base = way(f"{step} ends with {errors[-1]}: taken back", path, errors[-1])
        found.append(used_up(base, step, errors, attempts))
    return found


def refused() -> list[Scenario]:
    found = [
        way(f"refused at the snapshot with {error}", [SNAPSHOT, COMPLETE], error)
        for error in ("ChangeRefusedError", *DOUBTED)
    ]
    for errors, attempts in ((BRIEFLY, 10), (TURN, 30), (("PlanStaleError",), 8)):
        for last in errors:
            base = way(f"refused with {last}", [SNAPSHOT, COMPLETE], last)
            found.append(used_up(base, SNAPSHOT, errors, attempts))
    return found


WHOLE = way("an ordinary change", [SNAPSHOT, APPLY, WRITE, COMPLETE])
BACK = way("taken back", [SNAPSHOT, APPLY, COMPENSATE, COMPLETE], "RefusedByPoolError")
LASTING = {SERVICE: 8, UNSURE: 6}


def once(step: str) -> list[Scenario]:
    """Each error that is retried, once."""
    found = disturbances(WHOLE, step, CALLED[step], QUICK, ())
    return [one for one in found if not one.error]


SCENARIOS = [
    WHOLE,
    BACK,
    *refused(),
    *taken_back(APPLY),
    *taken_back(WRITE),
    *(one for step in (APPLY, WRITE, SNAPSHOT) for one in once(step)),
    *(
        one
        for one in disturbances(
            WHOLE,
            SNAPSHOT,
            CALLED[SNAPSHOT],
            LASTING,
            (*[e for e in PERMANENT if e != "ChangeRefusedError"], *NOT_WAITED_FOR, "KeyError"),
        )
        if one.error
    ),
    *disturbances(
        BACK, COMPENSATE, CALLED[COMPENSATE], RETRIED | REPLANNED, (*PERMANENT, "KeyError")
    ),
    *disturbances(
        WHOLE,
        COMPLETE,
        CALLED[COMPLETE],
        LASTING | {("ThrottledError",): 40},
        (*PERMANENT, *NEVER, "KeyError"),
    ),
]
