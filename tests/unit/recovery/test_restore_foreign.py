"""Filling a pool outside of the installation from its records."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, UserStatus
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.services.restore_foreign import ForeignContext, look_into, refusal
from cognito_standby.recovery.services.restore_foreign_filling import fill
from tests.saga.world import Saga
from tests.twins.pacing import VirtualPacer
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.pool.listing import InMemoryPoolListing
from tests.twins.pool.pool import StrictPool
from tests.twins.pool.user_directory import InMemoryUserDirectory
from tests.unit.recovery.test_restore_importing import MISFIT, Importing
from tests.unit.world import BACKUP

POOL = f"{BACKUP}_Elsewhere"


class Foreign:
    """Records of some people, and a pool that is nobody's."""

    def __init__(self, *attributes: str, pool_id: str = POOL) -> None:
        self.importing = Importing()
        self.saga: Saga = self.importing.saga
        names = attributes or (ORIGIN_SUB_ATTRIBUTE,)
        config = PoolConfig(
            pool_id=pool_id, attributes={name: AttributeSpec() for name in names if name}
        )
        self.pool = StrictPool(config, self.saga.there.context.clock)
        self.before = self._tables()

    @property
    def context(self) -> ForeignContext:
        source = self.importing.context
        clock: Any = source.sync.clock
        return ForeignContext(
            source=source,
            other=self.saga.here.region,
            pool_id=self.pool.config.pool_id,
            directory=InMemoryUserDirectory(self.pool),
            listing=InMemoryPoolListing(self.pool),
            pacer=VirtualPacer(clock, {}, 1e9),
        )

    def _tables(self) -> Any:
        return self.saga.world.table.snapshot(), list(self.saga.there.ledger.rows())

    def restored(self, whom: str = "") -> Any:
        look = look_into(self.context, whom)
        assert refusal(look) == ""
        return fill(self.context, look, lambda _: None)

    def users(self) -> dict[str, Any]:
        return {each.username: each for each in self.pool.list_users(limit=60).users}

    def untouched(self) -> bool:
        """Neither records nor ledger tell anything of it."""
        return bool(self._tables() == self.before)


def test_everybody_is_made_with_their_groups_and_no_table_tells_of_it() -> None:
    at = Foreign()
    outcome = at.restored()
    assert (outcome.done, outcome.left) == (5 + 3, {})
    users = at.users()
    assert sorted(users) == ["ann", "eva", "fay", "gus", "hal"]
    assert users["hal"].attributes["name"] == MISFIT and not users["gus"].enabled
    assert at.pool.admin_get_user("fay").username == "fay"
    assert list(at.pool.admin_list_groups_for_user("fay")) == ["staff"]
    subs = {**at.importing.subs, "ann": at.importing.known}
    assert {n: u.attributes[ORIGIN_SUB_ATTRIBUTE] for n, u in users.items()} == subs
    assert {user.status for user in users.values()} == {UserStatus.CONFIRMED}
    assert not at.pool.messages and at.untouched()


def test_it_can_be_run_again_and_goes_by_the_records_of_today() -> None:
    at = Foreign()
    at.restored(at.importing.subs["eva"])
    assert sorted(at.users()) == ["eva"]
    at.pool.admin_update_user_attributes("eva", {"name": "strange"})
    made = at.pool.meter.calls["AdminCreateUser"]
    outcome = at.restored()
    assert outcome.left == {} and at.pool.meter.calls["AdminCreateUser"] - made == 4
    assert at.users()["eva"].attributes["name"] == "eva"


def test_nobody_deleted_or_erased_is_made_even_after_the_look() -> None:
    at = Foreign()
    erasures: Any = at.saga.there.context.erasures
    erasures.add(Subject.user(at.importing.subs["eva"]), "change")
    look = look_into(at.context)
    assert look.seen.left_out == {"erased": 1}
    at.saga.here.pool.admin_delete_user("fay")
    at.saga.hint(at.importing.subs["fay"])
    at.saga.world.table.replicate_all()
    outcome = fill(at.context, look, lambda _: None)
    assert outcome.left == {"deleted": [at.importing.subs["fay"]]}
    assert sorted(at.users()) == ["ann", "gus", "hal"]


def test_while_erasures_cannot_be_read_nobody_is_made() -> None:
    at = Foreign()
    look = look_into(at.context)
    at.saga.there.erasure_notes.unreadable = ServiceUnavailableError("dark")
    with pytest.raises(ServiceUnavailableError):
        fill(at.context, look, lambda _: None)
    assert at.users() == {}


def _stranger(at: Foreign) -> None:
    at.pool.admin_create_user("zoe", {"email": "zoe@example.org"})


def _unknown(at: Foreign) -> None:
    at.pool.admin_create_user("zoe", {ORIGIN_SUB_ATTRIBUTE: "of-another-installation"})


@pytest.mark.parametrize("comes", [_stranger, _unknown], ids=["unmarked", "of others"])
def test_users_of_other_origin_refuse_the_whole(comes: Any) -> None:
    at = Foreign()
    comes(at)
    look = look_into(at.context)
    assert look.seen.strangers == 1 and "users of other origin" in refusal(look)


@pytest.mark.parametrize(
    ("pool_id", "attribute", "why"),
    [
        (f"{BACKUP}_Pool", ORIGIN_SUB_ATTRIBUTE, "the installation's own pool"),
        ("eu-west-1_Else", ORIGIN_SUB_ATTRIBUTE, "of another Region"),
        (POOL, "custom:other", "has no custom:origin_sub"),
    ],
)
def test_a_pool_that_cannot_be_meant_is_refused(pool_id: str, attribute: str, why: str) -> None:
    look = look_into(Foreign(attribute, pool_id=pool_id).context)
    assert why in refusal(look)
