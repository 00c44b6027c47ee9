"""What is published of the active pool, by one Region: never older, told once, and nothing beside
it stops it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

import pytest

from cognito_standby.core.domain.epochs import Epoch, Installation
from cognito_standby.core.domain.errors import (
    LeaseHeldError,
    MisconfiguredError,
    ServiceUnavailableError,
)
from cognito_standby.core.domain.roles import published_active
from cognito_standby.recovery.domain.active_pool import Pool, Verdict
from cognito_standby.recovery.domain.limits import Raised, Reason
from cognito_standby.recovery.services.publish import Outcome, PublishContext, publish
from tests.twins.clock import ManualClock
from tests.twins.publication import (
    InMemoryClaimsAndPools,
    InMemoryLimit,
    InMemoryNotices,
    InMemoryPlace,
    InMemoryPublicationNotes,
)

HOME, AWAY = "us-east-1", "us-west-2"
INSTALLATION = Installation(HOME, AWAY)
POOLS = {
    HOME: Pool("us-east-1_Home", {"web": "web-home", "ios": "ios-home"}),
    AWAY: Pool("us-west-2_Away", {"web": "web-away", "ios": "ios-away"}),
}
HELD = 40.0


@dataclass
class Side:
    """One Region as it publishes."""

    region: str = AWAY
    wanted: int = 0
    clock: ManualClock = field(default_factory=ManualClock)

    def __post_init__(self) -> None:
        self.claims = InMemoryClaimsAndPools(INSTALLATION, pools=dict(POOLS))
        self.notes = InMemoryPublicationNotes(self.clock, HELD)
        self.parameter = InMemoryPlace("parameter", parameter=True)
        self.document = InMemoryPlace("document", parameter=False)
        self.limit, self.notices = InMemoryLimit(), InMemoryNotices()
        self.runs = 0

    @property
    def context(self) -> PublishContext:
        return PublishContext(
            region=self.region,
            home=HOME,
            claims=self.claims,
            notes=self.notes,
            places=(self.parameter, self.document),
            limit=self.limit,
            wanted_limit=self.wanted,
            notices=self.notices,
        )

    def publish(self) -> Outcome:
        self.runs += 1
        return publish(self.context, f"run-{self.runs}")

    @property
    def says(self) -> dict[str, object]:
        assert self.document.text is not None
        told: dict[str, object] = json.loads(self.document.text)
        return told


@pytest.fixture
def side() -> Side:
    return Side()


def test_before_anybody_claimed_home_is_published_with_every_client(side: Side) -> None:
    outcome = side.publish()
    assert outcome.published
    assert outcome.written == ("parameter", "document")
    assert side.says == {
        "version": 1,
        "epoch": [1, HOME],
        "region": HOME,
        "user_pool_id": "us-east-1_Home",
        "clients": {"web": "web-home", "ios": "ios-home"},
    }


def test_the_parameter_says_the_standing_down_as_well_and_the_fence_can_read_it(side: Side) -> None:
    side.claims.stood_down[HOME] = AWAY
    side.publish()
    assert side.parameter.text is not None
    assert {**side.says, "stood_down": AWAY} == json.loads(side.parameter.text)
    active = published_active(side.parameter.text)
    assert (active.epoch, active.stood_down) == (Epoch(1, HOME), AWAY)
    side.claims.stood_down.clear()  # the failover was given up
    assert side.publish().written == ("parameter",)


def test_a_second_run_finds_nothing_to_do(side: Side) -> None:
    side.publish()
    assert side.publish().written == ()
    assert len(side.document.history) == 1


def test_a_claim_turns_it_and_operators_are_told_once(side: Side) -> None:
    side.publish()
    assert side.notices.told == [], "the first that is ever seen is no turn"
    side.claims.claims[AWAY] = 2
    assert side.publish().told
    assert not side.publish().told
    assert side.says["epoch"] == [2, AWAY]
    assert side.says["user_pool_id"] == "us-west-2_Away"
    ((subject, text),) = side.notices.told
    assert subject == f"Active Region: {AWAY}"
    assert "epoch 2" in text
    assert "us-west-2_Away" in text


def test_a_client_that_was_added_is_published_under_the_same_epoch(side: Side) -> None:
    side.publish()
    side.claims.pools[HOME] = replace(POOLS[HOME], clients={"web": "web-2"})
    assert side.publish().written == ("parameter", "document")
    assert (side.says["clients"], side.says["epoch"]) == ({"web": "web-2"}, [1, HOME])


def test_what_is_older_than_what_was_published_is_not_published(side: Side) -> None:
    """A records table that was restored to a time before the failover."""
    side.claims.claims[AWAY] = 2
    side.publish()
    side.claims.claims.clear()
    outcome = side.publish()
    assert (outcome.verdict, outcome.written) == (Verdict.BEHIND, ())
    assert side.says["epoch"] == [2, AWAY]


def test_what_was_lost_or_changed_is_put_back(side: Side) -> None:
    side.publish()
    side.document.text, side.parameter.text = None, "{}"
    assert side.publish().written == ("parameter", "document")


def test_a_region_whose_pool_is_not_known_yet_is_not_published(side: Side) -> None:
    del side.claims.pools[HOME]
    outcome = side.publish()
    assert (outcome.verdict, side.document.text) == (Verdict.POOL_UNKNOWN, None)
    side.claims.pools[HOME] = POOLS[HOME]
    assert side.publish().published, "the next run does it"


def test_of_two_runs_at_once_one_waits_and_the_later_epoch_stays(side: Side) -> None:
    """A run that read epoch 1 is slow; meanwhile the claim rises, and another run begins."""
    refused = []

    def meanwhile() -> None:
        side.parameter.before_writing = lambda: None
        side.claims.claims[AWAY] = 2
        with pytest.raises(LeaseHeldError):
            publish(side.context, "another")
        refused.append(True)

    side.parameter.before_writing = meanwhile
    side.publish()
    assert refused
    side.publish()
    epochs = [json.loads(text)["epoch"] for text in side.parameter.history]
    assert epochs == [[1, HOME], [2, AWAY]]


def test_a_run_that_died_keeps_the_right_for_some_seconds_and_no_longer(side: Side) -> None:
    side.notes.take("dead")
    with pytest.raises(LeaseHeldError):
        side.publish()
    side.clock.advance(HELD + 1)
    assert side.publish().published


def test_a_run_that_lost_the_right_writes_nothing(side: Side) -> None:
    """It slept longer than the right lasts, before it had written."""
    ctx = side.context
    read = side.claims.read

    def sleeps() -> object:
        found = read()
        side.clock.advance(HELD + 1)
        side.claims.claims[AWAY] = 2
        side.claims.read = read  # type: ignore[method-assign]
        side.publish()
        return found

    side.claims.read = sleeps  # type: ignore[method-assign, assignment]
    with pytest.raises(LeaseHeldError):
        publish(ctx, "sleeper")
    assert side.says["epoch"] == [2, AWAY]


def test_a_failed_run_gives_the_right_back(side: Side) -> None:
    def fails() -> None:
        raise ServiceUnavailableError("PutParameter: InternalServerError")

    side.parameter.before_writing = fails
    with pytest.raises(ServiceUnavailableError):
        side.publish()
    side.parameter.before_writing = lambda: None
    assert side.publish().published


def test_a_message_that_is_not_taken_stops_nothing_and_is_sent_by_the_next_run(side: Side) -> None:
    side.publish()
    side.claims.claims[AWAY] = 2
    side.notices.fails = ServiceUnavailableError("no answer from AWS")
    outcome = side.publish()
    assert outcome.published
    assert outcome.troubles == (
        "operators were not told: ServiceUnavailableError: no answer from AWS",
    )
    side.notices.fails = None
    assert side.publish().told


class TestTheLimitOfSignIns:
    def test_it_is_raised_away_from_home_and_put_back_afterwards(self) -> None:
        side = Side(AWAY, wanted=600)
        side.limit.value = 200  # somebody has set it before
        side.publish()
        assert side.limit.value == 200
        side.claims.claims[AWAY] = 2
        side.publish()
        assert side.limit.value == 600
        side.publish()
        side.claims.claims[HOME] = 3
        side.publish()
        assert side.limit.value == 200
        assert side.notes.note.raised is None

    def test_home_keeps_its_own(self) -> None:
        side = Side(HOME, wanted=600)
        side.claims.claims[HOME] = 3
        side.publish()
        assert side.limit.value == 120

    def test_it_is_left_where_nothing_is_wanted(self) -> None:
        side = Side(AWAY)
        side.limit.fails = MisconfiguredError("GetProvisionedLimit: AccessDeniedException")
        side.claims.claims[AWAY] = 2
        assert side.publish().troubles == ()

    def test_what_somebody_else_set_since_is_left(self) -> None:
        side = Side(AWAY, wanted=600)
        side.claims.claims[AWAY] = 2
        side.publish()
        side.limit.value = 900
        side.claims.claims[HOME] = 3
        side.publish()
        assert (side.limit.value, side.notes.note.raised) == (900, None)

    @pytest.mark.parametrize("lowered", [120, 300])
    def test_what_somebody_lowered_since_is_not_raised_again(self, lowered: int) -> None:
        """To what it was before as well: then it is not the raise that is still to be made."""
        side = Side(AWAY, wanted=600)
        side.claims.claims[AWAY] = 2
        side.publish()
        side.limit.value = lowered
        assert side.publish().limit == Reason.NOT_OURS
        assert side.publish().limit == Reason.NOT_OURS
        assert side.limit.value == lowered
        side.claims.claims[HOME] = 3
        side.publish()
        assert (side.limit.value, side.notes.note.raised) == (lowered, None)
        side.claims.claims[AWAY] = 4
        side.publish()
        assert side.limit.value == 600, "the next time it stands in"

    def test_another_figure_in_the_config_is_followed(self) -> None:
        side = Side(AWAY, wanted=600)
        side.claims.claims[AWAY] = 2
        side.publish()
        side.wanted = 900
        side.publish()
        assert side.limit.value == 900
        side.claims.claims[HOME] = 3
        side.publish()
        assert side.limit.value == 120

    def test_a_higher_one_is_left(self) -> None:
        side = Side(AWAY, wanted=600)
        side.limit.value = 900
        side.claims.claims[AWAY] = 2
        side.publish()
        assert (side.limit.value, side.notes.note.raised) == (900, None)

    def test_a_refusal_is_told_stops_nothing_and_is_tried_again(self) -> None:
        side = Side(AWAY, wanted=600)
        side.limit.most = 300
        side.claims.claims[AWAY] = 2
        outcome = side.publish()
        assert outcome.published
        assert "RefusedByPoolError" in outcome.troubles[0]
        side.limit.most = 1200
        assert side.publish().troubles == ()
        assert side.limit.value == 600

    def test_a_crash_between_note_and_call_is_made_up_for(self) -> None:
        side = Side(AWAY, wanted=600)
        side.claims.claims[AWAY] = 2
        side.notes.note = replace(side.notes.note, raised=Raised(120, 600))
        side.publish()
        assert side.limit.value == 600
        side.claims.claims[HOME] = 3
        side.publish()
        assert side.limit.value == 120
