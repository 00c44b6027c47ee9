"""Which hints say that a password was set, and whose older one must not open another pool."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cognito_standby.core.domain.changed_passwords import (
    SET_BY,
    PasswordNote,
    is_set_by,
    needs_unknown,
    noted_at,
)
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.subjects import Subject
from stacks import cloudtrail_operations as operations
from stacks import managed_login_events as pages
from tests.twins.stores.password_notes import SharedPasswordNotes
from tests.unit.world import BACKUP, PRIMARY, World

NOW = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)


def note(number: int, region: str) -> PasswordNote:
    return PasswordNote(Epoch(number, region), NOW.isoformat())


@pytest.mark.parametrize(
    ("notes", "since", "born_here", "needed"),
    [
        ([], 1, True, None),
        ([note(1, PRIMARY)], 1, True, None),
        ([note(2, BACKUP)], 1, True, 2),
        ([note(2, BACKUP)], 1, False, None),
        ([note(2, BACKUP), note(1, PRIMARY)], 1, False, 2),
        ([note(2, BACKUP)], 3, True, None),
        ([note(2, BACKUP), note(3, PRIMARY)], 1, True, None),
        ([note(4, BACKUP), note(3, PRIMARY)], 3, True, 4),
        ([note(1, BACKUP)], 1, True, None),
    ],
    ids=[
        *("nobody set one", "only here", "only there", "never had one here"),
        *("made here, and set one here", "answered, or kept, before"),
        *("there, then here", "there, here, there again", "in the standby of the first epoch"),
    ],
)
def test_who_needs_an_unknown_password_in_the_primary(
    notes: list[PasswordNote], since: int, born_here: bool, needed: int | None
) -> None:
    found = needs_unknown(notes, PRIMARY, Epoch(since, PRIMARY), born_here=born_here)
    assert (found and found.number) == needed
    again = needs_unknown(notes[::-1], PRIMARY, Epoch(since, PRIMARY), born_here=born_here)
    assert again == found


def test_every_cause_is_one_that_hints_have() -> None:
    calls = {*operations.ADMIN, *operations.SELF_SERVICE, *operations.CHALLENGE_NAMES}
    triggers = {"PostConfirmation_ConfirmForgotPassword"}
    assert set(SET_BY) <= calls | set(pages.HINTS) | triggers
    assert not is_set_by("EMAIL_OTP")
    assert not is_set_by("PostConfirmation_ConfirmSignUp")


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("2026-03-04T05:06:07Z", "2026-03-04T05:06:07.000+00:00"),
        ("2026-03-04T07:06:07.5+02:00", "2026-03-04T05:06:07.500+00:00"),
        ("2026-03-04T05:06:07", "2026-03-04T05:06:07.000+00:00"),
        ("yesterday", "2026-03-04T05:06:07.890+00:00"),
        ("", "2026-03-04T05:06:07.890+00:00"),
    ],
)
def test_when(told: str, kept: str) -> None:
    assert noted_at(told, NOW) == kept


def test_plan_sync_notes_what_a_hint_says_and_nothing_else() -> None:
    world, notes = World(), SharedPasswordNotes()
    side = world.primary
    side.context = replace(side.context, password_notes=notes.store(PRIMARY))
    sub = world.sign_up("ann", {"email": "ann@example.com"})
    ann = Subject.user(sub)
    early, late = "2026-03-04T05:06:07Z", "2026-03-05T05:06:07Z"
    side.run({"local_sub": sub, "cause": "PostConfirmation_ConfirmSignUp"})
    side.run({"local_sub": sub, "cause": "EMAIL_OTP"})
    assert notes.store(PRIMARY).of(ann) == ()

    record = side.context.records.read(ann)[0].own
    for at in (late, early, late):
        side.run({"local_sub": sub, "cause": "ChangePassword", "hinted_at": at})
    (noted,) = notes.store(PRIMARY).of(ann)
    assert noted == PasswordNote(
        Epoch(1, PRIMARY), "2026-03-05T05:06:07.000+00:00", side.context.user_pool_id
    )
    assert side.context.records.read(ann)[0].own == record, "a note is no state"

    side.context.records.put_claim(3)
    side.run({"local_sub": sub, "cause": "ChangePassword", "hinted_at": early})
    (noted,) = notes.store(PRIMARY).of(ann)
    assert noted.epoch == Epoch(3, PRIMARY), "a late hint counts as of now: never too old"
    side.run({"group": "staff", "cause": "ChangePassword"})
    assert len(notes.store(PRIMARY).of(ann)) == 1
