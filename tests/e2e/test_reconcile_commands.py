"""Reconciliation by the operator's commands, each a process of its own as a person runs it.

The tests go on from each other: one stage, one pool, its events cut off.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cognito_standby.core.domain.subjects import digest
from local.demo.compare import compare
from tests.browser import running_browser
from tests.e2e.conftest import until
from tests.e2e.console_window import Window, window_of
from tests.e2e.local_stage import deployed
from tests.e2e.operator_command import run_standby
from tests.e2e.reconciling import OPTIONS, Reconciled

pytestmark = [
    pytest.mark.local_aws,
    pytest.mark.needs_local_aws,
    pytest.mark.timeout(2400),
]
PEOPLE = [f"c{number:02d}" for number in range(12)]
GONE = PEOPLE[:8]

Standby = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reconciled]:
    with deployed("username", tmp_path_factory.mktemp("commands"), *OPTIONS) as stage:
        world = Reconciled(stage)
        world.cut_events()
        yield world


@pytest.fixture(scope="module")
def subs(world: Reconciled) -> dict[str, str]:
    """People of an existing pool. Name -> sub."""
    return world.create_many(world.primary, PEOPLE)


@pytest.fixture
def standby(world: Reconciled, tmp_path: Path) -> Standby:
    """Runs the command; `said` is what the person types."""

    def run(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        more = {"TMPDIR": str(tmp_path), "BROWSER": "/bin/false"}
        outputs = world.stage.outputs
        return run_standby(outputs, tmp_path, *arguments, said=said or None, environment=more)

    return run


def test_seeding_asks_and_fills_both_regions(
    world: Reconciled, subs: dict[str, str], standby: Standby
) -> None:
    refused = standby("reconcile", "--seed", said="n\n")
    assert refused.returncode == 2, refused.stdout + refused.stderr
    assert f"{world.primary.region} (active)" in refused.stdout
    assert "Essentials" in refused.stdout
    assert "nothing was started" in refused.stdout
    keys = {item["origin_sub"]["S"] for item in world.items(world.primary)}
    assert not keys & set(subs.values()), "nobody was captured"

    filled = standby("reconcile", "--seed", said="y\n")
    assert filled.returncode == 0, filled.stdout + filled.stderr
    assert f"{len(subs)} repaired" in filled.stdout

    # A record that reached the replica only after the other Region had listed it: the next run.
    def agree() -> bool:
        if compare(world.stage).agree:
            return True
        standby("reconcile", "--wait")
        return False

    until("both pools agree", agree)
    assert not [sub for sub in subs.values() if sub in filled.stdout], "ids are hashed"


@pytest.fixture(scope="module")
def asking(world: Reconciled, subs: dict[str, str]) -> str:
    """A run that would delete most of the standby, and therefore asks; its id."""
    for name in GONE:
        world.admin(world.primary, "delete_user", name)
    arn = world.start(world.primary, clear_ids=True)
    client = world.stage.client("dynamodb", world.primary.region)
    key = {"subject": {"S": f"#question#{arn.rsplit(':', 1)[-1]}"}}
    table = world.primary.ledger_table
    until(
        "the brake asks",
        lambda: client.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item"),
    )
    return arn


def test_a_second_start_names_the_running_one(asking: str, standby: Standby) -> None:
    region = asking.split(":")[3]
    result = standby("reconcile", "--region", region)
    assert result.returncode == 2
    assert asking in result.stdout


def test_status_shows_the_question(asking: str, standby: Standby) -> None:
    run = asking.rsplit(":", 1)[-1]

    def shown() -> Any:
        return run in standby("status").stdout  # a side that answers late is unknown

    until("status tells it", shown)


def test_approving_shows_the_reasons_and_lets_it_repair(
    world: Reconciled, asking: str, standby: Standby, subs: dict[str, str]
) -> None:
    run = asking.rsplit(":", 1)[-1]
    unsure = standby("approve", run, said="n\n")
    assert unsure.returncode == 1, unsure.stdout + unsure.stderr
    assert f"{len(GONE)} subjects would be deleted, disabled or emptied" in unsure.stdout
    assert world.described(world.primary, asking)["status"] == "RUNNING"

    approved = standby("approve", run, "--yes")
    assert approved.returncode == 0, approved.stdout + approved.stderr
    followed = standby("reconcile", "--follow", run)
    assert followed.returncode == 0, followed.stdout + followed.stderr
    assert "ALL DRIFT REPAIRED" in followed.stdout
    again = standby("approve", run, "--yes")
    assert again.returncode == 1
    assert "approved already" in again.stdout
    assert standby("reject", "no-such-run", "--yes").returncode == 2


def test_reports_are_listed_and_opened(
    world: Reconciled, asking: str, standby: Standby, subs: dict[str, str], tmp_path: Path
) -> None:
    run, region = asking.rsplit(":", 1)[-1], world.primary.region
    listed = json.loads(standby("reports", "--region", region, "--json").stdout)
    reports = listed[0]["reports"]
    assert reports[0]["run"] == run, "the newest comes first"
    drift = [each["totals"]["drift"] for each in reports]
    assert drift[-1] == len(PEOPLE), "a run between found nothing here"
    assert drift[0] >= len(GONE), "what replication has not brought home by then is drift as well"
    ends = [reports[0]["verdict"], reports[-1]["verdict"]]
    assert ends == ["all drift repaired", "all drift repaired"]

    opened = standby("reports", run, "--open")
    assert opened.returncode == 0, opened.stdout + opened.stderr
    (page,) = tmp_path.glob("standby-report-*/*.html")
    text = page.read_text()
    assert any(subs[name] in text for name in GONE), "clear ids, as this run was asked"
    assert digest(subs[GONE[0]]) not in text

    data = json.loads(standby("reports", run, "--json").stdout)
    assert data["brake"]["answer"] == "approved"
    assert data["run"]["execution"] == asking
    listing = {each["category"]: each["calls"] for each in data["quotas"]}
    assert listing["UserList"] >= 1
    assert data["cost"]["usd"] > 0
    assert data["configuration"]["active"]["region"] == region
    assert "Error" not in data["configuration"]["unknown"], "its role may read the snapshots"


@pytest.mark.full
def test_the_console_repairs_after_it_asked(world: Reconciled, tmp_path: Path) -> None:
    """A run begun on the page; its question on the first page, in another tab, with its reasons:
    rejected, and begun again approved. tests/unit/console has its twin."""
    names = [f"d{number:02d}" for number in range(24)]
    subs = world.create_many(world.primary, names)
    world.run(world.primary)
    for name in names[:8]:
        world.admin(world.primary, "delete_user", name)

    def living() -> set[str]:
        mine = [each for each in world.items(world.primary) if each["origin_sub"]["S"] in gone]
        return {each["origin_sub"]["S"] for each in mine if not each.get("deleted", {}).get("BOOL")}

    gone = {subs[name] for name in names[:8]}
    with running_browser() as browser, window_of(browser, world.stage, tmp_path) as window:
        other = Window(window.page.context.new_page(), window.base)
        for word, done, ended, left in (
            ("Reject", "nothing is changed", "stopped by the brake", gone),
            ("Approve", "the repairs begin", "all drift repaired", set[str]()),
        ):
            window.open(f"/do/reconcile?region={world.primary.region}")
            window.yes("Compare the pool")
            window.shows("answer it on the first page", ".lines")
            (run,) = re.findall(r"run (\S+) started", window.page.inner_text(".lines"))
            other.open("/")
            other.page.locator(f"a[href*='/do/{word.lower()}?'][href*='{run}']").click()
            other.shows("8 subjects would be deleted, disabled or emptied")
            assert done in other.done(word)
            told = window.outcome()
            assert ended in told
            assert ("Done" in told) == (word == "Approve")
            assert living() == left
