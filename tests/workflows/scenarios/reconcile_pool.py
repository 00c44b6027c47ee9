"""`reconcile_pool`: rounds, maps, the brake's question, and what becomes of each error."""

from __future__ import annotations

from typing import Any

from tests.workflows.judges import Answer, fails, returns
from tests.workflows.scenarios import Scenario, Step, disturbances, disturbed, stepwise
from tests.workflows.scenarios.retries import ASKING, PERMANENT, UNEXPECTED
from tests.workflows.scenarios.rounds import Map, children, cut, reading, steps_of, unread

GIVEN = {"dry_run": False}
RUN = {"id": "run-1", "execution": "EXECUTION", "mode": "repair", "shards": []}
STEP = {"run": RUN}
FOLDER = "runs/run-1/"
LISTING, COMPARE = f"{FOLDER}listing/round-0.json", f"{FOLDER}compare/items.json"
REPAIRS = f"{FOLDER}repair/round-0.json"
REPORT = {"report": "reports/2026-01-01/run-1.json", "verdict": "in sync", "drift": 0}
END = {**REPORT, "run": "run-1"}

OPEN, BEGIN, REFUSED = "Open Run", "May It Begin", "Already Running"
NOT_YET = "Not Yet"
PLAN_LISTING, LISTED, LIST = "Plan Listing", "Is Everything Listed", "List Pool"
PLAN_COMPARISON, COMPARING = "Plan Comparison", "Compare Shards"
JUDGE, FOLLOWS, ASK, MAY = "Judge Drift", "What Follows", "Ask Operator", "May It Repair"
PLAN_REPAIRS, REPAIRED, REPAIR = "Plan Repairs", "Is Everything Repaired", "Repair"
WRITE, CLOSE = "Write Report", "Close Run"
PART, BUCKET, BATCH = "List Part", "Compare Bucket", "Repair Batch"
LISTS = Map(LIST, PART, "list_part", LISTING)
COMPARES = Map(COMPARING, BUCKET, "compare_bucket", COMPARE, key="bucket")
MENDS = Map(REPAIR, BATCH, "repair_batch", REPAIRS)


def plan(number: int, *, done: bool, file: str = "", width: int = 1) -> Answer:
    return returns({"done": done, "items_file": file, "width": width, "round": number})


def opened() -> Step:
    given = {"given": GIVEN, "execution": "EXECUTION", "name": "NAME", "started_at": "START"}
    return "open_run", given, returns({"opened": True, "running": "", "run": RUN})


def planned(called: str, number: int, *, done: bool, file: str = "", **more: Any) -> Step:
    return called, {**STEP, "round": number, **more}, plan(number, done=done, file=file)


def child(called: str, item: Any) -> Step:
    return called, {**STEP, "width": 1, "item": item}, returns({"done": True})


def judged(verdict: str) -> Step:
    answer = {"verdict": verdict, "approval_seconds": 60}
    return "judge_drift", STEP, returns(answer)


def ended(answer: str) -> list[Step]:
    return [
        ("write_report", {**STEP, "answer": answer}, returns(REPORT)),
        ("close_run", {**STEP, "report": REPORT}, returns(END)),
    ]


LISTED_AT_ONCE = planned("plan_listing", 0, done=True)
COMPARED = ("plan_comparison", STEP, plan(0, done=False, file=COMPARE))
BUCKETS = [{"bucket": "00"}, {"bucket": "01"}]
NOTHING_LEFT = [OPEN, BEGIN, PLAN_LISTING, LISTED, PLAN_COMPARISON]
COMPARISON = [COMPARING, BUCKET, BUCKET, JUDGE, FOLLOWS]


def scenario(
    name: str, path: list[str], steps: list[Step], files: dict[str, list[Any]] | None = None
) -> Scenario:
    return reading(stepwise(name, GIVEN, path, steps, END), files or {})


def compared(verdict: str) -> list[Step]:
    """Everything up to the judgement, with nothing to list."""
    buckets = [child("compare_bucket", item) for item in BUCKETS]
    return [opened(), LISTED_AT_ONCE, COMPARED, *buckets, judged(verdict)]


def asked(answer: Answer) -> Step:
    return "ask_operator", {**STEP, "token": "TOKEN", "seconds": 60}, answer


def repaired(answer: str) -> list[Step]:
    return [
        planned("plan_repairs", 0, done=False, file=REPAIRS, answer=answer),
        child("repair_batch", {"id": "b-1"}),
        planned("plan_repairs", 1, done=True, answer=answer),
        *ended(answer),
    ]


FILES = {COMPARE: BUCKETS}
REPAIRING = [PLAN_REPAIRS, REPAIRED, REPAIR, BATCH, PLAN_REPAIRS, REPAIRED, WRITE, CLOSE]
FILES_OF_DRIFT = {**FILES, REPAIRS: [{"id": "b-1"}]}

IN_SYNC = scenario(
    "nothing is wrong",
    [*NOTHING_LEFT, *COMPARISON, WRITE, CLOSE],
    [*compared("nothing"), *ended("not asked")],
    FILES,
)
WITH_DRIFT = scenario(
    "drift is repaired",
    [*NOTHING_LEFT, *COMPARISON, *REPAIRING],
    [*compared("repair"), *repaired("not asked")],
    FILES_OF_DRIFT,
)
APPROVED = scenario(
    "an operator approves",
    [*NOTHING_LEFT, *COMPARISON, ASK, MAY, *REPAIRING],
    [*compared("ask"), asked(returns({"approved": True})), *repaired("approved")],
    FILES_OF_DRIFT,
)


def unanswered(name: str, way: list[str], answer: Answer, told: str) -> Scenario:
    path = [*NOTHING_LEFT, *COMPARISON, ASK, *way, WRITE, CLOSE]
    return scenario(name, path, [*compared("ask"), asked(answer), *ended(told)], FILES)


REJECTED = unanswered("an operator rejects", [MAY], returns({"approved": False}), "rejected")
ITEMS = [{"id": "0"}, {"id": "1"}]
TWO_ROUNDS = scenario(
    "what was checkpointed is taken up in another round",
    [
        *(OPEN, BEGIN, PLAN_LISTING, LISTED, LIST, PART, PART, PLAN_LISTING, LISTED),
        *(PLAN_COMPARISON, *COMPARISON, WRITE, CLOSE),
    ],
    [
        opened(),
        planned("plan_listing", 0, done=False, file=LISTING),
        *(child("list_part", item) for item in ITEMS),
        planned("plan_listing", 1, done=True),
        *compared("dry_run")[2:],
        *ended("not asked"),
    ],
    {**FILES, LISTING: ITEMS},
)


def listless(base: Scenario, at: Map) -> Scenario:
    """The base, as far as the map whose list of work is not there."""
    script = {name: told for name, told in base.script.items() if not name.endswith(at.file)}
    return cut(base, at, f"{at.state} has no list of work, and fails in place", script)


REFUSED_RUN = Scenario(
    "another run holds the pool",
    GIVEN,
    {"open_run": [returns({"opened": False, "running": "arn:other", "run": RUN})]},
    [OPEN, BEGIN, REFUSED],
    [(opened()[0], opened()[1])],
    {"opened": False, "running": "arn:other", "run": RUN},
)
_NOT_YET = {"opened": False, "running": "", "not_yet": "run it", "run": None}
TOO_EARLY = Scenario(
    "a schedule comes before any person",
    GIVEN,
    {"open_run": [returns(_NOT_YET)]},
    [OPEN, BEGIN, NOT_YET],
    [(opened()[0], opened()[1])],
    _NOT_YET,
)
NOTHING_TO_LIST = listless(TWO_ROUNDS, LISTS)
NOTHING_TO_COMPARE = listless(IN_SYNC, COMPARES)
NOTHING_TO_REPAIR = listless(WITH_DRIFT, MENDS)
EMPTY = scenario(
    "an empty comparison",
    [*NOTHING_LEFT, COMPARING, JUDGE, FOLLOWS, WRITE, CLOSE],
    [opened(), LISTED_AT_ONCE, COMPARED, judged("nothing"), *ended("not asked")],
    {COMPARE: []},
)

SCENARIOS = [
    *unread(TWO_ROUNDS, LISTS),
    *unread(IN_SYNC, COMPARES),
    *unread(WITH_DRIFT, MENDS),
    IN_SYNC,
    WITH_DRIFT,
    APPROVED,
    REJECTED,
    unanswered("what is no clear yes is a no", [MAY], returns({}), "rejected"),
    unanswered("nobody answers in time", [], fails("States.Timeout"), "expired"),
    TWO_ROUNDS,
    REFUSED_RUN,
    TOO_EARLY,
    NOTHING_TO_LIST,
    NOTHING_TO_COMPARE,
    *steps_of(REFUSED_RUN, {OPEN: "open_run"}, held=False, doubted=True),
    *steps_of(NOTHING_TO_LIST, {PLAN_LISTING: "plan_listing"}, held=True),
    *steps_of(NOTHING_TO_COMPARE, {PLAN_COMPARISON: "plan_comparison"}, held=True),
    *steps_of(EMPTY, {JUDGE: "judge_drift"}, held=True),
    *steps_of(EMPTY, {WRITE: "write_report", CLOSE: "close_run"}, held=False),
    *steps_of(NOTHING_TO_REPAIR, {PLAN_REPAIRS: "plan_repairs"}, held=True),
    *(
        one
        for one in disturbances(
            REJECTED,
            ASK,
            "ask_operator",
            ASKING,
            (*PERMANENT, *UNEXPECTED, "KeyError"),
        )
        if one.error
    ),
    disturbed(REJECTED, ASK, "ask_operator", [error for rule in ASKING for error in rule]),
    *children(TWO_ROUNDS, LISTS),
    *children(IN_SYNC, COMPARES),
    *children(WITH_DRIFT, MENDS),
]
