"""The daily look: when it is due, what is kept, and what is a change that nobody said."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cognito_standby.configuration.domain.document import Section, Unread, WhyUnread
from cognito_standby.configuration.domain.snapshots import KEPT, Why
from cognito_standby.configuration.services.looking import LookContext, Looked, look
from tests.twins.clock import ManualClock
from tests.twins.configuration import (
    ConfigurationTable,
    InMemoryConfigurationNotes,
    InMemorySnapshots,
    OneDeployment,
    Pools,
)
from tests.unit.configuration.documents import ID, OTHER_ID, document

HERE, THERE = "us-east-1", "eu-west-1"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PLAIN: dict[str, dict[str, Any]] = {"pool": {"Name": "people"}}


@dataclass
class World:
    pools: Pools = field(default_factory=Pools)
    table: ConfigurationTable = field(default_factory=ConfigurationTable)
    clock: ManualClock = field(default_factory=ManualClock)
    deployed: OneDeployment = field(default_factory=lambda: OneDeployment(LONG_AGO))
    created: bool = True
    pool_id: str = ID

    def set(self, *unread: Unread, pool: str = ID, **sections: Any) -> None:
        self.pools.documents[pool] = document(*unread, user_pool_id=pool, **sections)

    def look(self) -> Looked:
        for pool, each in self.pools.documents.items():
            now = self.clock.now().astimezone(UTC).isoformat(timespec="seconds")
            self.pools.documents[pool] = replace(each, read_at=now)
        return look(
            LookContext(
                HERE,
                THERE,
                self.pool_id,
                self.created,
                self.pools,
                InMemoryConfigurationNotes(self.table, HERE),
                InMemorySnapshots(self.table, HERE),
                self.deployed,
                self.clock,
            )
        )

    def next_day(self) -> Looked:
        self.clock.advance(24 * 3600)
        return self.look()

    @property
    def kept(self) -> int:
        return len(InMemorySnapshots(self.table, HERE).listed(HERE))


def first(**given: Any) -> World:
    world = World(**given)
    world.set(groups={"a": {}})
    assert world.look().why is Why.FIRST
    return world


def test_the_first_one_is_taken_as_it_should_be() -> None:
    world = first()
    note = world.table.notes[HERE]
    assert note.accepted == note.latest
    assert note.unexpected == 0
    assert note.drift is None


def test_it_looks_once_a_day_and_keeps_what_changed_alone() -> None:
    world = first()
    world.clock.advance(3600)
    assert world.look().why is Why.NOT_DUE
    assert world.next_day().why is Why.SAME
    assert world.kept == 1


def test_a_change_that_nobody_said_is_counted_until_it_is_accepted_or_undone() -> None:
    world = first()
    world.set(groups={"a": {}}, mfa={"pool": {"MfaConfiguration": "OFF"}})
    changed = world.next_day()
    assert (changed.why, changed.note.unexpected, world.kept) == (Why.CHANGED, 1, 2)
    assert changed.note.latest != changed.note.accepted
    again = world.next_day()
    assert (again.note.unexpected, world.kept) == (1, 2)
    world.set(groups={"a": {}})
    undone = world.next_day()
    assert (undone.why, undone.note.unexpected) == (Why.SAME, 0)


def test_a_snapshot_that_was_damaged_is_alarmed_and_another_one_is_kept() -> None:
    """The look would otherwise fail day by day, and see no change any more."""
    world = first()
    world.table.damaged.add((HERE, world.table.notes[HERE].latest))
    looked = world.next_day()
    assert (looked.why, looked.note.unexpected, world.kept) == (Why.CHANGED, 1, 2)
    assert looked.note.latest != looked.note.accepted
    assert world.next_day().note.unexpected == 1, "until somebody accepts what can be read"


def test_a_damaged_snapshot_of_the_other_region_stops_no_look_here() -> None:
    world = first()
    other = world.table.notes[THERE] = replace(world.table.notes[HERE], latest="theirs")
    world.table.damaged.add((THERE, other.latest))
    looked = world.next_day()
    assert (looked.why, looked.note.drift) == (Why.SAME, None)


def test_groups_and_clients_that_register_themselves_are_kept_and_no_alarm() -> None:
    world = first()
    world.set(
        groups={"b": {"Precedence": 1}},
        clients={"1": {"ClientName": "agent", "ClientType": "DCR"}},
    )
    looked = world.next_day()
    assert (looked.why, looked.note.unexpected, world.kept) == (Why.SAME, 0, 2)


def test_a_deployment_of_ours_explains_what_changed_in_its_own_pool() -> None:
    world = first()
    world.clock.advance(60)
    world.deployed = OneDeployment(world.clock.now(), under_way=True)
    world.set(mfa={"pool": {"MfaConfiguration": "ON"}})
    world.clock.advance(60)
    assert world.look().why is Why.DEPLOYING
    world.deployed = replace(world.deployed, under_way=False)
    deployed = world.look()
    assert (deployed.why, deployed.note.unexpected) == (Why.DEPLOYED, 0)
    assert deployed.note.accepted == deployed.note.latest
    assert world.look().why is Why.NOT_DUE


def test_in_an_existing_pool_it_explains_nothing() -> None:
    world = first(created=False)
    world.clock.advance(60)
    world.deployed = OneDeployment(world.clock.now())
    world.set(mfa={"pool": {"MfaConfiguration": "ON"}})
    world.clock.advance(60)
    looked = world.look()
    assert (looked.why, looked.note.unexpected) == (Why.CHANGED, 1)


def test_a_replaced_pool_is_a_change_though_it_is_set_up_alike_and_deployed() -> None:
    world = first()
    world.set(pool=OTHER_ID, groups={"a": {}})
    world.pool_id = OTHER_ID
    world.deployed = OneDeployment(world.clock.now() + timedelta(hours=1))
    looked = world.next_day()
    assert (looked.why, looked.note.unexpected) == (Why.CHANGED, 1)


def test_a_pool_that_is_gone_is_told_and_looked_for_until_it_is_back() -> None:
    world = first()
    lost = world.pools.documents.pop(ID)
    gone = world.next_day()
    assert gone.why is Why.GONE
    assert gone.note.trouble == f"there is no pool {ID}"
    assert gone.note.latest
    assert world.look().why is Why.GONE
    world.pools.documents[ID] = lost
    back = world.look()
    assert (back.why, back.note.trouble) == (Why.SAME, "")


def test_what_was_accepted_and_cannot_be_read_any_more_is_no_reason_to_accept_anew() -> None:
    world = first()
    world.table.kept.clear()
    looked = world.next_day()
    assert (looked.why, looked.note.unexpected) == (Why.CHANGED, 1)


def test_what_must_not_be_read_is_counted() -> None:
    world = World()
    denied = Unread(Section.LOGS, "", "Get", WhyUnread.DENIED, "AccessDeniedException")
    plan = Unread(Section.RISK, "", "Describe", WhyUnread.UNSUPPORTED, "UserPoolAddOn")
    world.set(denied, plan)
    assert world.look().note.unread == 1


def test_what_an_operator_accepts_meanwhile_stays_theirs() -> None:
    world = first()
    world.set(mfa={"pool": {"MfaConfiguration": "ON"}})
    theirs = replace(world.table.notes[HERE], accepted="theirs")

    class Slow(Pools):
        def read(self, user_pool_id: str) -> Any:
            world.table.notes[HERE] = theirs
            return world.pools.documents[user_pool_id]

    slow = World(Slow(world.pools.documents), world.table, world.clock)
    assert slow.next_day().note == theirs


def test_the_newest_are_kept_and_what_was_accepted() -> None:
    world = first()
    accepted = world.table.notes[HERE].accepted
    for day in range(KEPT + 3):
        world.set(tags={"day": {"Value": str(day)}})
        world.next_day()
    assert world.kept == KEPT + 1
    assert (HERE, accepted) in world.table.kept


def test_the_drift_from_the_other_region_s_pool_is_told() -> None:
    world = first()
    there = InMemorySnapshots(world.table, THERE)
    other = there.put(document(mfa={"pool": {"MfaConfiguration": "ON"}}), "first")
    note = replace(world.table.notes[HERE], latest=other.id, accepted=other.id)
    world.table.notes[THERE] = note
    assert world.next_day().note.drift == 1
