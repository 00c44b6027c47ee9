"""The drift report, from runs of known content."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import to_plain
from cognito_standby.core.domain.subjects import digest
from cognito_standby.reconciliation.domain import prices
from cognito_standby.reconciliation.domain.configuration_drift import (
    ComparedPool,
    ConfigurationDrift,
)
from cognito_standby.reconciliation.domain.drift_report import (
    REPEATING,
    SCHEMA_VERSION,
    Answer,
    DriftReport,
    FindingOutcome,
    Totals,
    Verdict,
)
from cognito_standby.reconciliation.domain.findings import CAUSES, EXAMPLES
from cognito_standby.reconciliation.domain.reconciliation import Drift, Mode, Suspect
from cognito_standby.reconciliation.domain.repairs import Did, Visit
from cognito_standby.reconciliation.domain.verdict import drift_in
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict
from cognito_standby.reconciliation.services.reporting import write_report
from cognito_standby.reconciliation.services.reports import find, newest, parse, read_page
from tests.unit.reconciliation import report_schema
from tests.unit.reconciliation.made_up_run import MISSED, PACE, RunFolder, due, missing, usage

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def run_folder() -> RunFolder:
    return RunFolder()


def test_everything_that_became_of_suspects_is_counted(run_folder: RunFolder) -> None:
    suspects, gone = missing(6), due(2)
    run = run_folder.new_run()
    run_folder.open(run)
    run_folder.judged(run, [*suspects, *gone])
    run_folder.visited(
        run,
        [
            Visit(suspects[0], Did.CAPTURED, billed=True),
            Visit(suspects[1], Did.CONFIRMED, billed=True),
            Visit(suspects[2], Did.NOTHING, "in sync", billed=True),
            Visit(suspects[3], Did.HANDED_OVER, "NameHeldError"),
            Visit(suspects[4], Did.LEFT, "RefusedByPoolError"),
            Visit(gone[0], Did.PURGED),
        ],
    )
    report = run_folder.write(run).report
    first, second = report.findings
    assert (first.kind, first.cause, first.found) == ("missing record", MISSED, 6)
    assert first.outcomes == {
        "repaired": 2,
        "false alarm": 1,
        "handed over": 1,
        "left": 1,
        "not tried": 1,
    }
    assert first.reasons == {"NameHeldError": 1, "RefusedByPoolError": 1}
    assert (second.housekeeping, second.outcomes) == (True, {"purged": 1, "not tried": 1})
    assert (report.totals.drift, report.totals.housekeeping) == (6, 2)
    assert (report.totals.users, report.totals.destructive, report.skipped) == (
        1000,
        2,
        {"federated": 4},
    )
    assert report.cost.active_users == 3
    assert report.verdict is Verdict.LEFT
    assert report.summary == (
        "6 of 1,000 users or groups had drift: 2 repaired, 1 false alarm, "
        "1 handed over to sync_user, 2 left"
    )


@pytest.mark.parametrize(
    ("suspects", "judged", "given", "answer", "verdict", "words"),
    [
        (
            0,
            BrakeVerdict.NOTHING,
            {},
            Answer.NOT_ASKED,
            Verdict.IN_SYNC,
            "All 1,000 users are in sync",
        ),
        (2, BrakeVerdict.DRY_RUN, {}, Answer.NOT_ASKED, Verdict.FOUND, "this was a dry run"),
        (2, BrakeVerdict.ASK, {}, Answer.REJECTED, Verdict.REJECTED, "An operator rejected it"),
        (2, BrakeVerdict.ASK, {}, Answer.EXPIRED, Verdict.REJECTED, "Nobody answered in time"),
        (2, BrakeVerdict.STOP, {}, Answer.NOT_ASKED, Verdict.REJECTED, "nothing was changed"),
        (
            0,
            BrakeVerdict.NOTHING,
            {"not_listed": ("0a",), "not_compared": ("07", "08")},
            Answer.NOT_ASKED,
            Verdict.INCOMPLETE,
            "3 parts of the pool could not be compared",
        ),
    ],
)
def test_the_verdict(
    run_folder: RunFolder,
    suspects: int,
    judged: BrakeVerdict,
    given: dict[str, tuple[str, ...]],
    answer: Answer,
    verdict: Verdict,
    words: str,
) -> None:
    run = run_folder.new_run(mode=Mode.DRY_RUN if judged is BrakeVerdict.DRY_RUN else Mode.REPAIR)
    run_folder.open(run)
    run_folder.judged(run, missing(suspects), judged, reasons=("too many",), **given)
    report = run_folder.write(run, answer).report
    assert report.verdict is verdict
    assert words in report.summary
    asked = judged in (BrakeVerdict.ASK, BrakeVerdict.STOP)
    assert report.brake.reasons == (("too many",) if asked else ())
    assert bool([p for p in report.problems if p.detail == "too many"]) is not asked


def test_all_repaired(run_folder: RunFolder) -> None:
    report = run_folder.whole_run(missing(3))
    assert (report.verdict, report.outcome(FindingOutcome.REPAIRED)) == (Verdict.REPAIRED, 3)


def test_ids_are_hashed_unless_asked_for(run_folder: RunFolder) -> None:
    hidden, clear = (
        run_folder.whole_run(missing(9)),
        run_folder.whole_run(missing(9), clear_ids=True),
    )
    assert hidden.findings[0].examples == tuple(digest(f"user-{n}") for n in range(EXAMPLES))
    assert not hidden.run.ids_shown
    assert clear.findings[0].examples == tuple(f"user-{n}" for n in range(EXAMPLES))
    assert clear.run.ids_shown


class TestRepeating:
    def test_it_is_named_after_some_runs(self, run_folder: RunFolder) -> None:
        reports = [run_folder.whole_run(missing(2)) for _ in range(REPEATING)]
        assert [r.findings[0].in_a_row for r in reports] == [1, 2, 3]
        assert [bool(r.repeating) for r in reports] == [False, False, True]
        assert [r.findings[0].repeats_because for r in reports[:2]] == ["", ""]
        assert "a bug in capture" in reports[-1].repeating[0].repeats_because

    def test_a_quiet_run_ends_the_row(self, run_folder: RunFolder) -> None:
        for suspects in (2, 2, 0, 2):
            last = run_folder.whole_run(missing(suspects))
        assert last.findings[0].in_a_row == 1

    def test_another_cause_is_another_drift(self, run_folder: RunFolder) -> None:
        run_folder.whole_run(missing(2))
        assert run_folder.whole_run(missing(2, "another")).findings[0].in_a_row == 1
        assert run_folder.whole_run(missing(2)).findings[0].in_a_row == 1

    @pytest.mark.parametrize("did", [Did.LEFT, Did.HANDED_OVER])
    def test_what_was_not_repaired_is_found_again_of_course(
        self, run_folder: RunFolder, did: Did
    ) -> None:
        for _ in range(REPEATING):
            last = run_folder.whole_run(missing(2), did)
        assert last.repeating == ()

    @pytest.mark.parametrize("given", [{"seeding": True}, {"shards": ("0a",)}])
    def test_only_whole_runs_are_compared(
        self, run_folder: RunFolder, given: dict[str, Any]
    ) -> None:
        run_folder.whole_run(missing(2))
        assert run_folder.whole_run(missing(2), **given).findings[0].in_a_row == 1
        assert run_folder.whole_run(missing(2)).findings[0].in_a_row == 1

    def test_housekeeping_repeats_and_is_no_bug(self, run_folder: RunFolder) -> None:
        for _ in range(REPEATING):
            last = run_folder.whole_run(due(2), Did.PURGED)
        assert (last.findings[0].in_a_row, last.repeating) == (1, ())

    def test_in_the_standby_it_is_a_bug_in_replay(self, run_folder: RunFolder) -> None:
        suspects = [Suspect(Drift.STALE_ATTRIBUTES, "ann", "ann", False, "")]
        for _ in range(REPEATING):
            run = run_folder.new_run()
            run_folder.open(run, active=False)
            run_folder.judged(run, suspects)
            run_folder.visited(run, [Visit(each, Did.REPLAYED) for each in suspects])
            report = run_folder.write(run).report
        assert report.run.role == "standby"
        assert "a bug in replay" in report.repeating[0].repeats_because


def test_problems_are_named(run_folder: RunFolder) -> None:
    run = run_folder.new_run()
    run_folder.open(run)
    suspects = [
        Suspect(Drift.UNREADABLE_RECORD, "a", cause="schema version 9 is newer than this release"),
        Suspect(Drift.NO_SHARD, "b", cause="the item has no shard"),
    ]
    run_folder.judged(run, suspects, reasons=("clocks differ by 300 s",), not_listed=("group g",))
    problems = {(each.kind, each.detail) for each in run_folder.write(run).report.problems}
    assert problems == {
        ("unreadable record", "schema version 9 is newer than this release"),
        ("record without a shard", "the item has no shard"),
        ("part that could not be listed", "group g"),
        ("noted", "clocks differ by 300 s"),
    }


def test_quota_duration_and_cost(run_folder: RunFolder) -> None:
    run = run_folder.new_run()
    run_folder.open(run)
    began = run_folder.clock.now()
    run_folder.note(run, "listing/round-0.json", [{}, {}])
    run_folder.note(run, "compare/items.json", [{}])
    list_calls, later = {"UserList": 300}, began + timedelta(seconds=20)
    run_folder.spent(run, "listing", "a", usage(began, 20, list_calls, throttled={"UserList": 2}))
    run_folder.spent(run, "listing", "b", usage(later, 20, list_calls, puts=10, gets=5))
    run_folder.spent(run, "compare", "c", usage(later, 5, {}, read_units=1_000_000, write_units=8))
    run_folder.judged(run, missing(2))
    run_folder.visited(run, [Visit(each, Did.CAPTURED, billed=True) for each in missing(2)])
    run_folder.clock.advance(60)
    report = run_folder.write(run).report
    (listing,) = report.quotas
    assert (listing.calls, listing.throttled, listing.rate) == (600, 2, 15.0)
    assert (listing.quota, listing.share) == (30.0, 0.5)
    phases = {each.name: (each.seconds, each.workers) for each in report.phases}
    assert phases == {"List Pool": (40.0, 2), "Compare Shards": (5.0, 1), "Repair": (0.0, 1)}
    assert report.run.seconds == 60
    lines = {line.item: (line.number, line.usd) for line in report.cost.lines}
    assert lines["DynamoDB read units"] == (1_000_000.0, 0.125)
    assert lines["Cognito requests"] == (600.0, 0.0)
    assert lines["Express executions"][0] == 4
    assert lines["Lambda, GB-seconds"][0] == 90, "45 seconds of 2 GB"
    assert lines["state transitions"][0] == 8 + 3 * 3 + 4
    assert report.cost.usd == pytest.approx(sum(usd for _, usd in lines.values()))
    assert report.cost.active_users_usd["Essentials"] == round(2 * 0.015, 2)
    assert report.cost.prices_date == prices.DATE


def test_the_trend_grows_and_is_bounded(run_folder: RunFolder) -> None:
    for number in range(33):
        report = run_folder.whole_run(missing(number % 3))
    assert len(report.trend) == 30
    assert [point.drift for point in report.trend[-3:]] == [0, 1, 2]
    assert report.trend[-1].run == "run-33"


class Compared:
    """PoolsCompared, of two pools that are alike."""

    def drift(self, region: str, *, active: bool) -> ConfigurationDrift:
        here, there = ComparedPool(region), ComparedPool("elsewhere")
        return ConfigurationDrift(*((here, there) if active else (there, here)))


@pytest.mark.parametrize("active", [True, False])
def test_the_pools_are_compared_as_the_run_saw_their_roles(
    run_folder: RunFolder, active: bool
) -> None:
    run = run_folder.new_run()
    run_folder.open(run, active=active)
    run_folder.judged(run, [])
    written = write_report(run_folder.context, run, Answer.NOT_ASKED, PACE, Compared())
    kept = find(run_folder.files, run.id)
    assert kept is not None and kept.report == written.report
    drift = written.report.configuration
    assert drift is not None
    assert (drift.active if active else drift.standby).region == run.region
    assert b"Configuration of the two pools" in read_page(run_folder.files, kept.page)


def test_writing_again_says_the_same(run_folder: RunFolder) -> None:
    run_folder.whole_run(missing(2))
    run = run_folder.new_run()
    run_folder.open(run)
    run_folder.judged(run, missing(2))
    first, second = run_folder.write(run).report, run_folder.write(run).report
    assert first == second
    assert [point.run for point in second.trend] == ["run-1", "run-2"]


def test_a_report_that_is_written_late_is_one_point_of_the_trend(run_folder: RunFolder) -> None:
    early = run_folder.new_run()
    run_folder.open(early)
    run_folder.judged(early, [])
    run_folder.write(early)
    run_folder.whole_run([])
    assert [point.run for point in run_folder.write(early).report.trend] == ["run-2", "run-1"]


def test_a_first_filling_is_held_in_numbers(run_folder: RunFolder) -> None:
    report = run_folder.whole_run(
        [each for n in range(CAUSES + 20) for each in missing(2, f"cause {n}")]
    )
    assert len(report.findings) == CAUSES + 1
    assert sum(each.found for each in report.findings) == 2 * (CAUSES + 20)


class TestFiles:
    def test_what_is_written_is_read(self, run_folder: RunFolder) -> None:
        report = run_folder.whole_run(missing(2))
        kept = find(run_folder.files, "run-1")
        assert kept is not None
        assert kept.report == report
        assert run_folder.files.types[kept.name] == "application/json"
        assert run_folder.files.types[kept.page].startswith("text/html")

    def test_newest_first_and_by_the_beginning_of_an_id(self, run_folder: RunFolder) -> None:
        for _ in range(3):
            run_folder.whole_run([])
        assert [kept.run for kept in newest(run_folder.files, 2)] == ["run-3", "run-2"]
        assert find(run_folder.files, "run") is None, "three begin so"
        assert find(run_folder.files, "nobody") is None

    def test_runs_of_one_day_are_in_order_whatever_their_ids(self, run_folder: RunFolder) -> None:
        first = run_folder.whole_run([])
        name = f"reports/{first.run.started_at[:10]}/a-later-one.json"
        later = replace(first.run, id="a-later-one", started_at=first.run.started_at + "Z")
        run_folder.files.write(name, json.dumps(to_plain(replace(first, run=later))).encode())
        assert [kept.run for kept in newest(run_folder.files, 9)] == ["a-later-one", "run-1"]

    def test_a_newer_schema_is_said_and_skipped(self, run_folder: RunFolder) -> None:
        run_folder.whole_run(missing(2))
        second = run_folder.whole_run(missing(2))
        kept = find(run_folder.files, "run-2")
        assert kept is not None
        newer = {**to_plain(second), "schema_version": SCHEMA_VERSION + 1}
        run_folder.files.write(kept.name, json.dumps(newer).encode())
        assert "newer than this release" in newest(run_folder.files, 1)[0].trouble
        assert run_folder.whole_run(missing(2)).findings[0].in_a_row == 2, "compared with the first"

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"schema_version": 1}', b'"x"'])
    def test_what_is_no_report_is_said(self, run_folder: RunFolder, body: bytes) -> None:
        run_folder.files.write("reports/2026-01-01/odd.json", body)
        with pytest.raises(InvalidRecordError):
            parse(body)
        assert newest(run_folder.files, 1)[0].trouble
        assert isinstance(run_folder.whole_run([]), DriftReport), "a report is made all the same"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("totals", "users"), "9"),
        (("totals", "users"), True),
        (("verdict",), "splendid"),
        (("findings",), {}),
        (("findings", 0, "outcomes"), []),
        (("run", "seconds"), None),
        (("run", "seeding"), 1),
        (("summary",), None),
    ],
)
def test_wrong_types_are_refused(
    run_folder: RunFolder, path: tuple[str | int, ...], value: object
) -> None:
    report = run_folder.whole_run(missing(1))
    data = json.loads(json.dumps(to_plain(report)))
    assert parse(json.dumps(data).encode()) == report
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(InvalidRecordError, match=r"DriftReport\."):
        parse(json.dumps(data).encode())


def test_the_schema_is_fresh() -> None:
    assert report_schema.PATH.read_text() == report_schema.text(), "run: make schema"


def test_a_report_is_of_the_schema(run_folder: RunFolder) -> None:
    run_folder.whole_run([*missing(2), *due(1)])
    kept = find(run_folder.files, "run-1")
    assert kept is not None
    body = run_folder.files.bodies[kept.name]
    assert TypeAdapter(DriftReport).validate_json(body, extra="forbid") == kept.report
    described = report_schema.schema()
    assert set(json.loads(body)) == set(described["properties"])
    assert described["properties"]["summary"]["description"] == "The verdict in one sentence."


def test_a_run_without_a_judgement_has_no_report(run_folder: RunFolder) -> None:
    run = run_folder.new_run()
    run_folder.open(run)
    with pytest.raises(InvalidRecordError):
        run_folder.write(run)


def test_a_pool_that_lost_people_has_fewer_users_than_drift() -> None:
    words = drift_in(Totals(users=6, drift=15))
    assert words == "15 users or groups had drift; 6 users were listed"
    assert drift_in(Totals(users=20, drift=15)) == "15 of 20 users or groups had drift"
