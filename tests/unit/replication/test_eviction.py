"""Whoever gives way stays who they are, even where their own creation had been cut off."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.core.domain.errors import (
    LeaseHeldError,
    NameHeldError,
    NotBelievedError,
    ServiceUnavailableError,
    StandbyError,
    ThrottledError,
)
from cognito_standby.core.domain.subjects import Subject
from tests.unit.replication.writing.situations import aliases
from tests.unit.world import World

VERIFIED = {"email_verified": "true"}
OTHER = "arn:another#0"


class DiedError(Exception):
    """The function ends here."""


def test_a_holder_whose_creation_was_cut_off_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    for side in (world.primary, world.backup):
        aliases(side.pool)
    ann = world.sign_up("ann", {"email": "ann@x.org", **VERIFIED})
    world.carry(ann)
    ben = world.sign_up("ben", {"email": "ben@x.org", **VERIFIED})

    def dies(*_: Any) -> None:
        raise DiedError

    with monkeypatch.context() as patched:
        patched.setattr(world.backup.ledger, "note_created", dies)
        with pytest.raises(DiedError):
            world.carry(ben)
    made = world.backup.pool.admin_get_user("ben").sub
    world.backup.context.clock.advance(600)  # type: ignore[attr-defined]
    world.primary.pool.admin_update_user_attributes("ben", {"email": "free@x.org", **VERIFIED})
    world.primary.run({"local_sub": ben})
    world.primary.pool.admin_update_user_attributes("ann", {"email": "ben@x.org", **VERIFIED})
    world.primary.run({"local_sub": ann})
    world.replicate()
    world.backup.run({"origin_sub": ann})
    row = world.backup.ledger.read(Subject.user(ben))
    assert row.local_sub == made, "their own sync finds them by it"
    world.backup.run({"origin_sub": ben})
    assert world.twin_of(ann) == {"email": "ben@x.org", **VERIFIED}
    assert world.twin_of(ben) == {"email": "free@x.org", **VERIFIED}
    assert world.backup.pool.admin_get_user("ben").sub == made


def test_another_table_removes_nobody_who_is_in_the_way() -> None:
    """Somebody who is there is only changed; the deleted holder of the new address would go."""
    world = World()
    for side in (world.primary, world.backup):
        aliases(side.pool)
    ann = world.sign_up("ann", {"email": "ann@x.org", **VERIFIED})
    ben = world.sign_up("ben", {"email": "ben@x.org", **VERIFIED})
    for each in (ann, ben):
        world.carry(each)
    world.primary.pool.admin_delete_user("ben")
    world.carry(ben)
    world.primary.pool.admin_update_user_attributes("ann", {"email": "ben@x.org", **VERIFIED})
    world.primary.run({"local_sub": ann})
    world.replicate()
    region = world.backup.region
    world.backup.ledger.note_table("", world.table.ids[region])
    confirmed = world.backup.ledger.noted.table_id
    world.table.ids[region] = "restored"
    with pytest.raises(NotBelievedError):
        world.backup.run({"origin_sub": ann})
    assert world.backup.pool.admin_get_user("ben").username == "ben"
    assert world.twin_of(ann) == {"email": "ann@x.org", **VERIFIED}
    assert world.backup.ledger.note_table(confirmed, "restored")
    world.backup.run({"origin_sub": ann})
    assert world.twin_of(ann) == {"email": "ben@x.org", **VERIFIED}
    assert world.twin_of(ben) is None


def held_by_a_stranger(monkeypatch: pytest.MonkeyPatch, *, again: bool) -> tuple[World, Subject]:
    """Ben is to be made in the standby, where a stranger rightly has the name. `again`: the SDK had
    made the creation more than once."""
    world = World()
    world.backup.pool.admin_create_user("ben", {})
    world.backup.pool.admin_set_user_password("ben", "Aa1!aaaaaa", permanent=True)
    directory = world.backup.context.directory
    create = directory.create_user

    def creates(*given: Any) -> Any:
        try:
            return create(*given)
        except NameHeldError as error:
            error.asked_again = again
            raise

    monkeypatch.setattr(directory, "create_user", creates)
    ben = world.sign_up("ben", {"email": "ben@x.org", **VERIFIED})
    with pytest.raises(NameHeldError):
        world.carry(ben)
    return world, Subject.user(ben)


def test_who_waits_for_a_name_leaves_the_subject_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    world, ben = held_by_a_stranger(monkeypatch, again=False)
    assert world.backup.ledger.take_lease(ben, OTHER).lease is not None


def test_but_not_while_an_earlier_creation_may_be_on_its_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, ben = held_by_a_stranger(monkeypatch, again=True)
    with pytest.raises(LeaseHeldError):
        world.backup.ledger.take_lease(ben, OTHER)
    world.backup.clock.advance(600)
    assert world.backup.ledger.take_lease(ben, OTHER).lease is not None


@pytest.mark.parametrize(
    ("error", "again", "kept"),
    [
        (ServiceUnavailableError("no answer"), False, True),
        (ThrottledError("slow down"), True, True),
        (ThrottledError("slow down"), False, False),
    ],
)
def test_the_holder_s_lease_stays_while_the_write_may_be_on_its_way(
    monkeypatch: pytest.MonkeyPatch, error: StandbyError, again: bool, kept: bool
) -> None:
    world = World()
    for side in (world.primary, world.backup):
        aliases(side.pool)
    ann = world.sign_up("ann", {"email": "ann@x.org", **VERIFIED})
    ben = world.sign_up("ben", {"email": "ben@x.org", **VERIFIED})
    for each in (ann, ben):
        world.carry(each)
    world.primary.pool.admin_update_user_attributes("ben", {"email": "free@x.org", **VERIFIED})
    world.primary.pool.admin_update_user_attributes("ann", {"email": "ben@x.org", **VERIFIED})
    for each in (ben, ann):
        world.primary.run({"local_sub": each})
    world.replicate()
    error.asked_again = again
    directory = world.backup.context.directory
    write = directory.set_attributes

    def parks(username: str, attributes: dict[str, str]) -> None:
        if username == "ben":
            raise error
        write(username, attributes)

    monkeypatch.setattr(directory, "set_attributes", parks)
    with pytest.raises(type(error)):
        world.backup.run({"origin_sub": ann})
    if kept:
        with pytest.raises(LeaseHeldError):
            world.backup.ledger.take_lease(Subject.user(ben), OTHER)
    else:
        assert world.backup.ledger.take_lease(Subject.user(ben), OTHER).lease is not None
