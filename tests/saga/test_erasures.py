"""Who was erased stays erased: by today's list, whatever a restored records table says."""

from __future__ import annotations

import pytest

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.core.domain.errors import NotBelievedError, ServiceUnavailableError
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Subject
from tests.saga.world import Saga
from tests.twins.stores.records import ItemKey
from tests.unit.world import PRIMARY


def restored(saga: Saga, before: Record) -> str:
    """The records table as it was before an erasure: that user's records, and no notes of it."""
    key = before.subject.key
    for side in (saga.here, saga.there):
        saga.world.table.write(side.region, ItemKey(key, side.region), None)
        saga.world.table.replicate_all()
    saga.world.table.write(PRIMARY, ItemKey(key, PRIMARY), before)
    saga.world.table.replicate_all()
    for side in (saga.here, saga.there):
        for record in saga.world.table.stream(side.region):
            saga.world.table.take(side.region, record)
    saga.here.erasure_notes.records.clear()
    return key


def recorded(saga: Saga, sub: str) -> Record:
    own = saga.here.context.records.read(Subject.user(sub))[0].own
    assert own is not None
    return own


def test_a_restored_table_brings_nobody_erased_back() -> None:
    saga = Saga()
    before = recorded(saga, saga.person())
    saga.make(ChangeRequest(ChangeKind.ERASE, username="ann"))
    saga.settle()
    key = restored(saga, before)
    for holder in ("one#0", "two#0"):
        with pytest.raises(NotBelievedError, match="erased"):
            saga.there.run({"origin_sub": key}, holder)
        saga.pass_leases()
    assert not saga.twin(key)
    names = [user.username for user in saga.there.pool.list_users(limit=60).users]
    assert "ann" not in names


def test_a_list_that_cannot_be_read_makes_nobody() -> None:
    saga = Saga()
    sub = saga.world.sign_up("ann", {"email": "ann@example.org", "email_verified": "true"})
    saga.here.run({"local_sub": sub})
    saga.world.table.replicate_all()
    saga.here.erasure_notes.unreadable = ServiceUnavailableError("injected")
    with pytest.raises(ServiceUnavailableError):
        saga.there.run({"origin_sub": sub}, "one#0")
    assert not saga.there.pool.list_users(limit=60).users
    saga.here.erasure_notes.unreadable = None
    saga.pass_leases()
    saga.there.run({"origin_sub": sub}, "two#0")
    assert saga.twin(sub)["attr:email"] == "ann@example.org"


def test_both_regions_note_an_erasure_and_nobody_else() -> None:
    saga = Saga()
    ann, ben = saga.person(), saga.person("ben")
    saga.make(ChangeRequest(ChangeKind.ERASE, username="ann"))
    saga.make(ChangeRequest(ChangeKind.DELETE, username="ben"))
    saga.settle()
    noted = saga.here.erasure_notes.ledgers
    assert {(region, whom.key) for region, whom in noted} == {
        (side.region, ann) for side in (saga.here, saga.there)
    }
    assert ben not in {whom.key for _, whom in noted}


def test_an_erasure_that_is_taken_back_keeps_nobody_out() -> None:
    """The other Region learns of it, removes the user, and makes them again."""
    saga = Saga()
    ann = saga.person()
    tombstones: list[str] = []

    def removing(port: str, method: str, call: object) -> object:
        assert callable(call)
        if (port, method) == ("directory", "delete_user") and saga.there.region not in tombstones:
            tombstones.append(saga.there.region)
            saga.world.table.replicate_all()
            saga.there.run({"origin_sub": ann}, "meanwhile#0")
            assert not saga.twin(ann)
            raise ServiceUnavailableError("injected")
        if (port, method) == ("directory", "delete_user"):
            raise ServiceUnavailableError("injected")
        return call()

    saga.hook = removing
    change = saga.make(ChangeRequest(ChangeKind.ERASE, username="ann"))
    assert change.status.value == "compensated", change
    saga.settle()
    assert saga.twin(ann) == saga.state("ann")
    assert not list(saga.disagreements())
