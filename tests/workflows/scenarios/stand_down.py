"""`stand_down`: the mark, the drain, the tally; taken back; refused."""

from __future__ import annotations

from typing import Any

from tests.workflows.judges import returns
from tests.workflows.scenarios import Step, disturbances, stepwise
from tests.workflows.scenarios.draining import (
    AWAIT_CALM,
    AWAIT_RUN,
    RECONCILE,
    RECONCILED,
    RUN,
    SETTLE,
    SETTLED,
    SURVEY,
    TALLY,
    reconciled,
    settled,
)
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
SEEN = {**TALLY, "highest": {"number": 1, "region": HERE}}

DOWN, BECAME, TOLD = "Stand Down", "What Became Of It", "Told"
SURVEYED = "Is Everything Surveyed"


def answer(turn: str) -> dict[str, Any]:
    return {"turn": turn, "epoch": 1, "why": f"why {turn}", "region": HERE}


def down(turn: str, drained: Any = None, given: Any = GIVEN) -> Step:
    return "stand_down", {"request": given, "drained": drained or {}}, returns(answer(turn))


def surveyed(after: str = "", of: str = "", was: Any = None) -> Step:
    given = {"of": HERE, "wanted": {}, "after": of, "seen": was or {}}
    return "survey_records", given, returns({"after": after, "seen": SEEN, "arrived": not after})


DRAINED = stepwise(
    "it drains, and tells what it has written",
    GIVEN,
    [
        *(DOWN, BECAME, SETTLE, SETTLED, RECONCILE, RECONCILED, SURVEY, SURVEYED),
        *(DOWN, BECAME, TOLD),
    ],
    [
        *(down("drain"), settled(GIVEN), reconciled(GIVEN, ended=True, clean=True), surveyed()),
        down("drained", SEEN),
    ],
    answer("drained"),
)

PATIENT = stepwise(
    "everything is waited for",
    GIVEN,
    [
        *(DOWN, BECAME, SETTLE, SETTLED, AWAIT_CALM, SETTLE, SETTLED),
        *(RECONCILE, RECONCILED, AWAIT_RUN, RECONCILE, RECONCILED),
        *(SURVEY, SURVEYED, SURVEY, SURVEYED, DOWN, BECAME, TOLD),
    ],
    [
        *(down("drain"), settled(GIVEN, "1 parked hints"), settled(GIVEN)),
        *(reconciled(GIVEN, attempt=1), reconciled(GIVEN, 1, ended=True, clean=True)),
        *(surveyed(after="p-1"), surveyed(of="p-1", was=SEEN), down("drained", SEEN)),
    ],
    answer("drained"),
)

LEFT = stepwise(
    "a reconciliation that left something ends it",
    GIVEN,
    [DOWN, BECAME, SETTLE, SETTLED, RECONCILE, RECONCILED, TOLD],
    [down("drain"), settled(GIVEN), reconciled(GIVEN, ended=True, why="drift left")],
    {**RUN, "ended": True, "why": "drift left"},
)

ABORT = {**GIVEN, "abort": True}
ABORTED = stepwise(
    "taken back",
    ABORT,
    [DOWN, BECAME, TOLD],
    [down("reopened", given=ABORT)],
    answer("reopened"),
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
