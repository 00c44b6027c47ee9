"""A schedule fires as soon as it is made: it begins nothing before both Regions stand, and fills no
pool that nobody asked to fill."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.pool_notes import PoolNote
from cognito_standby.reconciliation.domain.reconciliation import Drift
from cognito_standby.reconciliation.domain.run_request import run_request
from cognito_standby.reconciliation.domain.work_items import (
    BrakeVerdict,
    run_from_dict,
    run_to_dict,
)
from cognito_standby.reconciliation.services.first_run import (
    NotYet,
    held_back,
    scheduled_run_held_back,
)
from cognito_standby.reconciliation.services.judging import note_approval
from cognito_standby.reconciliation.services.pool_notes import read_pool_note
from tests.unit.reconciliation.crowd import filled
from tests.unit.reconciliation.stage import Stage, stage
from tests.unit.world import BACKUP, PRIMARY, World


@pytest.mark.parametrize(
    ("both_stand", "begun", "users", "why"),
    [
        (False, False, 0, NotYet.OTHER_REGION),
        (False, True, 9, NotYet.OTHER_REGION),
        (True, False, 0, None),
        (True, False, 1, NotYet.NOBODY_ASKED),
        (True, True, 9, None),
    ],
)
def test_what_holds_a_schedule_back(
    both_stand: bool, begun: bool, users: int, why: NotYet | None
) -> None:
    assert held_back(both_stand=both_stand, begun=begun, users=users) is why


@pytest.mark.parametrize("standing", [set[str](), {PRIMARY}, {BACKUP}])
def test_an_empty_pool_waits_for_the_other_region(standing: set[str]) -> None:
    at = filled(0)
    at.regions.announced = standing
    assert scheduled_run_held_back(at.context()) is NotYet.OTHER_REGION


def test_a_pool_with_users_waits_for_a_person() -> None:
    assert scheduled_run_held_back(filled(3).context()) is NotYet.NOBODY_ASKED


def with_note_of_before(content: str) -> Stage:
    """Three people, and what a release before kept among the runs' files."""
    at = filled(3)
    pool = at.side.context.user_pool_id
    at.files.write(f"runs/pools/{pool}.json", content.encode(), "application/json")
    return at


@pytest.mark.parametrize("content", ['{"users": 3, "begun": false}', "no JSON", "[]", "{}"])
def test_a_note_that_tells_of_no_repairing_run_frees_nobody(content: str) -> None:
    assert scheduled_run_held_back(with_note_of_before(content).context()) is NotYet.NOBODY_ASKED


@pytest.mark.parametrize("content", ['{"users": 3, "begun": true}', '{"users": 3, "records": 3}'])
def test_an_upgrade_asks_nothing_again(content: str) -> None:
    """Schedules of releases whose notes say nothing about it repaired unasked."""
    at = with_note_of_before(content)
    assert scheduled_run_held_back(at.context()) is None
    assert at.compare(scheduled=True)[0].verdict is BrakeVerdict.REPAIR


def test_files_that_expire_take_nothing_along() -> None:
    at = filled(3)
    at.compare()
    at.files.bodies.clear()
    assert scheduled_run_held_back(at.context()) is None
    assert read_pool_note(at.context()).users == 3
    assert at.compare(scheduled=True)[0].verdict is BrakeVerdict.REPAIR


def test_what_is_kept_now_overrules_what_was_kept_before() -> None:
    at = with_note_of_before('{"users": 4, "records": 4}')
    at.compare()
    assert read_pool_note(at.context()) == PoolNote(users=3, records=0, begun=True)


def test_a_dry_run_frees_nobody_and_a_repairing_run_does() -> None:
    at = filled(3)
    at.dry_run()
    assert scheduled_run_held_back(at.context()) is NotYet.NOBODY_ASKED
    at.compare()
    assert scheduled_run_held_back(at.context()) is None
    at.dry_run()
    assert scheduled_run_held_back(at.context()) is None, "a dry run takes nothing back"


def over_kept_records(people: int) -> Stage:
    """The standby's pool is new and empty; the records are those of the pool before it."""
    world = World()
    for number in range(people):
        sub = world.sign_up(f"u{number}", {"email": f"u{number}@x.org"})
        world.primary.run({"local_sub": sub, "user_pool_id": world.primary.pool.config.pool_id})
    world.replicate()
    return stage(world, world.backup)


def test_a_schedule_asks_before_it_fills_an_empty_pool_from_kept_records() -> None:
    at = over_kept_records(1)
    assert scheduled_run_held_back(at.context()) is None
    judgement, suspects = at.compare(scheduled=True)
    assert [one.kind for one in suspects] == [Drift.MISSING_USER]
    assert judgement.verdict is BrakeVerdict.ASK
    assert "by a schedule" in judgement.reasons[0]
    assert at.compare(scheduled=True)[0].verdict is BrakeVerdict.ASK, "asking is no answer"
    assert at.compare()[0].verdict is BrakeVerdict.REPAIR, "whoever starts a run by hand has asked"


def test_whoever_approves_has_asked() -> None:
    at = over_kept_records(1)
    at.compare(scheduled=True)
    run = at.register.current()
    assert run is not None
    note_approval(at.context(), run)
    assert at.compare(scheduled=True)[0].verdict is BrakeVerdict.REPAIR


def test_an_estimate_that_lags_does_not_fill_a_pool() -> None:
    """DescribeUserPool's count is not of the moment; the brake sees who was listed."""
    at = filled(8)
    assert at.compare(scheduled=True)[0].verdict is BrakeVerdict.ASK


def test_a_few_sign_ups_on_their_way_are_not_asked_about() -> None:
    assert filled(2).compare(scheduled=True)[0].verdict is BrakeVerdict.REPAIR


def test_a_run_keeps_in_its_file_that_nobody_asked_for_it() -> None:
    run = filled(0).new_run(scheduled=True)
    assert run_from_dict(run_to_dict(run)) == run


def test_only_a_schedule_says_that_it_is_one() -> None:
    assert run_request({"scheduled": True}).scheduled
    assert not run_request({}).scheduled
