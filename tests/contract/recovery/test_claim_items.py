"""Contract of ClaimItems and RecordSurvey: what is written over what, and what is added up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.roles import Active
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import RecordStore
from cognito_standby.recovery.adapters.claims import DynamoClaimItems, claim_item_from
from cognito_standby.recovery.adapters.survey import DynamoRecordSurvey
from cognito_standby.recovery.domain.standing import ClaimItem, Tally
from cognito_standby.recovery.ports import ClaimItems, RecordSurvey
from tests.contract.backends import (
    BACKUP,
    INSTALLATION,
    PRIMARY,
    AwsBackend,
    Backend,
    _create_table,
)
from tests.twins.stores.claims import InMemoryClaimItems, InMemoryRecordSurvey
from tests.twins.stores.records import GlobalTable

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Sides:
    """Both Regions on one table; `settle` lets everything arrive."""

    home: ClaimItems
    away: ClaimItems
    store: RecordStore
    survey: RecordSurvey
    settle: Callable[[], None]


@pytest.fixture
def sides(backend: Backend) -> Sides:
    if not isinstance(backend, AwsBackend):
        table = GlobalTable(INSTALLATION)
        return Sides(
            InMemoryClaimItems(table, PRIMARY),
            InMemoryClaimItems(table, BACKUP),
            table.store(PRIMARY),
            InMemoryRecordSurvey(table, PRIMARY),
            table.replicate_all,
        )
    client = backend._client("dynamodb")
    name = _create_table(client, "origin_sub", "region")
    return Sides(
        DynamoClaimItems(client, name, PRIMARY, INSTALLATION),
        DynamoClaimItems(client, name, BACKUP, INSTALLATION),
        DynamoRecordStore(client, name, PRIMARY, INSTALLATION),
        DynamoRecordSurvey(client, name),
        lambda: None,
    )


FULL = ClaimItem(3, BACKUP, Tally(2, 9), "arn:one")


def test_nothing_is_claimed_at_first(sides: Sides) -> None:
    standing = sides.home.standing()
    assert (standing.own, standing.theirs) == (None, None)
    assert dict(standing.claims.numbers) == {PRIMARY: 1, BACKUP: 0}


@pytest.mark.parametrize("item", [ClaimItem(1), ClaimItem(1, BACKUP), FULL])
def test_an_item_is_read_back_in_both_regions(sides: Sides, item: ClaimItem) -> None:
    assert sides.home.put(item, None)
    sides.settle()
    assert sides.home.standing().own == item
    assert sides.away.standing().theirs == item
    assert sides.store.read_claims().of(PRIMARY).number == item.number
    active = sides.store.read_active()
    assert active == Active(Epoch(item.number, PRIMARY), item.stood_down)
    assert active.numbers == sides.store.read_claims().numbers


def test_an_item_is_written_only_over_what_was_seen(sides: Sides) -> None:
    assert sides.home.put(FULL, None)
    assert not sides.home.put(ClaimItem(4), None)
    for seen in (
        ClaimItem(3),
        ClaimItem(3, BACKUP),
        ClaimItem(3, BACKUP, Tally(2, 8), "arn:one"),
        ClaimItem(3, BACKUP, Tally(2, 9), "arn:two"),
        ClaimItem(2, BACKUP, Tally(2, 9), "arn:one"),
    ):
        assert not sides.home.put(ClaimItem(4), seen)
    assert sides.home.standing().own == FULL
    assert sides.home.put(ClaimItem(4), FULL)
    assert sides.home.standing().own == ClaimItem(4)
    assert not sides.home.put(FULL, ClaimItem(4, BACKUP))
    assert sides.home.put(FULL, ClaimItem(4))


def test_records_are_added_up_and_nothing_else(sides: Sides) -> None:
    assert sides.home.put(FULL, None)
    for name, epoch in (("ann", 1), ("ben", 5)):
        draft = Draft(Subject.user(name), epoch, {"present": "true"}, False, None)
        assert sides.store.put(draft, NOW)
    again = Draft(Subject.user("ann"), 2, {"present": "true"}, False, 1)
    assert sides.store.put(again, NOW)
    page = sides.survey.page("")
    assert (page.highest, page.after) == (Epoch(5, PRIMARY), "")
    assert dict(page.tallies) == {PRIMARY: Tally(2, 3)}


def test_a_retired_tombstone_does_not_count(sides: Sides) -> None:
    draft = Draft(Subject.user("ann"), 1, {"present": "true"}, True, None)
    gone = sides.store.put(draft, NOW)
    assert gone
    assert sides.survey.page("").tallies[PRIMARY] == Tally(1, 1)
    assert sides.store.retire(gone)
    assert dict(sides.survey.page("").tallies) == {}


@pytest.mark.parametrize(
    "broken",
    [{"epoch": "x"}, {"epoch": 1, "stood_down": 7}, {"epoch": 1, "drained": {"records": 1}}],
)
def test_a_claim_that_nobody_understands_is_refused(broken: Any) -> None:
    with pytest.raises(InvalidRecordError):
        claim_item_from(broken)


def test_a_survey_goes_on_only_from_where_it_stopped(backend: Backend, sides: Sides) -> None:
    if isinstance(backend, AwsBackend):
        with pytest.raises(InvalidRecordError):
            sides.survey.page("somewhere")
