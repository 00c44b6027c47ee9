"""Whoever gives way stays who they are, even where their own creation had been cut off."""

from __future__ import annotations

from typing import Any

import pytest

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
