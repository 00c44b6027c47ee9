"""`reconcile_pool`: rounds, maps, the brake's question, and what becomes of each error.

Both interpreters run the children of a Distributed Map one after the other here (`width` is 1);
neither limits a child to the 5 minutes that an Express execution has.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.workflows.judges import Answer, fails, returns
from tests.workflows.scenarios import Call, Scenario, Step, disturbances, disturbed, stepwise
from tests.workflows.scenarios.retries import (
    ASKING,
    CALLED,
    CALLED_IN_TURN,
    DOUBTED,
    PATIENTLY,
    PERMANENT,
    UNEXPECTED,
)

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
    told = stepwise(name, GIVEN, path, steps, END)
    read = {f"s3:getObject {key}": [returns(items)] for key, items in (files or {}).items()}
    return replace(told, script={**read, **told.script})


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


def over(base: Scenario, called: str, fates: list[list[str]], name: str) -> Scenario:
    """The base, whose map now has a child for each fate: the errors of its calls, before it
    succeeds; a child that fails for good (`!`) does not succeed, and does not stop the others."""
    (file,) = [key for key in base.script if key.endswith(FOLDER_OF[called])]
    items = [{"id": str(number)} for number in range(len(fates))]
    if called == "compare_bucket":
        items = [{"bucket": str(number)} for number in range(len(fates))]
    answers: list[Answer] = []
    calls: list[Call] = []
    for item, errors in zip(items, fates, strict=True):
        lost = errors[-1:] == ["!"]
        failures = [fails(error) for error in errors if error != "!"]
        made = failures if lost else [*failures, returns({"done": True})]
        answers += made
        calls += [(called, {**STEP, "width": 1, "item": item})] * len(made)
    inner = INNER[called]
    first = next(n for n, (name, _) in enumerate(base.calls) if name == called)
    last = max(n for n, (name, _) in enumerate(base.calls) if name == called)
    at, until = base.path.index(inner), len(base.path) - base.path[::-1].index(inner)
    return Scenario(
        name=f"{inner}: {name}",
        given=base.given,
        script={**base.script, called: answers, file: [returns(items)]},
        path=[*base.path[:at], *[inner] * len(fates), *base.path[until:]],
        calls=[*base.calls[:first], *calls, *base.calls[last + 1 :]],
        output=base.output,
    )


INNER = {"list_part": PART, "compare_bucket": BUCKET, "repair_batch": BATCH}
FOLDER_OF = {"list_part": LISTING, "compare_bucket": COMPARE, "repair_batch": REPAIRS}


def children(base: Scenario, called: str) -> list[Scenario]:
    """What becomes of each error of a child: every one a child of its own in one map."""
    once = [[error] for rule in CALLED for error in rule]
    lost = [[error, "!"] for error in (*PERMANENT, *UNEXPECTED, "KeyError")]
    worn = [
        [*(rule[n % len(rule)] for n in range(attempts)), rule[-1], "!"]
        for rule, attempts in CALLED.items()
    ]
    return [
        over(base, called, once, "what is retried and then succeeds"),
        over(base, called, lost, "what fails at once fails alone"),
        over(base, called, worn, "what is retried in vain fails alone"),
    ]


RARE = ("NewerSchemaError", "PlanStaleError", *DOUBTED)
DOUBT = {DOUBTED: PATIENTLY[DOUBTED]}


def steps_of(
    base: Scenario, names: dict[str, str], *, held: bool, doubted: bool = False
) -> list[Scenario]:
    """Every error of a Task. What is retried comes all in one run, so that runs stay few."""
    permanent = (*PERMANENT, *(RARE if held else UNEXPECTED), "KeyError")
    permanent = tuple(error for error in permanent if not (doubted and error in DOUBTED))
    found = []
    for state, called in names.items():
        rules = (CALLED_IN_TURN if held else CALLED) | (DOUBT if doubted else {})
        every = [error for rule in rules for error in rule]
        found.append(disturbed(base, state, called, every))
        found += [one for one in disturbances(base, state, called, rules, permanent) if one.error]
    return found


CHILD_OF = {file: called for called, file in FOLDER_OF.items()}


def cut(base: Scenario, state: str, file: str) -> Scenario:
    """The base, as far as the map whose list of work is not there."""
    before = base.path.index(state)
    calls = base.calls[: next(n for n, c in enumerate(base.calls) if c[0] == CHILD_OF[file])]
    script = {name: answers for name, answers in base.script.items() if not name.endswith(file)}
    return Scenario(
        f"{state} has no list of work, and fails in place",
        base.given,
        script,
        base.path[: before + 1],
        calls,
        error="States.ItemReaderFailed",
    )


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
NOTHING_TO_LIST = cut(TWO_ROUNDS, LIST, LISTING)
NOTHING_TO_COMPARE = cut(IN_SYNC, COMPARING, COMPARE)
NOTHING_TO_REPAIR = cut(WITH_DRIFT, REPAIR, REPAIRS)
EMPTY = scenario(
    "an empty comparison",
    [*NOTHING_LEFT, COMPARING, JUDGE, FOLLOWS, WRITE, CLOSE],
    [opened(), LISTED_AT_ONCE, COMPARED, judged("nothing"), *ended("not asked")],
    {COMPARE: []},
)

READER_ATTEMPTS = 8


def unread(base: Scenario, state: str, file: str) -> list[Scenario]:
    """S3 does not give a Map its items at once, and never."""
    read, broken = f"s3:getObject {file}", fails("States.ItemReaderFailed")
    before = base.path.index(state)
    called = [PLAN_LISTING, PLAN_COMPARISON, PART, BUCKET, JUDGE, PLAN_REPAIRS, OPEN]
    return [
        replace(
            base,
            name=f"{state} reads its items again",
            script={**base.script, read: [broken, *base.script[read]]},
        ),
        replace(
            base,
            name=f"{state} cannot read its items",
            script={**base.script, read: [broken] * (READER_ATTEMPTS + 1)},
            path=base.path[: before + 1],
            calls=base.calls[: sum(name in called for name in base.path[:before])],
            output=None,
            error="States.ItemReaderFailed",
        ),
    ]


SCENARIOS = [
    *unread(TWO_ROUNDS, LIST, LISTING),
    *unread(IN_SYNC, COMPARING, COMPARE),
    *unread(WITH_DRIFT, REPAIR, REPAIRS),
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
    *children(TWO_ROUNDS, "list_part"),
    *children(IN_SYNC, "compare_bucket"),
    *children(WITH_DRIFT, "repair_batch"),
]
