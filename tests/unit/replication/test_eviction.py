"""Whoever gives way stays who they are, even where their own creation had been cut off."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.core.domain.errors import NotBelievedError
from cognito_standby.core.domain.subjects import Subject
from tests.unit.replication.writing.situations import aliases
from tests.unit.world import World

VERIFIED = {"email_verified": "true"}


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
