"""`restore_pool`: looking, planning, restoring in rounds, refusals, and each error."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.workflows.judges import Answer, fails, returns
from tests.workflows.scenarios import Scenario, Step, disturbances, disturbed, stepwise
from tests.workflows.scenarios.retries import (
    CALLED,
    CALLED_IN_TURN,
    DOUBTED,
    PATIENTLY,
    PERMANENT,
    UNEXPECTED,
)

GIVEN = {"group": "staff", "run": True}
RUN = {"id": "r-1", "execution": "EXECUTION", "mode": "repair", "shards": []}
STEP = {"run": RUN}
FOLDER = "runs/r-1/restore/rounds/r-1-"
LOOKS, BATCHES = f"{FOLDER}0.json", f"{FOLDER}1.json"
END = {"outcome": "restored", "ran": True, "planned": {"create": 1}, "outcomes": {"restored": 1}}

OPEN, MAY, REFUSED = "Open Restore", "May It Restore", "Refused"
PLAN, DONE, MAP, PART = "Plan Restore", "Is Everything Done", "Restore", "Restore Part"
CLOSE = "Close Restore"
PAST, IS_OPEN, AWAIT_OPEN = "Open Past Table", "Is It Open", "Await Past Table"
WAS_PAST, CLOSE_PAST, IS_GONE = "Was There A Past Table", "Close Past Table", "Is It Gone"
AWAIT_END, RESTORED = "Await Its End", "Restored"
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


def child(item: Any, answer: Answer | None = None) -> Step:
    return "restore_part", {**STEP, "width": 1, "item": item}, answer or returns({"done": True})


CLOSED: Step = ("close_restore", STEP, returns(END))
HEAD, ROUND, TAIL = [OPEN, MAY, PLAN, DONE], [PLAN, DONE], [CLOSE, WAS_PAST, RESTORED]


def opens(*, ready: bool) -> Step:
    given = {"restore_id": "r-1", "as_of": TIME}
    return "open_past_table", given, returns({"table": "alpha.past.r-1", "ready": ready})


def closes(*, gone: bool) -> Step:
    return "close_past_table", {"restore_id": "r-1"}, returns({"gone": gone})


def scenario(name: str, path: list[str], steps: list[Step], *files: str) -> Scenario:
    told = stepwise(name, GIVEN, path, steps, END)
    read = {f"s3:getObject {file}": [returns(ITEMS[file])] for file in files}
    return replace(told, script={**read, **told.script})


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
        *(CLOSE_PAST, IS_GONE, AWAIT_END, CLOSE_PAST, IS_GONE, RESTORED),
    ],
    [
        *(opened(as_of=TIME), opens(ready=False), opens(ready=True), planned(0), CLOSED),
        *(closes(gone=False), closes(gone=True)),
    ],
)
_ONCE = scenario(
    "as of a time: its table is there, and gone at once",
    [
        *(OPEN, MAY, PAST, IS_OPEN, PLAN, DONE, CLOSE, WAS_PAST, CLOSE_PAST, IS_GONE, RESTORED),
    ],
    [opened(as_of=TIME), opens(ready=True), planned(0), CLOSED, closes(gone=True)],
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


def children() -> list[Scenario]:
    """What becomes of each error of a child: every one a child of its own in one map."""
    once = [[error] for rule in CALLED for error in rule]
    lost = [[error, "!"] for error in (*PERMANENT, *UNEXPECTED, "KeyError")]
    worn = [
        [*(rule[n % len(rule)] for n in range(attempts)), rule[-1], "!"]
        for rule, attempts in CALLED.items()
    ]
    return [
        one_map("what is retried and then succeeds", once),
        one_map("what fails at once fails alone", lost),
        one_map("what is retried in vain fails alone", worn),
    ]


def one_map(name: str, fates: list[list[str]]) -> Scenario:
    """A round with a child for each fate: the errors of its calls, before it succeeds; one that
    fails for good (`!`) does not succeed. The next plan finds whatever became of them."""
    items = [{"kind": "restore", "name": str(number)} for number in range(len(fates))]
    steps: list[Step] = []
    for item, errors in zip(items, fates, strict=True):
        steps += [child(item, fails(error)) for error in errors if error != "!"]
        steps += [] if errors[-1] == "!" else [child(item)]
    told = stepwise(
        f"{PART}: {name}",
        GIVEN,
        [*HEAD, MAP, *[PART] * len(fates), *ROUND, *TAIL],
        [opened(), planned(0, file=BATCHES), *steps, planned(1), CLOSED],
        END,
    )
    return replace(told, script={f"s3:getObject {BATCHES}": [returns(items)], **told.script})


RARE = ("NewerSchemaError", "PlanStaleError", *DOUBTED)


def steps_of(base: Scenario, state: str, called: str, *, held: bool) -> list[Scenario]:
    """Every error of a Task. What is retried comes all in one run, so that runs stay few."""
    doubted = state == OPEN
    permanent = tuple(
        error
        for error in (*PERMANENT, *(RARE if held else UNEXPECTED), "KeyError")
        if not (doubted and error in DOUBTED)
    )
    doubt = {DOUBTED: PATIENTLY[DOUBTED]} if doubted else {}
    rules = (CALLED_IN_TURN if held else CALLED) | doubt
    every = [error for rule in rules for error in rule]
    failing = disturbances(base, state, called, rules, permanent)
    return [disturbed(base, state, called, every), *(one for one in failing if one.error)]


READER_ATTEMPTS = 8


def unread() -> list[Scenario]:
    """S3 does not give the Map its items at once, and never."""
    broken, read = fails("States.ItemReaderFailed"), f"s3:getObject {LOOKS}"
    return [
        replace(
            SMOOTH,
            name="the items are read again",
            script={**SMOOTH.script, read: [broken, *SMOOTH.script[read]]},
        ),
        replace(
            SMOOTH,
            name="the items cannot be read",
            script={**SMOOTH.script, read: [broken] * (READER_ATTEMPTS + 1)},
            path=[*HEAD, MAP],
            calls=SMOOTH.calls[:2],
            output=None,
            error="States.ItemReaderFailed",
        ),
    ]


SCENARIOS = [
    *unread(),
    PLANNED_ONLY,
    SMOOTH,
    HELD,
    *children(),
    *steps_of(HELD, OPEN, "open_restore", held=False),
    *steps_of(PLANNED_ONLY, PLAN, "plan_restore", held=True),
    *steps_of(PLANNED_ONLY, CLOSE, "close_restore", held=False),
    OF_A_TIME,
    *steps_of(_ONCE, PAST, "open_past_table", held=False),
    *steps_of(_ONCE, CLOSE_PAST, "close_past_table", held=False),
]
