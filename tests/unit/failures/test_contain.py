"""What containment leaves behind, on twins."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import LeaseHeldError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Fields, Subject
from cognito_standby.failures.services.contain import Contained, Containment, contain_failure
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.replay import replay_record
from cognito_standby.replication.services.sync import plan_sync
from tests.twins.clock import ManualClock, NumberedPasswords
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.pool.pool import StrictPool
from tests.twins.pool.user_directory import InMemoryUserDirectory
from tests.twins.stores.erasures import InMemoryErasureList
from tests.twins.stores.events import InMemoryHintBus
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import GlobalTable, ItemKey

A, B = "a-region", "b-region"
ANN = Subject.user("ann-in-a")
HINT = Hint(origin_sub=ANN.key)
OLD = {"present": "true", "enabled": "true", "username": "ann", "attr:name": "old"}
NEW = {**OLD, "attr:name": "new", "enabled": "false", "group:g": "true"}


class BrokenError(Exception):
    """The execution dies here."""


class Standby:
    """Region B with the record of a user of A in its replica."""

    def __init__(self) -> None:
        self.table = GlobalTable(Installation(A, B))
        self.clock = ManualClock()
        config = PoolConfig(attributes={"custom:origin_sub": AttributeSpec()})
        self.pool = StrictPool(config, self.clock)
        self.pool.create_group(PoolGroup("g"))
        self.directory = InMemoryUserDirectory(self.pool)
        self.ledger, self.bus = InMemoryLedger(self.clock), InMemoryHintBus()
        self.context = SyncContext(
            region=B,
            user_pool_id="b",
            directory=self.directory,
            records=self.table.store(B),
            ledger=self.ledger,
            bus=self.bus,
            clock=self.clock,
            passwords=NumberedPasswords(),
            erasures=InMemoryErasureList(B),
        )
        self.revision = 0

    def arrives(self, fields: Fields, *, deleted: bool = False) -> None:
        """A's record arrives."""
        self.revision += 1
        record = Record(ANN, A, self.revision, 1, fields, deleted)
        self.table.write(A, ItemKey(ANN.key, A), record)
        self.table.replicate_all()

    def replays(self) -> None:
        """An execution goes through."""
        plan_sync(self.context, HINT, "fine")
        replay_record(self.context, ANN, "fine")

    def fails_at(self, method: str) -> None:
        """An execution dies before a call to the pool."""
        real = getattr(self.directory, method)

        def broken(*_: object) -> None:
            raise BrokenError

        setattr(self.directory, method, broken)
        plan_sync(self.context, HINT, "failed#0")
        with pytest.raises(BrokenError):
            replay_record(self.context, ANN, "failed#0")
        setattr(self.directory, method, real)

    def contain(self, holder: str = "contain#0") -> Contained:
        """The failed execution is contained, once its lease has expired."""
        self.clock.advance(600)
        return contain_failure(self.context, HINT, "failed", holder, "ThrottledError")

    def shows(self) -> tuple[str, bool]:
        """Name and enabled flag of the user."""
        user = self.pool.admin_get_user("ann")
        return user.attributes.get("name", ""), user.enabled


@pytest.fixture
def standby() -> Standby:
    side = Standby()
    side.arrives(OLD)
    return side


def _half_updated(standby: Standby, fields: Fields = NEW, at: str = "set_enabled") -> None:
    standby.replays()
    standby.arrives(fields)
    standby.fails_at(at)


def test_half_an_update_is_taken_back(standby: Standby) -> None:
    _half_updated(standby)
    assert standby.shows() == ("new", True)
    contained = standby.contain()
    assert contained == Contained(ANN, Containment.PUT_BACK, woken=False)
    assert standby.shows() == ("old", True)
    row = standby.ledger.read(ANN)
    assert (row.state, row.reason) == (SyncState.QUARANTINED, "ThrottledError")
    assert row.lease is None
    assert not standby.bus.hints


def test_a_redrive_after_it_goes_through(standby: Standby) -> None:
    _half_updated(standby, {**NEW, "attr:name": "newer"})
    standby.contain()
    assert plan_sync(standby.context, HINT, "failed#1").decision == "apply"
    replay_record(standby.context, ANN, "failed#1")
    assert standby.shows() == ("newer", False)


def test_who_was_never_completed_is_disabled(standby: Standby) -> None:
    standby.fails_at("set_permanent_password")
    contained = standby.contain()
    assert contained.done is Containment.DISABLED
    assert standby.shows() == ("old", False)


def test_who_was_locked_out_stays_locked_out(standby: Standby) -> None:
    standby.replays()
    standby.arrives({**NEW, "attr:name": "old"})
    standby.fails_at("set_enabled")
    standby.pool.admin_disable_user("ann")
    standby.contain()
    assert standby.shows() == ("old", False)


def test_a_redrive_before_it_waits_for_the_lease_of_the_run_that_failed(standby: Standby) -> None:
    _half_updated(standby)
    with pytest.raises(LeaseHeldError):
        replay_record(standby.context, ANN, "failed#1")
    standby.clock.advance(600)
    assert plan_sync(standby.context, HINT, "failed#1").decision == "apply"


def test_what_a_redrive_left_behind_is_contained_too(standby: Standby) -> None:
    _half_updated(standby)
    standby.clock.advance(600)
    standby.ledger.take_lease(ANN, "failed#1")
    assert standby.contain().done is Containment.PUT_BACK
    assert standby.shows() == ("old", True)


def test_what_a_containment_left_behind_is_a_syncs_to_repair(standby: Standby) -> None:
    """Another containment, started by the sweep, or the same one redriven."""
    _half_updated(standby)
    standby.clock.advance(600)
    standby.ledger.take_over_lease(ANN, "failed", "contain#0")
    for holder in ("contain#1", "contain-too#0"):
        assert standby.contain(holder) == Contained(ANN, Containment.MOVED, woken=True)
    assert [hint.origin_sub for hint in standby.bus.hints] == [ANN.key] * 2
    standby.replays()
    assert standby.ledger.read(ANN).state is SyncState.IN_SYNC


def test_what_a_person_wrote_is_left_to_a_sync(standby: Standby) -> None:
    _half_updated(standby)
    standby.pool.admin_update_user_attributes("ann", {"name": "theirs"})
    contained = standby.contain()
    assert contained == Contained(ANN, Containment.MOVED, woken=True)
    assert standby.shows() == ("theirs", True)
    assert [hint.origin_sub for hint in standby.bus.hints] == [ANN.key]


def test_an_active_pool_is_never_touched(standby: Standby) -> None:
    _half_updated(standby)
    standby.table.store(B).put_claim(2)
    assert standby.contain().done is Containment.ACTIVE
    assert standby.shows() == ("new", True)
    assert standby.ledger.read(ANN).state is SyncState.FAILED


def test_where_nothing_was_written_nothing_is(standby: Standby) -> None:
    _half_updated(standby, at="set_attributes")
    assert standby.contain().done is Containment.PUT_BACK
    assert standby.shows() == ("old", True)


def test_somebody_elses_work_is_left_alone(standby: Standby) -> None:
    _half_updated(standby)
    standby.clock.advance(600)
    standby.ledger.take_lease(ANN, "another#0")
    assert standby.contain() == Contained(ANN, Containment.MOVED, woken=True)
    assert standby.shows() == ("new", True)
    lease = standby.ledger.read(ANN).lease
    assert lease is not None
    assert lease.holder == "another#0"


def test_a_lease_that_has_not_expired_is_waited_for(standby: Standby) -> None:
    _half_updated(standby)
    with pytest.raises(LeaseHeldError):
        contain_failure(standby.context, HINT, "failed", "contain#0", "ThrottledError")
    assert standby.shows() == ("new", True)


def test_a_containment_that_ran_before_has_a_sync_look_after_it(standby: Standby) -> None:
    _half_updated(standby)
    standby.clock.advance(600)
    standby.ledger.take_over_lease(ANN, "failed", "contain#0")
    assert standby.contain().woken
    assert standby.contain() == Contained(ANN, Containment.MOVED, woken=True)


@pytest.mark.parametrize("at", ["set_attributes", "set_enabled", "set_permanent_password"])
def test_nobody_is_ever_removed_or_let_in(standby: Standby, at: str) -> None:
    cases: dict[str, Callable[[], None]] = {
        "set_permanent_password": lambda: standby.fails_at(at),
        "set_attributes": lambda: _half_updated(standby, at=at),
        "set_enabled": lambda: _half_updated(standby, at=at),
    }
    cases[at]()
    enabled = standby.shows()[1]
    standby.contain()
    assert standby.shows()[1] <= enabled
