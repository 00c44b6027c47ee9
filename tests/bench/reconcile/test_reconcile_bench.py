"""The bench at its smallest, for outcomes: what was planted is found, and the quota is used."""

from __future__ import annotations

from collections import Counter
from functools import partial
from xml.etree import ElementTree

import pytest

from cognito_standby.operator.domain.cost import run_usd
from cognito_standby.reconciliation.domain.reconciliation import Drift
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict
from tests.bench.reconcile.assumptions import Latencies
from tests.bench.reconcile.chart import chart
from tests.bench.reconcile.export_model import MEASURED_MINUTES, run_export
from tests.bench.reconcile.figures import Case, bill, floor_seconds, pages_of
from tests.bench.reconcile.machine import RunFigures
from tests.bench.reconcile.population import CONSTANT_DIGITS, EVEN, Flaw, Population, spread
from tests.bench.reconcile.run import FULL, GROUPS, simulate
from tests.bench.reconcile.virtual_time import VirtualTime

USERS = 10_000
FLAWS = 2
"""Of each kind."""


@pytest.fixture(scope="module")
def people() -> Population:
    return Population(USERS, GROUPS, CONSTANT_DIGITS, spread(USERS, GROUPS, FLAWS))


@pytest.fixture(scope="module")
def full(people: Population, tmp_path_factory: pytest.TempPathFactory) -> RunFigures:
    return simulate(people, FULL, Latencies(), tmp_path_factory.mktemp("full"))


def test_the_planted_drift_is_found_and_nothing_else(full: RunFigures) -> None:
    tally = full.judgement.tally
    assert (tally.users, tally.memberships) == (USERS - FLAWS, USERS - 2 * FLAWS)
    assert Counter(tally.drift) == {
        Drift.MISSING_RECORD: FLAWS,
        Drift.STALE_RECORD: 3 * FLAWS,  # changed, left the group, disabled
        Drift.RECORD_OF_DELETED_USER: FLAWS,
        Drift.QUARANTINED: FLAWS,
    }
    assert tally.in_sync == USERS + GROUPS - len(Flaw) * FLAWS
    assert full.judgement.verdict is BrakeVerdict.DRY_RUN


def test_the_quota_is_used_and_not_exceeded(people: Population, full: RunFigures) -> None:
    calls = full.counts.calls
    assert calls["ListUsers"] + calls["ListUsersInGroup"] < 1.3 * pages_of(people)
    assert full.counts.throttled["ListUsers"] == full.counts.throttled["ListUsersInGroup"] == 0
    starts = 8.0  # of maps, children and sandboxes: most of it in so small a pool
    assert full.phases["list"].seconds < 1.25 * floor_seconds(people) + starts


def test_the_unchanged_cost_no_write_and_no_lookup(full: RunFigures) -> None:
    calls = full.counts.calls
    assert full.counts.write_units == calls["PutItem"], "the run's own notes"
    assert calls["PutItem"] < 10
    # Only those whom the ledger does not know are asked for, in their shards.
    assert calls["BatchGetItem ledger"] <= FLAWS
    took = sum(line.usd for line in bill(full))
    assert took < 0.02
    assert run_usd(USERS, USERS, 1.0) == pytest.approx(took, rel=0.1), "what `standby cost` says"


def test_the_same_run_gives_the_same_figures(
    people: Population, full: RunFigures, tmp_path_factory: pytest.TempPathFactory
) -> None:
    again = simulate(people, FULL, Latencies(), tmp_path_factory.mktemp("again"))
    assert (again.seconds, again.counts) == (full.seconds, full.counts)


@pytest.mark.parametrize("groups", [0, 1])
def test_the_export_model_is_near_what_its_guide_measured(groups: int) -> None:
    flaws = spread(USERS, GROUPS * groups, FLAWS)
    export = run_export(Population(USERS, GROUPS * groups, flaws=flaws), Latencies())
    assert export.seconds / 60 == pytest.approx(MEASURED_MINUTES[USERS, groups], rel=0.2)
    assert export.write_units >= USERS, "every item is written again"
    # The member who was deleted, and who left, are swept out as well.
    assert export.swept == FLAWS + 2 * FLAWS * groups


@pytest.mark.parametrize("pattern", [EVEN, CONSTANT_DIGITS])
def test_a_prefix_is_a_range_of_numbers(pattern: str) -> None:
    people = Population(1000, pattern=pattern)
    subs = [people.sub(number) for number in range(1000)]
    assert subs == sorted(set(subs))
    for prefix in ("", "0", "a", "a4", "a49", "f48", "04080", subs[777]):
        found = [number for number, sub in enumerate(subs) if sub.startswith(prefix)]
        assert found == list(people.numbers(prefix)), prefix


def test_sleepers_run_in_the_order_in_which_they_wake() -> None:
    time, seen = VirtualTime(), []

    def job(seconds: float) -> float:
        for _ in range(2):
            time.sleep(seconds)
            seen.append((time.seconds, seconds))
        return seconds

    waits = [0.5, 0.2, 0.3]
    results = time.run_all([partial(job, seconds) for seconds in waits], 2, lambda: None)
    assert results == waits, "in the order of the jobs"
    assert seen == [(0.2, 0.2), (0.4, 0.2), (0.5, 0.5), (0.7, 0.3), (1.0, 0.5), (1.0, 0.3)]


def test_the_picture_is_drawn(people: Population, full: RunFigures) -> None:
    alone = Population(USERS)
    picture = chart([Case(alone, full, full, run_export(alone, Latencies()))])
    bars = ElementTree.fromstring(picture).findall(".//{*}rect/{*}title")  # noqa: S314 - ours
    assert [bar.text.split(":")[0] for bar in bars if bar.text] == [
        "least, by Cognito's quota",
        f"cognito-standby, x {full.seconds / floor_seconds(alone):.2f}",
        "at the default half of the quota",
        "AWS's export, simulated",
        "AWS's export, as its guide measured",
    ]
