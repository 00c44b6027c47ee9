"""`fail_over`: planned with everything that is waited for, in an outage, and refused."""

from __future__ import annotations

from typing import Any

from tests.workflows.judges import returns
from tests.workflows.scenarios import Step, disturbances, stepwise
from tests.workflows.scenarios.draining import (
    AWAIT_CALM,
    AWAIT_RUN,
    RECONCILE,
    RECONCILED,
    SETTLE,
    SETTLED,
    SURVEY,
    TALLY,
    reconciled,
    settled,
)
from tests.workflows.scenarios.retries import (
    CALLED,
    CALLED_IN_TURN,
    DOUBTED,
    PERMANENT,
    REPLANNED,
    UNEXPECTED,
    UPGRADE,
    WAITING,
)

HERE, THERE = "ap-northeast-1", "us-east-1"
PLANNED = {"mode": "planned", "accepted": [], "asked": "me"}
OUTAGE = {**PLANNED, "mode": "outage"}
SEEN = {**TALLY, "highest": {"number": 1, "region": THERE}}
PUBLISHED = {"published": True}

PLAN, NEXT, AWAIT_DOWN = "Plan Failover", "What Is Next", "Await Stand Down"
HERE_ALL, AWAIT_ARRIVAL = "Is Everything Here", "Await Arrival"
RESET, ALL_RESET = "Reset Changed Passwords", "Are All Reset"
CLAIM, CLAIMED = "Claim Region", "Is It Claimed"
PUBLISH, GOES_ON, ACTIVE, REFUSED = "Publish Active", "What Goes On", "Active", "Refused"


def planned(given: Any, step: str, wanted: Any = None, epoch: int = 1) -> Step:
    told = {"step": step, "why": f"why {step}", "mode": given["mode"], "region": HERE}
    told |= {"source": THERE, "epoch": epoch, "wanted": wanted or {}}
    return "plan_failover", {"request": given, "execution": "EXECUTION"}, returns(told)


def surveyed(wanted: Any, *, arrived: bool, after: str = "", was: Any = None, of: Any = "") -> Step:
    given = {"of": THERE, "wanted": wanted, "after": of, "seen": was or {}}
    return "survey_records", given, returns({"after": after, "seen": SEEN, "arrived": arrived})


def reset(*, done: bool = True, was: Any = None) -> Step:
    at = {"since": 1, "shard": 256 if done else 9, "counts": {"reset": 2}}
    given = {"holder": "EXECUTION#0", "progress": was}
    return "reset_changed_passwords", given, returns({"done": done, "progress": at})


def claimed(given: Any, *, done: bool = True) -> Step:
    asked = {"request": given, "execution": "EXECUTION", "seen": SEEN}
    return "claim_region", asked, returns({"claimed": done, "epoch": 2, "why": "told why"})


PUBLISHING: Step = ("publish_active", {}, returns(PUBLISHED))
DONE = {"outcome": "claimed", "region": HERE, "epoch": 2, "published": PUBLISHED}


CLAIMING = [CLAIM, CLAIMED, PUBLISH, GOES_ON]
DRAINING = [SURVEY, HERE_ALL, SETTLE, SETTLED, RECONCILE, RECONCILED]
HALF = {"since": 1, "shard": 9, "counts": {"reset": 2}}

SMOOTH = stepwise(
    "planned: the other Region has stood down and all is here",
    PLANNED,
    [PLAN, NEXT, *DRAINING, RESET, ALL_RESET, *CLAIMING, ACTIVE],
    [
        *(planned(PLANNED, "survey", TALLY), surveyed(TALLY, arrived=True), settled(PLANNED)),
        *(reconciled(PLANNED, ended=True, clean=True), reset(), claimed(PLANNED), PUBLISHING),
    ],
    DONE,
)

PATIENT = stepwise(
    "planned: everything is waited for",
    PLANNED,
    [
        *(PLAN, NEXT, AWAIT_DOWN, PLAN, NEXT),
        *(SURVEY, HERE_ALL, SURVEY, HERE_ALL, AWAIT_ARRIVAL, PLAN, NEXT, SURVEY, HERE_ALL),
        *(SETTLE, SETTLED, AWAIT_CALM, SETTLE, SETTLED),
        *(RECONCILE, RECONCILED, AWAIT_RUN, RECONCILE, RECONCILED),
        *(RESET, ALL_RESET, RESET, ALL_RESET, *CLAIMING, ACTIVE),
    ],
    [
        planned(PLANNED, "wait"),
        planned(PLANNED, "survey", TALLY),
        surveyed(TALLY, arrived=False, after="p-1"),
        surveyed(TALLY, arrived=False, of="p-1", was=SEEN),
        planned(PLANNED, "survey", TALLY),
        surveyed(TALLY, arrived=True),
        settled(PLANNED, "2 running executions"),
        settled(PLANNED),
        reconciled(PLANNED, attempt=1),
        reconciled(PLANNED, 1, ended=True, clean=True),
        reset(done=False),
        reset(was=HALF),
        claimed(PLANNED),
        PUBLISHING,
    ],
    DONE,
)

LEFT = stepwise(
    "planned: a reconciliation that left something ends it",
    PLANNED,
    [PLAN, NEXT, *DRAINING, REFUSED],
    [
        *(planned(PLANNED, "survey", TALLY), surveyed(TALLY, arrived=True), settled(PLANNED)),
        reconciled(PLANNED, ended=True, why="drift left"),
    ],
    {"outcome": "refused", "why": "drift left"},
)

TAKEN_BACK = stepwise(
    "planned: a mark that was taken back ends it",
    PLANNED,
    [PLAN, NEXT, *DRAINING, RESET, ALL_RESET, CLAIM, CLAIMED, REFUSED],
    [
        *(planned(PLANNED, "survey", TALLY), surveyed(TALLY, arrived=True), settled(PLANNED)),
        *(reconciled(PLANNED, ended=True, clean=True), reset(), claimed(PLANNED, done=False)),
    ],
    {"outcome": "refused", "why": "told why"},
)

AT_ONCE = stepwise(
    "outage: it claims at once, and starts a reconciliation afterwards",
    OUTAGE,
    [PLAN, NEXT, SURVEY, HERE_ALL, *CLAIMING, RECONCILE, RECONCILED, ACTIVE],
    [
        *(planned(OUTAGE, "survey"), surveyed({}, arrived=True), claimed(OUTAGE), PUBLISHING),
        reconciled(OUTAGE),
    ],
    DONE,
)

RESUMED = stepwise(
    "who has claimed publishes",
    PLANNED,
    [PLAN, NEXT, PUBLISH, GOES_ON, ACTIVE],
    [planned(PLANNED, "publish", epoch=2), PUBLISHING],
    DONE,
)

SECOND = stepwise(
    "who comes second is told",
    OUTAGE,
    [PLAN, NEXT, REFUSED],
    [planned(OUTAGE, "refuse")],
    {"outcome": "refused", "why": "why refuse"},
)

_ANY = (*PERMANENT, *UNEXPECTED, "KeyError")
_CLAIM = (*PERMANENT, *WAITING, *UPGRADE, *DOUBTED, "KeyError")
_IN_TURN = tuple(error for error in _ANY if error not in WAITING)

SCENARIOS = [
    *(SMOOTH, PATIENT, LEFT, TAKEN_BACK, AT_ONCE, RESUMED, SECOND),
    *disturbances(SECOND, PLAN, "plan_failover", CALLED, _ANY),
    *disturbances(LEFT, SURVEY, "survey_records", CALLED, _ANY),
    *disturbances(LEFT, SETTLE, "settle_region", CALLED, _ANY),
    *disturbances(LEFT, RECONCILE, "reconcile_region", CALLED, _ANY),
    *disturbances(TAKEN_BACK, RESET, "reset_changed_passwords", CALLED_IN_TURN, _IN_TURN),
    *disturbances(TAKEN_BACK, CLAIM, "claim_region", CALLED | REPLANNED, _CLAIM),
    *disturbances(RESUMED, PUBLISH, "publish_active", CALLED_IN_TURN, _IN_TURN),
]
