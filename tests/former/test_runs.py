"""A reconciliation of the former release is reported again, and goes on where it stopped."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.former import today
from tests.former.comparing import lacks
from tests.former.twins import Loaded, Twins, bodies
from tests.former.world import PACE

RUN = "runs/run-1/"
POOL_NOTE = "runs/pools/ap-northeast-1_Invented.json"
REPORT = "reports/2026-04-14/run-1.json"


def stage(loaded: Loaded, files: dict[str, bytes]) -> tuple[today.Reconciliation, today.Run]:
    """The Region before its repairs, with some files of the run."""
    twins = Twins(loaded, "pools-drifted")
    runs = twins.runs(twins.backup)
    runs.files.bodies = dict(files)
    run = today.run_from_dict(json.loads(bodies()[RUN + "run.json"])["run"])
    assert runs.register.open(run) == run
    return runs, run


def report(runs: today.Reconciliation, run: today.Run) -> Any:
    today.write_report(runs.context(), run, today.Answer.NOT_ASKED, PACE)
    return json.loads(runs.files.bodies[REPORT])


def test_the_report_says_the_same_again(loaded: Loaded) -> None:
    files = bodies()
    old = json.loads(files.pop(REPORT))
    runs, run = stage(loaded, files)
    assert not lacks(report(runs, run), old)
    assert runs.files.bodies[REPORT.replace(".json", ".html")]


def test_the_old_report_is_read(loaded: Loaded) -> None:
    files = bodies()
    runs, _ = stage(loaded, files)
    kept = today.find_report(runs.files, "run-1")
    assert kept is not None and kept.report is not None, kept
    plain = json.loads(json.dumps(today.to_plain(kept.report)))
    assert not lacks(plain, json.loads(files[REPORT]))
    assert plain["configuration"] is None, "that release did not compare the pools' configuration"


def test_what_was_noted_of_the_pool_is_read(loaded: Loaded) -> None:
    """It is kept in the ledger now; a release that upgrades has the file only."""
    runs, _ = stage(loaded, bodies())
    note = today.read_pool_note(runs.context())
    read = {"users": note.users, "records": note.records, "misfiled": note.misfiled}
    assert {**read, "begun": note.begun} == json.loads(bodies()[POOL_NOTE])


_OF_USE = re.compile(
    r"/(quotas/\d+/(calls|rate)|cost/(lines/\d+/(number|usd)|\w*usd)"
    r"|usage/(calls/\w+|read_units|write_units)): \S+ -> \S+$"
)
"""What the rest of a run asks for is as much as today's repairs do."""


def before_the_end_of_listing(name: str) -> bool:
    gone = ("listing/group-00002/", "listing/plan-001", "listing/round-001", "listing/probes-001")
    inside = name.removeprefix(RUN)
    left = inside.startswith(("run.json", "listing/", "usage/")) and not inside.startswith(gone)
    return left and inside != "listing/summary.json"


def before_the_end_of_comparing(name: str) -> bool:
    inside = name.removeprefix(RUN)
    half = inside.startswith("compare/") and inside < "compare/72"
    plans = inside.startswith(("compare/plan/", "compare/items", "compare/totals"))
    return inside.startswith(("run.json", "listing/", "usage/listing")) or half or plans


def before_the_judgement(name: str) -> bool:
    known = ("run.json", "listing/", "usage/", "compare/")
    return name.removeprefix(RUN).startswith(known)


def before_the_repair_of_users(name: str) -> bool:
    gone = (RUN + "repair/round-1", RUN + "repair/users-", "reports/")
    return not name.startswith(gone)


@pytest.mark.parametrize(
    "kept",
    [
        before_the_end_of_listing,
        before_the_end_of_comparing,
        before_the_judgement,
        before_the_repair_of_users,
    ],
    ids=lambda kept: kept.__name__,
)
def test_it_goes_on_where_it_stopped(loaded: Loaded, kept: Any) -> None:
    files = bodies()
    runs, run = stage(loaded, {name: body for name, body in files.items() if kept(name)})
    runs.list_all(run)
    runs.compare_all(run)
    today.judge(runs.context(), run)
    today.finish(runs, run)
    report(runs, run)
    now = runs.files.bodies
    not_written_again = ("/usage/", POOL_NOTE)
    gone = {name for name in files if name not in now}
    assert not {name for name in gone if not any(each in name for each in not_written_again)}
    for name, body in files.items():
        if name not in now:
            continue
        if name.endswith(".json"):
            found = lacks(json.loads(now[name]), json.loads(body))
            assert not [each for each in found if not _OF_USE.match(each)], name
        else:
            assert now[name] == body, name
