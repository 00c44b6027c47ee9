"""`stand_down`: the mark, the drain, the tally; taken back; refused."""

from __future__ import annotations

from typing import Any

from tests.workflows.judges import Answer, returns
from tests.workflows.scenarios import Scenario, disturbances
from tests.workflows.scenarios.retries import (
    CALLED,
    DOUBTED,
    PERMANENT,
    REPLANNED,
    UNEXPECTED,
    UPGRADE,
    WAITING,
)

HERE, THERE = "us-east-1", "ap-northeast-1"
GIVEN = {"target": THERE, "abort": False, "accepted": [], "asked": "me"}
SEEN = {"records": 3, "revisions": 7, "highest": {"number": 1, "region": HERE}}
RUN = {"run": "run-1", "attempt": 0, "ended": False, "clean": False, "why": "started"}

DOWN, BECAME, TOLD = "Stand Down", "What Became Of It", "Told"
SETTLE, SETTLED, AWAIT_CALM = "Settle Region", "Is It Settled", "Await Calm"
RECONCILE, RECONCILED, AWAIT_RUN = "Reconcile Region", "Is It Reconciled", "Await Reconciliation"
SURVEY, SURVEYED = "Survey Records", "Is Everything Surveyed"

Step = tuple[str, Any, Answer]


def answer(turn: str) -> dict[str, Any]:
    return {"turn": turn, "epoch": 1, "why": f"why {turn}", "region": HERE}


def down(turn: str, drained: Any = None, given: Any = GIVEN) -> Step:
    return "stand_down", {"request": given, "drained": drained or {}}, returns(answer(turn))


def settled(*waits_for: str) -> Step:
    told = {"settled": not waits_for, "waits_for": list(waits_for)}
    return "settle_region", {"request": GIVEN}, returns(told)


def reconciled(asked: int = 0, **told: Any) -> Step:
    payload = {"request": GIVEN, "name": "NAME", "started_at": "START", "attempt": asked}
    return "reconcile_region", payload, returns({**RUN, **told})


def surveyed(after: str = "", of: str = "", was: Any = None) -> Step:
    given = {"of": HERE, "wanted": {}, "after": of, "seen": was or {}}
    return "survey_records", given, returns({"after": after, "seen": SEEN, "arrived": not after})


def scenario(
    name: str, path: list[str], steps: list[Step], output: Any, given: Any = GIVEN
) -> Scenario:
    script: dict[str, list[Answer]] = {}
    for called, _, told in steps:
        script.setdefault(called, []).append(told)
    calls = [(called, asked) for called, asked, _ in steps]
    return Scenario(name=name, given=given, script=script, path=path, calls=calls, output=output)


DRAINED = scenario(
    "it drains, and tells what it has written",
    [
        *(DOWN, BECAME, SETTLE, SETTLED, RECONCILE, RECONCILED, SURVEY, SURVEYED),
        *(DOWN, BECAME, TOLD),
    ],
    [
        *(down("drain"), settled(), reconciled(ended=True, clean=True), surveyed()),
        down("drained", SEEN),
    ],
    answer("drained"),
)

PATIENT = scenario(
    "everything is waited for",
    [
        *(DOWN, BECAME, SETTLE, SETTLED, AWAIT_CALM, SETTLE, SETTLED),
        *(RECONCILE, RECONCILED, AWAIT_RUN, RECONCILE, RECONCILED),
        *(SURVEY, SURVEYED, SURVEY, SURVEYED, DOWN, BECAME, TOLD),
    ],
    [
        *(down("drain"), settled("1 parked hints"), settled()),
        *(reconciled(attempt=1), reconciled(1, ended=True, clean=True)),
        *(surveyed(after="p-1"), surveyed(of="p-1", was=SEEN), down("drained", SEEN)),
    ],
    answer("drained"),
)

LEFT = scenario(
    "a reconciliation that left something ends it",
    [DOWN, BECAME, SETTLE, SETTLED, RECONCILE, RECONCILED, TOLD],
    [down("drain"), settled(), reconciled(ended=True, why="drift left")],
    {**RUN, "ended": True, "why": "drift left"},
)

ABORT = {**GIVEN, "abort": True}
ABORTED = scenario(
    "taken back",
    [DOWN, BECAME, TOLD],
    [down("reopened", given=ABORT)],
    answer("reopened"),
    ABORT,
)

_ANY = (*PERMANENT, *UNEXPECTED, "KeyError")
_CLAIM = (*PERMANENT, *WAITING, *UPGRADE, *DOUBTED, "KeyError")

SCENARIOS = [
    *(DRAINED, PATIENT, LEFT, ABORTED),
    *disturbances(ABORTED, DOWN, "stand_down", CALLED | REPLANNED, _CLAIM),
    *disturbances(LEFT, SETTLE, "settle_region", CALLED, _ANY),
    *disturbances(LEFT, RECONCILE, "reconcile_region", CALLED, _ANY),
    *disturbances(DRAINED, SURVEY, "survey_records", CALLED, _ANY),
]
