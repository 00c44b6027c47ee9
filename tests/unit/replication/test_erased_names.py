"""After an erasure the ledger has no name of the user, not even one noted on the way."""

from __future__ import annotations

from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Subject
from tests.twins.stores.records import ItemKey
from tests.unit.world import BACKUP, World


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
