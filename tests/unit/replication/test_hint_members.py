"""Everybody who was in a deleted group gets a hint, round by round, whatever fails in between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import InvalidRecordError, ServiceUnavailableError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import GROUP, PRESENT, TRUE, Subject
from cognito_standby.replication.adapters.members import EventBridgeHintBatches
from cognito_standby.replication.ports import MemberPage
from cognito_standby.replication.services.hint_members import (
    AT_LEAST,
    SEARCH_FOR,
    MembersContext,
    Round,
    hint_members,
)
from tests.twins.clock import ManualClock
from tests.twins.stores.events import InMemoryHintBus
from tests.twins.stores.members import InMemoryHintBatches, InMemoryMemberRecords
from tests.twins.stores.records import GlobalTable, ItemKey

HERE, THERE = "us-east-1", "us-west-2"
ABOUT = Hint(group="staff", cause="DeleteGroup", change_id="c-1")


class World:
    """Members in a table, a bus, and a clock."""

    def __init__(self, people: int, page_items: int = 50) -> None:
        table = GlobalTable(Installation(HERE, THERE))
        self.everybody = {f"u-{number:05d}" for number in range(people)}
        for sub in self.everybody:
            subject = Subject.user(sub)
            fields = {PRESENT: TRUE, GROUP + "staff": TRUE}
            table.write(HERE, ItemKey(sub, HERE), Record(subject, HERE, 1, 1, fields))
        self.bus, self.clock = InMemoryHintBus(), ManualClock()
        self.ctx = MembersContext(
            InMemoryMemberRecords(table, HERE, page_items),
            InMemoryHintBatches(self.bus),
            self.clock,
        )

    @property
    def hinted(self) -> list[str]:
        return [hint.origin_sub for hint in self.bus.hints]


def test_every_member_is_hinted_once_if_nothing_fails() -> None:
    world, after, rounds = World(1037), "", list[Round]()
    while not rounds or after:
        rounds.append(hint_members(world.ctx, ABOUT, after))
        after = rounds[-1].after
    assert sorted(world.hinted) == sorted(world.everybody)
    assert sum(one.hinted for one in rounds) == 1037
    assert all(AT_LEAST <= one.hinted < AT_LEAST + 50 for one in rounds[:-1])
    first = world.bus.hints[0]
    assert (first.cause, first.change_id, first.created) == ("DeleteGroup: member", "c-1", False)


def test_nobody_is_lost_when_the_bus_fails_in_the_middle() -> None:
    world, after = World(300), ""
    for failures in range(40):
        world.bus.fail(1 if failures % 3 == 0 else 0)
        try:
            done = hint_members(world.ctx, ABOUT, after)
        except ServiceUnavailableError:
            continue
        after = done.after
        if not after:
            break
    assert set(world.hinted) == world.everybody


def test_a_round_ends_in_time_where_members_are_rare() -> None:
    class Slow:
        calls = 0

        def members(self, group: str, after: str) -> MemberPage:
            Slow.calls += 1
            clock.advance(SEARCH_FOR.total_seconds() / 4 + 0.1)
            return MemberPage((), "on")

    clock = ManualClock()
    ctx = MembersContext(Slow(), InMemoryHintBatches(InMemoryHintBus()), clock)
    assert hint_members(ctx, ABOUT, "") == Round(0, "on")
    assert Slow.calls == 4


def test_a_hint_about_somebody_is_not_believed() -> None:
    with pytest.raises(InvalidRecordError):
        hint_members(World(1).ctx, Hint(origin_sub="u-1"), "")


class Events:
    """PutEvents that takes only the first `taken` entries of each call."""

    def __init__(self, taken: Sequence[int]) -> None:
        self._taken = list(taken)
        self.entries: list[Any] = []
        self.sizes: list[int] = []

    def put_events(self, Entries: list[Any]) -> Any:  # noqa: N803 - as boto3 has it
        taken = self._taken.pop(0) if self._taken else len(Entries)
        self.sizes.append(len(Entries))
        self.entries += Entries[:taken]
        refused = [{"ErrorCode": "InternalFailure"}] * (len(Entries) - taken)
        return {
            "FailedEntryCount": len(refused),
            "Entries": [{"EventId": "e"}] * min(taken, len(Entries)) + refused,
        }


def _hints(count: int) -> list[Hint]:
    return [Hint(origin_sub=f"u-{number}") for number in range(count)]


def test_refused_entries_are_put_again() -> None:
    events = Events([10, 4, 6])
    EventBridgeHintBatches(events, "bus").publish_all(_hints(23))  # type: ignore[arg-type]
    assert events.sizes == [10, 10, 6, 3]
    assert len(events.entries) == 23
    assert len({entry["Detail"] for entry in events.entries}) == 23


def test_entries_that_stay_refused_are_an_error() -> None:
    with pytest.raises(ServiceUnavailableError):
        EventBridgeHintBatches(Events([0, 0, 0]), "bus").publish_all(_hints(1))  # type: ignore[arg-type]
