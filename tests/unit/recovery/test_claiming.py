"""Who may stand down, who may claim, and what two who do so at once find."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from cognito_standby.core.domain.epochs import Epoch, Installation
from cognito_standby.core.domain.errors import InvalidRecordError, PlanStaleError
from cognito_standby.recovery.domain.requests import (
    FailoverMode,
    FailoverRequest,
    StandDownRequest,
    execution_name,
    failover_request,
    stand_down_request,
)
from cognito_standby.recovery.domain.standing import ClaimItem, Standing, Tally
from cognito_standby.recovery.domain.steps import Step, Turn
from cognito_standby.recovery.services.claiming import (
    Claimed,
    StoodDown,
    claim_region,
    plan_failover,
    reopen,
    stand_down,
)
from tests.twins.stores.claims import InMemoryClaimItems
from tests.twins.stores.records import GlobalTable

HOME, AWAY = "us-east-1", "ap-northeast-1"
PLANNED, OUTAGE = FailoverRequest(FailoverMode.PLANNED), FailoverRequest(FailoverMode.OUTAGE)
FOR_AWAY = StandDownRequest(AWAY)
EXECUTION, OTHERS = "arn:one", "arn:two"
ALL = Tally(3, 7)


@dataclass
class Regions:
    """Both Regions' claim items; nothing arrives by itself."""

    table: GlobalTable = field(default_factory=lambda: GlobalTable(Installation(HOME, AWAY)))

    def __post_init__(self) -> None:
        self.home = InMemoryClaimItems(self.table, HOME)
        self.away = InMemoryClaimItems(self.table, AWAY)

    def mark(self, drained: Tally | None = None) -> StoodDown:
        """Home stands down for Away."""
        return stand_down(self.home, FOR_AWAY, drained)

    def claim(
        self, request: FailoverRequest, execution: str = EXECUTION, seen: Epoch | None = None
    ) -> Claimed:
        """Away claims."""
        return claim_region(self.away, request, execution, seen)

    def settle(self) -> None:
        self.table.replicate_all()


@pytest.fixture
def regions() -> Regions:
    return Regions()


def test_a_planned_claim_waits_for_the_mark_and_for_the_tally(regions: Regions) -> None:
    assert plan_failover(regions.away, PLANNED, EXECUTION).next.step is Step.WAIT
    regions.mark()
    assert not regions.claim(PLANNED).claimed, "the mark has not arrived"
    regions.settle()
    assert plan_failover(regions.away, PLANNED, EXECUTION).next.step is Step.WAIT
    assert not regions.claim(PLANNED).claimed, "what has to arrive is not known"
    regions.mark(ALL)
    regions.settle()
    plan = plan_failover(regions.away, PLANNED, EXECUTION)
    assert (plan.next.step, plan.wanted) == (Step.SURVEY, ALL)
    assert regions.claim(PLANNED) == Claimed(True, 2, "above epoch 1, the highest that was seen")


def test_a_region_that_stood_down_stays_the_active_one_with_its_epoch(regions: Regions) -> None:
    assert regions.mark().turn is Turn.DRAIN
    standing = regions.home.standing()
    assert standing.active
    assert standing.own == ClaimItem(1, AWAY), "its first item says its implicit epoch"


def test_in_an_outage_nobody_is_waited_for(regions: Regions) -> None:
    assert regions.claim(OUTAGE).number == 2


def test_a_claim_is_above_the_epochs_of_records_too(regions: Regions) -> None:
    assert regions.claim(OUTAGE, seen=Epoch(6, HOME)).number == 7


def test_a_claim_that_is_repeated_is_the_same(regions: Regions) -> None:
    first, again = regions.claim(OUTAGE), regions.claim(OUTAGE)
    assert (first.claimed, again.claimed, again.number) == (True, True, first.number)
    assert plan_failover(regions.away, OUTAGE, EXECUTION).next.step is Step.PUBLISH


def test_of_two_operators_one_wins_and_the_other_is_told(regions: Regions) -> None:
    assert regions.claim(OUTAGE, EXECUTION).claimed
    other = regions.claim(OUTAGE, OTHERS)
    assert not other.claimed
    assert EXECUTION in other.why
    assert "active already" in other.why


class Late(InMemoryClaimItems):
    """Somebody claims between the look and the write."""

    def standing(self) -> Standing:
        seen = super().standing()
        if seen.own is None:
            super().put(ClaimItem(5, execution=OTHERS), None)
        return seen


def test_who_claims_between_look_and_write_wins(regions: Regions) -> None:
    late = Late(regions.table, AWAY)
    with pytest.raises(PlanStaleError):
        claim_region(late, OUTAGE, EXECUTION, None)
    assert not claim_region(late, OUTAGE, EXECUTION, None).claimed


def test_both_regions_claim_at_once_and_one_is_active(regions: Regions) -> None:
    claim_region(regions.away, OUTAGE, EXECUTION, None)
    regions.settle()
    regions.table.partitioned = True
    claim_region(regions.home, OUTAGE, OTHERS, Epoch(2, AWAY))
    claim_region(regions.away, OUTAGE, "arn:three", None)
    regions.table.partitioned = False
    regions.settle()
    active = [items.standing().claims.highest() for items in (regions.home, regions.away)]
    assert active == [Epoch(3, HOME)] * 2


def test_aborting_opens_again_and_the_claim_is_refused(regions: Regions) -> None:
    regions.mark()
    regions.mark(ALL)
    regions.settle()
    assert reopen(regions.home).turn is Turn.REOPENED
    assert regions.home.standing().own == ClaimItem(1)
    assert reopen(regions.home).turn is Turn.REOPENED, "twice is once"
    regions.settle()
    refused = regions.claim(PLANNED)
    assert not refused.claimed
    assert "has not stood down" in refused.why


def test_aborting_comes_too_late_after_a_claim(regions: Regions) -> None:
    regions.mark()
    regions.mark(ALL)
    regions.settle()
    regions.claim(PLANNED)
    regions.settle()
    late = reopen(regions.home)
    assert (late.turn, late.why) == (
        Turn.REFUSE,
        f"too late: {AWAY} has claimed epoch 2",
    )


def test_what_drains_does_not_close_a_door_that_was_opened_again(regions: Regions) -> None:
    regions.mark()
    reopen(regions.home)
    assert regions.mark(ALL).turn is Turn.REOPENED
    assert regions.home.standing().own == ClaimItem(1)


def test_a_new_mark_does_not_keep_what_was_drained_for_another(regions: Regions) -> None:
    regions.mark()
    regions.mark(ALL)
    reopen(regions.home)
    regions.mark()
    assert regions.home.standing().own == ClaimItem(1, AWAY)


def test_a_repeated_mark_keeps_its_tally(regions: Regions) -> None:
    regions.mark()
    regions.mark(ALL)
    regions.mark()
    assert regions.home.standing().own == ClaimItem(1, AWAY, ALL)


def test_only_the_active_region_stands_down_and_only_for_the_other(regions: Regions) -> None:
    for_home = StandDownRequest(HOME)
    standby = stand_down(regions.away, for_home, None)
    assert (standby.turn, standby.why) == (Turn.REFUSE, f"{HOME} is active, since epoch 1")
    odd = stand_down(regions.home, for_home, None)
    assert odd.turn is Turn.REFUSE
    assert regions.home.standing().own is None


def test_who_claims_again_makes_way_for_nobody(regions: Regions) -> None:
    regions.mark()
    regions.mark(ALL)
    regions.settle()
    regions.claim(PLANNED)
    regions.settle()
    back = claim_region(regions.home, OUTAGE, OTHERS, None)
    assert (back.claimed, regions.home.standing().own) == (True, ClaimItem(3, execution=OTHERS))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (None, "not a JSON object"),
        ({}, "`mode`"),
        ({"mode": "quick"}, "`mode`"),
        ({"mode": "outage", "force": True}, "unknown keys: force"),
        ({"mode": "outage", "accepted": "all"}, "`accepted`"),
        ({"mode": "outage", "accepted": ["No Such"]}, "`accepted`"),
        ({"mode": "outage", "asked": "x" * 200}, "`asked`"),
    ],
)
def test_what_fail_over_cannot_be_started_with(raw: object, why: str) -> None:
    with pytest.raises(InvalidRecordError, match=why):
        failover_request(raw)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({}, "`target`"),
        ({"target": "nowhere"}, "`target`"),
        ({"target": AWAY, "abort": "yes"}, "`abort`"),
    ],
)
def test_what_stand_down_cannot_be_started_with(raw: object, why: str) -> None:
    with pytest.raises(InvalidRecordError, match=why):
        stand_down_request(raw)


def test_requests_are_read_as_they_are_written() -> None:
    asked = FailoverRequest(FailoverMode.PLANNED, ("letters",), "id")
    assert failover_request(asked.given()) == asked
    down = StandDownRequest(AWAY, True, ("drift",), "id")
    assert stand_down_request(down.given()) == down
    assert [execution_name(2), execution_name(2, 1)] == ["epoch-2", "epoch-2-1"]
