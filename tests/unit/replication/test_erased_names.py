"""After an erasure the ledger has no name of the user, not even one noted on the way."""

from __future__ import annotations

from dataclasses import replace

from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Subject
from tests.twins.stores.records import ItemKey
from tests.unit.world import BACKUP, PRIMARY, World


def test_the_removal_of_a_user_who_was_never_confirmed_notes_no_name() -> None:
    world = World()
    sub = world.sign_up("ann", {"email": "ann@x.org", "email_verified": "true"})
    subject = Subject.user(sub)
    world.table.write(BACKUP, ItemKey(sub, BACKUP), Record(subject, BACKUP, 1, 2, {}, True))
    world.table.replicate_all()
    world.primary.run({"origin_sub": sub})
    assert world.primary.context.directory.get_user_by_sub(sub) is None
    row = world.primary.ledger.read(subject)
    assert (row.local_username, row.confirmed) == ("", {})


def test_an_erasure_that_came_to_a_halt_takes_no_field_from_whoever_is_still_there() -> None:
    """The tombstone was written, and the change given up before anybody was removed."""
    world = World()
    sub = world.sign_up("ann", {"email": "ann@x.org", "email_verified": "true"})
    world.primary.run({"local_sub": sub})
    subject = Subject.user(sub)
    before = world.table.store(PRIMARY).read(subject)[0].own
    assert before is not None
    buried = replace(before, fields={}, deleted=True)
    world.table.write(PRIMARY, ItemKey(sub, PRIMARY), buried)
    world.primary.run({"local_sub": sub})
    after = world.table.store(PRIMARY).read(subject)[0].own
    assert after is not None
    assert (after.deleted, after.fields) == (False, before.fields)
