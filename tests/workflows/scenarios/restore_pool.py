"""`restore_pool`: looking, planning, restoring in rounds, refusals, and each error."""

from __future__ import annotations

from typing import Any

from tests.workflows.judges import returns
from tests.workflows.scenarios import Scenario, Step, stepwise
from tests.workflows.scenarios.rounds import Map, children, reading, steps_of, unread

GIVEN = {"group": "staff", "run": True}
RUN = {"id": "r-1", "execution": "EXECUTION", "mode": "repair", "shards": []}
STEP = {"run": RUN}
FOLDER = "runs/r-1/restore/rounds/r-1-"
LOOKS, BATCHES = f"{FOLDER}0.json", f"{FOLDER}1.json"
END: dict[str, Any] = {
    **{"outcome": "restored", "ran": True, "planned": {"create": 1}, "outcomes": {"restored": 1}},
    "keeps_past": False,
}
LOOKED = {**END, "outcome": "planned", "ran": False, "outcomes": {}, "keeps_past": True}

OPEN, MAY, REFUSED = "Open Restore", "May It Restore", "Refused"
PLAN, DONE, MAP, PART = "Plan Restore", "Is Everything Done", "Restore", "Restore Part"
CLOSE = "Close Restore"
PAST, IS_OPEN, AWAIT_OPEN = "Open Past Table", "Is It Open", "Await Past Table"
WAS_PAST, CLOSE_PAST, RESTORED = "Was There A Past Table", "Close Past Table", "Restored"
TIME = "2026-11-29T10:00:00+00:00"
ITEMS: dict[str, list[Any]] = {
    LOOKS: [{"kind": "look", "name": "0"}, {"kind": "look", "name": "1"}],
    BATCHES: [{"kind": "restore", "name": "users-00000"}],
}


def opened(answer: Any = None, as_of: str = "") -> Step:
    given = {"given": GIVEN, "execution": "EXECUTION", "name": "NAME", "started_at": "START"}
    told = answer or {"opened": True, "why": "", "running": "", "run": RUN, "as_of": as_of}
    return "open_restore", given, returns(told)


def planned(number: int, *, file: str = "") -> Step:
    told = {"done": not file, "items_file": file, "width": 1, "round": number}
    return "plan_restore", {**STEP, "round": number}, returns(told)


def child(item: Any) -> Step:
    return "restore_part", {**STEP, "width": 1, "item": item}, returns({"done": True})


CLOSED: Step = ("close_restore", STEP, returns(END))
HEAD, ROUND, TAIL = [OPEN, MAY, PLAN, DONE], [PLAN, DONE], [CLOSE, WAS_PAST, RESTORED]


def opens(*, ready: bool) -> Step:
    told = {"table": "alpha.past.20261129T100000Z", "ready": ready}
    return "open_past_table", {"as_of": TIME}, returns(told)


CLOSES: Step = ("close_past_table", {"as_of": TIME}, returns({"gone": False}))


def scenario(name: str, path: list[str], steps: list[Step], *files: str) -> Scenario:
    told = stepwise(name, GIVEN, path, steps, END)
    return reading(told, {file: ITEMS[file] for file in files})


PLANNED_ONLY = scenario("nothing has to be done", [*HEAD, *TAIL], [opened(), planned(0), CLOSED])
SMOOTH = scenario(
    "everybody is looked at, and then restored",
    [*HEAD, MAP, PART, PART, *ROUND, MAP, PART, *ROUND, *TAIL],
    [
        *(opened(), planned(0, file=LOOKS), *(child(item) for item in ITEMS[LOOKS])),
        *(planned(1, file=BATCHES), child(ITEMS[BATCHES][0]), planned(2), CLOSED),
    ],
    LOOKS,
    BATCHES,
)
OF_A_TIME = scenario(
    "as of a time: its table is waited for, and removed",
    [
        *(OPEN, MAY, PAST, IS_OPEN, AWAIT_OPEN, PAST, IS_OPEN, PLAN, DONE, CLOSE, WAS_PAST),
        *(CLOSE_PAST, RESTORED),
    ],
    [opened(as_of=TIME), opens(ready=False), opens(ready=True), planned(0), CLOSED, CLOSES],
)
OF_A_TIME_LOOKED = stepwise(
    "as of a time: who has only looked leaves its table there",
    GIVEN,
    [OPEN, MAY, PAST, IS_OPEN, PLAN, DONE, CLOSE, WAS_PAST, RESTORED],
    [
        *(opened(as_of=TIME), opens(ready=True), planned(0)),
        ("close_restore", STEP, returns(LOOKED)),
    ],
    LOOKED,
)
_ONCE = scenario(
    "as of a time: its table is there",
    [OPEN, MAY, PAST, IS_OPEN, PLAN, DONE, CLOSE, WAS_PAST, CLOSE_PAST, RESTORED],
    [opened(as_of=TIME), opens(ready=True), planned(0), CLOSED, CLOSES],
)
_NO = {"opened": False, "why": "r-0 is under way", "running": "arn:other", "run": None, "as_of": ""}
HELD = Scenario(
    "another one holds the pool",
    GIVEN,
    {"open_restore": [returns(_NO)]},
    [OPEN, MAY, REFUSED],
    [(opened()[0], opened()[1])],
    _NO,
)


IN_A_ROUND = scenario(
    "a round",
    [*HEAD, MAP, PART, *ROUND, *TAIL],
    [opened(), planned(0, file=BATCHES), child(ITEMS[BATCHES][0]), planned(1), CLOSED],
    BATCHES,
)
LOOKING = Map(MAP, PART, "restore_part", LOOKS)
RESTORING = Map(MAP, PART, "restore_part", BATCHES, key="name", more=(("kind", "restore"),))

SCENARIOS = [
    *unread(SMOOTH, LOOKING),
    PLANNED_ONLY,
    SMOOTH,
    HELD,
    *children(IN_A_ROUND, RESTORING),
    *steps_of(HELD, {OPEN: "open_restore"}, held=False, doubted=True),
    *steps_of(PLANNED_ONLY, {PLAN: "plan_restore"}, held=True),
    *steps_of(PLANNED_ONLY, {CLOSE: "close_restore"}, held=False),
    OF_A_TIME,
    OF_A_TIME_LOOKED,
    *steps_of(_ONCE, {PAST: "open_past_table"}, held=False),
    *steps_of(_ONCE, {CLOSE_PAST: "close_past_table"}, held=False),
]
