"""Somebody who is awaited in a pool that is filled on demand, as an operator is shown them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.console import Console

from cognito_standby.cli.views.person import Shown, rendered
from cognito_standby.cli.views.person_json import report
from cognito_standby.core.domain.pool_triggers import is_filled_on_demand
from cognito_standby.core.domain.recoverability import Reason, Way
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.operator.domain.person import Side
from cognito_standby.operator.domain.person_search import Verdict
from tests.unit.operator.two_regions import TwoRegions, side_of
from tests.unit.world import BACKUP, PRIMARY

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def regions() -> TwoRegions:
    """The backup's pool makes people when they first come."""
    found = TwoRegions()
    side = found.sides[BACKUP]
    side.context = replace(side.context, on_demand=True)
    found.people[BACKUP].on_demand = True
    return found


def standby(regions: TwoRegions, name: str) -> Side:
    return side_of(regions.find(name), BACKUP)


def test_they_are_said_to_be_made_when_they_first_come(regions: TwoRegions) -> None:
    regions.sign_up("ann")
    person = regions.find("ann")
    side = side_of(person, BACKUP)
    assert (side.awaited, side_of(person, PRIMARY).awaited) == (True, False)
    assert side.sign_in is not None
    assert (side.sign_in.way, side.sign_in.reason) == (Way.PASSWORD_RESET, Reason.VERIFIED_EMAIL)
    assert person.differences == (), "that they are not there yet is none"
    console = Console(width=120, record=True)
    console.print(rendered(Verdict.FOUND, (), (person,), Shown()))
    assert "makes them when they first come" in console.export_text()
    told = report(Verdict.FOUND, (), (person,), Shown())
    assert [each["awaited"] for each in told["people"][0]["sides"]] == [False, True]


def test_whoever_has_no_verified_contact_comes_by_a_password_alone(regions: TwoRegions) -> None:
    regions.sign_up("ann", email="ann@example.org")
    way = standby(regions, "ann").sign_in
    assert way is not None
    assert way.reason is Reason.NO_VERIFIED_CONTACT


def test_a_row_of_the_pool_before_makes_nobody_missing(regions: TwoRegions) -> None:
    sub, ledger = regions.sign_up("ann"), regions.sides[BACKUP].ledger
    row = replace(ledger.read(Subject.user(sub)), local_sub="former", user_pool_id="former")
    ledger._rows[Subject.user(sub)] = row
    assert standby(regions, "ann").awaited
    ledger._rows[Subject.user(sub)] = replace(row, user_pool_id=f"{BACKUP}_Pool")
    assert not standby(regions, "ann").awaited


def test_whoever_is_deleted_is_awaited_no_more(regions: TwoRegions) -> None:
    sub = regions.sign_up("ann")
    regions.world.primary.pool.admin_delete_user("ann")
    regions.world.carry(sub)
    assert not side_of(regions.find(sub), BACKUP).awaited


def test_the_pool_tells_that_it_asks_our_function() -> None:
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:app-"
    assert is_filled_on_demand({"UserMigration": f"{arn}user_migration"})
    assert not is_filled_on_demand({"UserMigration": f"{arn}migrate"})
    assert not is_filled_on_demand({})
