"""One process's view of its Region's role: how often it looks, and what it goes by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.core.domain.roles import Active, Reason
from cognito_standby.triggers.services.role import KEEP_SECONDS, MARGIN, SECONDS, KnownRole

HERE, THERE = "eu-central-1", "eu-west-1"
HOME, AWAY = Active(Epoch(1, HERE)), Active(Epoch(2, THERE))


@dataclass
class Source:
    """Says what it is told to, or fails."""

    says: Active | Exception | None = None
    asked: list[float] = field(default_factory=list)

    def read(self, seconds: float) -> Active | None:
        self.asked.append(seconds)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@dataclass
class Process:
    """A function's process, with a clock that stands."""

    region: str = HERE
    claims: Source = field(default_factory=lambda: Source(HOME))
    published: Source = field(default_factory=Source)
    clock: float = 1000.0
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.role = KnownRole(
            *(self.region, HERE, self.claims, self.published),
            now=lambda: self.clock,
            told=self.told.append,
        )

    def reason(self, left: Callable[[], float] = lambda: 4.0) -> Reason:
        return self.role.door(left).reason


def test_120_sign_ins_a_second_are_one_read_in_five_seconds() -> None:
    process = Process()
    for _ in range(120 * 60):
        assert process.reason() is Reason.ACTIVE
        process.clock += 1 / 120
    assert len(process.claims.asked) == 60 / KEEP_SECONDS
    assert not process.published.asked


def test_a_claim_is_seen_within_the_time_that_a_look_is_kept() -> None:
    process = Process()
    assert process.reason() is Reason.ACTIVE
    process.claims.says = AWAY
    process.clock += KEEP_SECONDS - 0.01
    assert process.reason() is Reason.ACTIVE
    process.clock += 0.02
    assert process.reason() is Reason.STANDBY


def test_whoever_stands_down_closes_and_opens_again_under_the_same_claim() -> None:
    process = Process()
    for stood_down, reason in ((THERE, Reason.STOOD_DOWN), ("", Reason.ACTIVE)):
        process.claims.says = Active(Epoch(1, HERE), stood_down)
        process.clock += KEEP_SECONDS
        assert process.reason() is reason


def test_a_clock_that_goes_back_is_a_reason_to_look() -> None:
    process = Process()
    process.reason()
    process.claims.says = AWAY
    process.clock -= 1
    assert process.reason() is Reason.STANDBY


@pytest.mark.parametrize("error", [TimeoutError(), ThrottledError("busy"), ValueError("shape")])
def test_without_the_claims_what_was_seen_last_counts(error: Exception) -> None:
    process = Process(region=THERE, claims=Source(AWAY))
    assert process.reason() is Reason.ACTIVE
    process.claims.says = error
    process.clock += KEEP_SECONDS
    assert process.reason() is Reason.LAST_KNOWN_ACTIVE
    assert process.told == [type(error).__name__]


def test_without_both_what_was_published_counts_and_the_highest_epoch_of_both() -> None:
    process = Process(claims=Source(TimeoutError()), published=Source(AWAY))
    assert process.reason() is Reason.LAST_KNOWN_STANDBY, "cold"
    process.published.says = HOME
    process.clock += KEEP_SECONDS
    assert process.reason() is Reason.LAST_KNOWN_STANDBY, "never back"
    process.published.says = Active(Epoch(3, HERE))
    process.clock += KEEP_SECONDS
    assert process.reason() is Reason.LAST_KNOWN_ACTIVE
    process.claims.says = Active(Epoch(3, HERE), THERE)
    process.clock += KEEP_SECONDS
    assert process.reason() is Reason.STOOD_DOWN, "what is read is believed"


@pytest.mark.parametrize("published", [None, ValueError("shape"), TimeoutError()])
def test_where_nothing_is_known_the_deployment_counts(published: Exception | None) -> None:
    cold = (Source(TimeoutError()), Source(published))
    assert Process(HERE, *cold).reason() is Reason.UNKNOWN_ACTIVE_AT_DEPLOYMENT
    assert Process(THERE, *cold).reason() is Reason.UNKNOWN_STANDBY_AT_DEPLOYMENT


def test_what_hangs_costs_a_process_its_time_once_in_five_seconds() -> None:
    process = Process(claims=Source(TimeoutError()))
    for _ in range(120):
        process.reason()
    assert process.claims.asked == process.published.asked == [SECONDS]
    process.clock += KEEP_SECONDS
    process.reason()
    assert len(process.claims.asked) == 2


def test_nobody_is_asked_when_no_time_is_left() -> None:
    process = Process()
    assert process.reason(lambda: MARGIN) is Reason.UNKNOWN_ACTIVE_AT_DEPLOYMENT
    assert not process.claims.asked + process.published.asked
    process.claims.says = AWAY
    assert process.reason() is Reason.STANDBY, "the next call asks"
    hurried = Process()
    hurried.reason(lambda: MARGIN + 0.1)
    assert hurried.claims.asked == [pytest.approx(0.1)]
