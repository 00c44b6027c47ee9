"""Who is made when they first come, and why others are not: reason by reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.domain.on_demand import (
    AWAITED,
    Comer,
    Coming,
    Made,
    Refusal,
)
from tests.twins.pool.config import PoolConfig
from tests.unit.replication.empty_backup import (
    ADDRESS,
    VERIFIED,
    VOUCHED,
    Empty,
    came,
    home_again,
    world,
)
from tests.unit.world import BACKUP, PRIMARY


def test_whoever_is_awaited_is_confirmed_to_be_absent_and_made_by_no_replay() -> None:
    made, sub = world()
    assert not made.backup.pool.list_users().users
    assert made.row(sub).skipped == {"present": AWAITED}
    answer = made.backup.run({"origin_sub": sub})
    assert answer["decision"] == "done"
    made.primary.pool.admin_update_user_attributes("ann", {"name": "Anna"})
    made.carry(sub)
    assert not made.backup.pool.list_users().users
    assert not made.backup.ledger.conflicts_of(Subject.user(sub)), "nothing is lost by it"


def test_whoever_comes_is_named_first_and_made_under_the_lease() -> None:
    made, sub = world()
    answer = made.meet()
    assert answer == Made(
        Subject.user(sub), "", {**VERIFIED, "custom:origin_sub": sub}, confirmed=True
    )
    row = made.row(sub)
    assert (row.creation_is_open, row.local_username) == (True, "ann")
    assert row.lease is not None
    assert [hint.origin_sub for hint in made.backup.bus.hints] == [sub]
    assert made.meet(question="another") is Refusal.BUSY


def test_whoever_forgot_the_password_chooses_one_by_code() -> None:
    answer = world()[0].meet(Comer("ann", Coming.FORGOT))
    assert isinstance(answer, Made)
    assert not answer.confirmed


def test_who_comes_by_an_alias_gets_the_username_of_the_record() -> None:
    made, _ = world(alias_attributes=("email",))
    answer = made.meet(Comer(ADDRESS, Coming.VOUCHED))
    assert isinstance(answer, Made)
    assert answer.username == "ann"


def test_where_addresses_are_usernames_there_is_no_other() -> None:
    made, _ = world(username_attributes=("email",))
    answer = made.meet(Comer(ADDRESS.upper(), Coming.VOUCHED))
    assert isinstance(answer, Made)
    assert (answer.username, answer.attributes["email"]) == ("", ADDRESS)


def disabled(made: Empty, sub: str) -> None:
    made.primary.pool.admin_disable_user("ann")
    made.carry(sub)


def deleted(made: Empty, sub: str) -> None:
    made.primary.pool.admin_delete_user("ann")
    made.carry(sub)


def erased(made: Empty, sub: str) -> None:
    made.backup.context.erasures.learn(Subject.user(sub), "change")


def gone(made: Empty, sub: str) -> None:
    """Made, bound and deleted again, which nobody has looked at yet."""
    came(made, sub)
    made.backup.pool.admin_delete_user("ann")


def here(made: Empty, sub: str) -> None:
    """Made and bound; Cognito would not ask."""
    came(made, sub)


def shared(made: Empty, _: str) -> None:
    """Somebody else's record claims the username, too."""
    made.primary.pool.admin_delete_user("ann")
    made.carry(made.sign_up("ann", {"email": "other@example.org"}))


def unproved(made: Empty, sub: str) -> None:
    made.primary.pool.admin_update_user_attributes("ann", {"email_verified": "false"})
    made.carry(sub)


def at_work(made: Empty, sub: str) -> None:
    made.backup.ledger.take_lease(Subject.user(sub), "somebody#0")


def chose_another(made: Empty, sub: str) -> None:
    """A password, in the backup's former pool, after the former pool of the primary's was left."""
    made.notes.store(PRIMARY).note(Subject.user(sub), 1, "2026-01-01T00:00:00.000+00:00", "")
    made.notes.store(BACKUP).note(Subject.user(sub), 2, "2026-01-01T00:00:00.000+00:00", "")


def nothing(_made: Empty, _sub: str) -> None:
    """As it is."""


@pytest.mark.parametrize(
    ("before", "comer", "reason"),
    [
        (nothing, Comer("ann", Coming.UNVOUCHED), Refusal.UNVOUCHED),
        (nothing, Comer("ben", Coming.VOUCHED), Refusal.UNKNOWN),
        (nothing, Comer(ADDRESS, Coming.VOUCHED), Refusal.UNKNOWN),  # no alias in this pool
        (nothing, Comer("Ann", Coming.VOUCHED), Refusal.SPELT_OTHERWISE),
        (home_again, VOUCHED, Refusal.STANDS_BY),
        (disabled, VOUCHED, Refusal.DISABLED),
        (deleted, VOUCHED, Refusal.UNKNOWN),
        (erased, VOUCHED, Refusal.ERASED),
        (here, VOUCHED, Refusal.HERE),
        (gone, VOUCHED, Refusal.WAS_HERE),
        (shared, VOUCHED, Refusal.SHARED),
        (nothing, Comer("ann", Coming.VOUCHED, origin="ben-s-sub"), Refusal.ANOTHER),
        (chose_another, VOUCHED, Refusal.OUTDATED),
        (unproved, Comer("ann", Coming.FORGOT), Refusal.NO_CONTACT),
        (at_work, VOUCHED, Refusal.BUSY),
    ],
)
def test_who_is_not_made(
    before: Callable[[Empty, str], None], comer: Comer, reason: Refusal
) -> None:
    made, sub = world()
    before(made, sub)
    users = len(made.backup.pool.list_users().users)
    intents = made.row(sub).target
    assert made.meet(comer) is reason
    assert len(made.backup.pool.list_users().users) == users
    assert made.row(sub).target == intents
    assert reason is Refusal.BUSY or made.row(sub).lease is None, "nobody has to wait"


@pytest.mark.parametrize("settings", [{}, {"alias_attributes": ("preferred_username",)}])
def test_two_who_differ_in_capitals_come_each_in_a_pool_that_tells_them_apart(
    settings: dict[str, Any],
) -> None:
    made, ann = world(case_sensitive=True, **settings)
    other = made.sign_up("Ann", {"email": "other@example.org", "email_verified": "true"})
    made.carry(other)
    for name, sub in (("ann", ann), ("Ann", other)):
        answer = made.meet(Comer(name, Coming.FORGOT), f"q-{name}")
        assert isinstance(answer, Made)
        assert answer.subject.id == sub
    assert made.meet(Comer("ANN", Coming.FORGOT)) is Refusal.UNKNOWN


def test_a_password_that_was_set_where_it_is_asked_for_is_the_last_one() -> None:
    made, sub = world()
    made.notes.store(PRIMARY).note(Subject.user(sub), 1, "2026-01-01T00:00:00.000+00:00", "")
    assert isinstance(made.meet(), Made)


def test_a_password_that_was_set_in_a_later_pool_of_that_region_is_not_the_former_pool_s() -> None:
    """People moved from a pool to another one in their Region before this Region needed them."""
    made, sub = world()
    set_in(made, sub, THEIRS)
    assert made.meet(replace(VOUCHED, pool=FORMER)) is Refusal.OUTDATED
    assert isinstance(made.meet(replace(VOUCHED, pool=THEIRS)), Made)


def test_where_a_password_was_set_is_told_by_its_note_and_not_by_the_record() -> None:
    """Whoever came to a new pool has the former one's record until they change something; and who
    changed something there may have the former one's password."""
    made, sub = world()
    set_in(made, sub, NEWER)
    assert made.meet(replace(VOUCHED, pool=THEIRS)) is Refusal.OUTDATED
    made, sub = world()
    set_in(made, sub, FORMER)
    assert isinstance(made.meet(replace(VOUCHED, pool=FORMER)), Made)


def test_of_a_note_that_names_no_pool_the_record_tells() -> None:
    """Of a release that did not note it."""
    made, sub = world()
    set_in(made, sub, "")
    assert made.meet(replace(VOUCHED, pool=FORMER)) is Refusal.OUTDATED
    assert isinstance(made.meet(replace(VOUCHED, pool=THEIRS)), Made)


FORMER, THEIRS, NEWER = (f"{PRIMARY}_{each}" for each in ("Former", "Pool", "Newer"))


def set_in(made: Empty, sub: str, pool: str) -> None:
    """A password was set in a pool of the primary's Region."""
    made.notes.store(PRIMARY).note(Subject.user(sub), 1, "2026-01-01T00:00:00.000+00:00", pool)


def test_whoever_forgot_the_password_comes_whenever_it_was_set() -> None:
    made, sub = world()
    chose_another(made, sub)
    assert isinstance(made.meet(Comer("ann", Coming.FORGOT)), Made)


def test_a_context_that_knows_no_notes_lets_no_password_count() -> None:
    made, _ = world()
    made.backup.context = replace(made.backup.context, password_notes=None)
    assert made.meet() is Refusal.UNREAD


def test_a_pool_without_the_mark_makes_nobody() -> None:
    made = Empty(configs={BACKUP: PoolConfig(pool_id="other")})
    made.ann = made.sign_up("ann", VERIFIED)
    made.carry(made.ann)
    made.fail_over()
    assert made.meet() is Refusal.NO_MARK


@pytest.mark.parametrize(
    ("port", "method"),
    [
        ("records", "named"),
        ("records", "read"),
        ("records", "table_id"),
        ("ledger", "take_lease"),
        ("ledger", "note_intent"),
        ("ledger", "region_notes"),
        ("erasures", "has"),
        ("password_notes", "of"),
        ("bus", "publish"),
        ("directory", "schema"),
    ],
)
def test_what_cannot_be_read_makes_nobody(
    port: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = world()

    def fails(*_: object) -> None:
        raise ServiceUnavailableError("dark")

    monkeypatch.setattr(getattr(made.backup.context, port), method, fails)
    assert made.meet() is Refusal.UNREAD


def test_what_moves_between_intent_and_answer_makes_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, sub = world()
    note = made.backup.ledger.note_intent

    def deleted_meanwhile(*about: Any) -> None:
        note(*about)
        made.replicate()

    made.primary.pool.admin_delete_user("ann")
    made.primary.run({"origin_sub": sub})
    monkeypatch.setattr(made.backup.ledger, "note_intent", deleted_meanwhile)
    assert made.meet() is Refusal.MOVED
    made.backup.run({"origin_sub": sub})
    assert made.row(sub).target is None, "the sync that was hinted at ends the intent"
