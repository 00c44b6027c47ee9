"""What a failover waits for, and when everything is here that the other Region wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from cognito_standby.core.domain.epochs import Epoch, Installation
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.domain.standing import Tally
from cognito_standby.recovery.domain.surveys import Seen, seen_from, tally_from, tally_to
from cognito_standby.recovery.ports import RunLook
from cognito_standby.recovery.services.draining import reconcile, settle
from cognito_standby.recovery.services.surveying import has_arrived, survey
from tests.twins.stores.claims import InMemoryRecordSurvey
from tests.twins.stores.records import GlobalTable

HOME, AWAY = "us-east-1", "ap-northeast-1"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Busy:
    """Activity: set the fields."""

    executions: int = 0
    hints: int = 0
    dead: int = 0

    def running(self) -> int:
        return self.executions

    def parked_hints(self) -> int:
        return self.hints

    def letters(self) -> int:
        return self.dead


def test_everything_that_is_under_way_is_waited_for() -> None:
    assert settle(Busy(), ()).waits_for == ()
    assert settle(Busy(2, 3, 1), ()).waits_for == (
        "2 running executions",
        "3 parked hints",
        "1 dead letters",
    )
    assert settle(Busy(dead=1), ("letters",)).waits_for == ()


@dataclass
class Runs:
    """Reconciliations by name."""

    known: dict[str, RunLook] = field(default_factory=dict)

    def look(self, run: str) -> RunLook | None:
        return self.known.get(run)

    def start(self, run: str) -> None:
        self.known[run] = RunLook(going=True)


def test_a_reconciliation_is_started_once_and_followed() -> None:
    runs = Runs()
    assert not reconcile(runs, "r", 0, ()).ended
    assert reconcile(runs, "r", 0, ()).why == "under way"
    assert list(runs.known) == ["r"]
    runs.known["r"] = RunLook(going=False, clean=True, why="in sync")
    done = reconcile(runs, "r", 0, ())
    assert (done.ended, done.clean) == (True, True)


def test_a_run_that_met_another_one_is_started_again() -> None:
    runs = Runs({"r": RunLook(going=False, held=True, why="arn:run-1")})
    met = reconcile(runs, "r", 0, ())
    assert (met.ended, met.attempt) == (False, 1)
    assert reconcile(runs, "r", met.attempt, ()).run == "r-1"
    assert runs.known["r-1"].going


def test_a_run_that_left_something_refuses_unless_accepted() -> None:
    runs = Runs({"r": RunLook(going=False, reported=True, why="drift left")})
    refused = reconcile(runs, "r", 0, ())
    assert (refused.ended, refused.clean) == (True, False)
    assert refused.why == "the reconciliation r: drift left"
    assert reconcile(runs, "r", 0, ("drift",)).clean


@pytest.mark.parametrize("why", ["FAILED InvalidRecordError", "ABORTED", "no report can be read"])
def test_a_run_that_broke_off_is_no_drift_to_be_accepted(why: str) -> None:
    broken = reconcile(Runs({"r": RunLook(going=False, why=why)}), "r", 0, ("drift",))
    assert (broken.ended, broken.clean) == (True, False)
    assert why in broken.why


def _put(table: GlobalTable, region: str, name: str, epoch: int = 1) -> None:
    store, subject = table.store(region), Subject.user(name)
    own = store.read(subject)[0].own
    revision = own.revision if own else None
    assert store.put(Draft(subject, epoch, {"present": "true"}, False, revision), NOW)


def _seen(table: GlobalTable, region: str, of: str) -> Seen:
    pages = InMemoryRecordSurvey(table, region, page_items=2)
    seen, after = Seen(), ""
    while True:
        seen, after = survey(pages, of, after, seen, left=lambda: -1.0)
        seen = seen_from(seen.to_dict())
        if not after:
            return seen


def test_whatever_order_records_arrive_in_all_of_them_are_waited_for() -> None:
    table = GlobalTable(Installation(HOME, AWAY))
    for name in ("ann", "ben", "eve"):
        _put(table, HOME, name)
    _put(table, HOME, "ann")
    wanted = _seen(table, HOME, HOME).tally
    assert wanted == Tally(3, 4)
    keys = table.pending(AWAY)
    while keys:
        assert not has_arrived(_seen(table, AWAY, HOME), wanted)
        table.replicate(AWAY, keys[-1])
        keys = table.pending(AWAY)
    assert has_arrived(_seen(table, AWAY, HOME), wanted)
    _put(table, HOME, "late")
    table.replicate_all()
    assert has_arrived(_seen(table, AWAY, HOME), wanted), "more is no less"


def test_a_survey_sees_the_highest_epoch_of_both_regions() -> None:
    table = GlobalTable(Installation(HOME, AWAY))
    _put(table, HOME, "ann", epoch=4)
    _put(table, AWAY, "ben", epoch=2)
    table.replicate_all()
    seen = _seen(table, AWAY, HOME)
    assert (seen.highest, seen.tally) == (Epoch(4, HOME), Tally(1, 1))
    assert _seen(GlobalTable(Installation(HOME, AWAY)), AWAY, HOME) == Seen()


def test_what_machines_keep_is_read_back() -> None:
    assert seen_from({}) == Seen()
    assert tally_from({}) is None
    assert tally_from(tally_to(Tally(3, 4))) == Tally(3, 4)
    for broken in ({"records": 1}, {"records": "x", "revisions": 1, "highest": None}, [1]):
        with pytest.raises(InvalidRecordError):
            seen_from(broken)
    with pytest.raises(InvalidRecordError):
        tally_from({"records": 1})
