"""Before a Region opens: who gets an unknown password there, and who does not."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cognito_standby.core.domain.changed_passwords import AfterFailback
from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    LeaseHeldError,
    MisconfiguredError,
    ServiceUnavailableError,
    StandbyError,
)
from cognito_standby.core.domain.sign_in import FirstFactor, SignInRules
from cognito_standby.core.domain.subjects import Subject, shard_of_key
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.recovery.domain.changed_passwords import Outcome, Progress, progress_from
from tests.unit.recovery.passwords import Passwords, first_password
from tests.unit.world import BACKUP, PRIMARY


@pytest.fixture
def passwords() -> Passwords:
    return Passwords()


def test_who_set_a_password_in_the_standby_loses_the_older_one_at_home(
    passwords: Passwords,
) -> None:
    ann = passwords.person("ann")
    bob = passwords.person("bob")
    passwords.claim(BACKUP)
    chosen = passwords.set(BACKUP, ann)
    assert passwords.opens(PRIMARY, ann, first_password("ann")), "this is the danger"

    done = passwords.reset(PRIMARY)

    assert done.shard == SHARDS
    assert done.counts == {Outcome.RESET: 1}
    assert not passwords.opens(PRIMARY, ann, first_password("ann"))
    assert passwords.sessions[PRIMARY].ended == ["ann"]
    assert passwords.opens(PRIMARY, bob, first_password("bob")), "who set none keeps theirs"
    assert passwords.opens(BACKUP, ann, chosen)
    assert not passwords.sides[PRIMARY].pool.messages
    passwords.claim(PRIMARY)
    pool = passwords.sides[PRIMARY].pool
    pool.admin_update_user_attributes("ann", {"email_verified": "true"})
    pool.forgot_password("ann")
    pool.confirm_forgot_password("ann", pool.latest_code("ann"), "Cc3!cccccc")
    assert passwords.opens(PRIMARY, ann, "Cc3!cccccc"), "they recover by themselves"


def test_what_was_set_at_home_before_the_failover_stays(passwords: Passwords) -> None:
    ann = passwords.person("ann")
    chosen = passwords.set(PRIMARY, ann)
    passwords.claim(BACKUP)
    assert passwords.reset(PRIMARY).counts == {Outcome.NOT_NEEDED: 1}
    assert passwords.opens(PRIMARY, ann, chosen)


def test_a_first_failover_resets_nobody_who_had_no_password_there(passwords: Passwords) -> None:
    ann = passwords.person("ann")
    passwords.set(PRIMARY, ann)
    before = passwords.unknown[BACKUP].given
    assert passwords.reset(BACKUP).counts == {Outcome.NOT_NEEDED: 1}
    assert passwords.unknown[BACKUP].given == before


def test_set_in_the_standby_and_then_again_at_home(passwords: Passwords) -> None:
    """The other way round as well: at the second failover it is the backup's that is older."""
    ann = passwords.person("ann")
    passwords.claim(BACKUP)
    older = passwords.set(BACKUP, ann)
    passwords.reset(PRIMARY)
    passwords.claim(PRIMARY)
    newer = passwords.set(PRIMARY, ann)
    assert passwords.reset(PRIMARY, since=1).counts == {Outcome.NOT_NEEDED: 1}
    assert passwords.opens(BACKUP, ann, older)

    assert passwords.reset(BACKUP).counts == {Outcome.RESET: 1}

    assert not passwords.opens(BACKUP, ann, older)
    assert passwords.opens(PRIMARY, ann, newer)


def test_who_was_born_in_the_backup_is_reset_there(passwords: Passwords) -> None:
    passwords.claim(BACKUP)
    eve = passwords.person("eve", born=BACKUP)
    assert passwords.reset(PRIMARY).counts == {}
    passwords.claim(PRIMARY)
    passwords.set(PRIMARY, eve)
    assert passwords.reset(BACKUP).counts == {Outcome.RESET: 1}
    assert not passwords.opens(BACKUP, eve, first_password("eve"))


def test_twice_is_once_for_each_epoch(passwords: Passwords) -> None:
    ann = passwords.person("ann")
    passwords.claim(BACKUP)
    passwords.set(BACKUP, ann)
    passwords.set(BACKUP, ann)
    assert passwords.reset(PRIMARY).counts == {Outcome.RESET: 1}
    given = passwords.unknown[PRIMARY].given
    assert passwords.reset(PRIMARY).counts == {Outcome.DONE_BEFORE: 1}
    assert passwords.unknown[PRIMARY].given == given
    passwords.claim(PRIMARY)
    passwords.claim(BACKUP)
    passwords.set(BACKUP, ann)
    assert passwords.reset(PRIMARY).counts == {Outcome.RESET: 1}, "a later epoch is another one"


def test_after_a_crash_between_the_two_calls_only_the_sign_out_is_left(
    passwords: Passwords,
) -> None:
    ann = passwords.person("ann")
    passwords.claim(BACKUP)
    passwords.set(BACKUP, ann)
    passwords.sessions[PRIMARY].fail = 1
    with pytest.raises(StandbyError, match="died"):
        passwords.reset(PRIMARY)
    given = passwords.unknown[PRIMARY].given
    assert not passwords.opens(PRIMARY, ann, first_password("ann"))

    assert passwords.reset(PRIMARY).counts == {Outcome.RESET: 1}

    assert passwords.unknown[PRIMARY].given == given, "no second password"
    assert passwords.sessions[PRIMARY].ended == ["ann"]


def test_a_late_hint_is_answered_by_a_repetition(passwords: Passwords) -> None:
    """The event of the backup arrives when home is open again."""
    ann = passwords.person("ann")
    passwords.claim(BACKUP)
    passwords.set(BACKUP, ann, noted=False)
    assert passwords.reset(PRIMARY).counts == {}
    passwords.claim(PRIMARY)
    passwords.hint(BACKUP, passwords.local_sub(BACKUP, ann), "ChangePassword")
    assert passwords.reset(PRIMARY, since=1).counts == {Outcome.RESET: 1}
    assert not passwords.opens(PRIMARY, ann, first_password("ann"))


def test_an_open_region_needs_to_be_told_since_when(passwords: Passwords) -> None:
    with pytest.raises(MisconfiguredError):
        passwords.reset(PRIMARY)


def test_keep(passwords: Passwords) -> None:
    ann = passwords.person("ann")
    passwords.claim(BACKUP)
    passwords.set(BACKUP, ann)
    passwords.policy = AfterFailback.KEEP
    assert passwords.reset(PRIMARY) == Progress(1, SHARDS)
    assert passwords.opens(PRIMARY, ann, first_password("ann"))


def test_who_is_worked_on_is_waited_for_and_the_others_are_done(passwords: Passwords) -> None:
    subs = [passwords.person(name) for name in ("ann", "bob")]
    passwords.claim(BACKUP)
    for sub in subs:
        passwords.set(BACKUP, sub)
    ledger = passwords.sides[PRIMARY].ledger
    ledger.take_lease(Subject.user(subs[0]), "somebody#0")
    with pytest.raises(LeaseHeldError):
        passwords.reset(PRIMARY)
    ledger.release(Subject.user(subs[0]), "somebody#0")
    passwords.reset(PRIMARY)
    assert set(passwords.told) == set(subs)
    assert passwords.told[subs[0]] is Outcome.RESET


def test_who_is_left_alone(passwords: Passwords) -> None:
    gone, left = passwords.person("ann"), passwords.person("bob")
    passwords.claim(BACKUP)
    passwords.set(BACKUP, gone)
    passwords.set(BACKUP, left)
    backup = passwords.sides[BACKUP]
    local = passwords.local_sub(BACKUP, gone)
    backup.pool.admin_delete_user("ann")
    passwords.hint(BACKUP, local, "AdminDeleteUser")
    passwords.settle()
    passwords.reset(PRIMARY)
    assert passwords.told == {gone: Outcome.ABSENT, left: Outcome.RESET}


def test_a_pool_without_passwords(passwords: Passwords) -> None:
    ann = passwords.person("ann")
    passwords.claim(BACKUP)
    passwords.set(BACKUP, ann)
    home = passwords.sides[PRIMARY]
    directory = home.context.directory
    schema = replace(
        directory.schema(), sign_in=SignInRules(first_factors=frozenset({FirstFactor.EMAIL_OTP}))
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(directory, "schema", lambda: schema, raising=False)
        assert passwords.reset(PRIMARY).counts == {Outcome.PASSWORDLESS: 1}


def test_what_the_time_did_not_suffice_for_is_done_by_the_next_attempt(
    passwords: Passwords,
) -> None:
    subs = [passwords.person(name) for name in ("ann", "bob", "eve")]
    passwords.claim(BACKUP)
    for sub in subs:
        passwords.set(BACKUP, sub)
    first = min(int(shard_of_key(sub), 16) for sub in subs)
    at = passwords.reset(PRIMARY, seconds=0.0)
    assert at == Progress(1, first), "shards in which nobody has to be reset take no time"
    with pytest.raises(ServiceUnavailableError):
        passwords.reset(PRIMARY, at=at, seconds=0.0)
    assert passwords.reset(PRIMARY, at=at).counts == {Outcome.RESET: 3}


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"since": 1},
        {"since": -1, "shard": 0, "counts": {}},
        "x",
        {"since": 1, "shard": True, "counts": {}},
        {"since": 1, "shard": 0, "counts": {"odd": 1}},
    ],
)
def test_a_checkpoint_of_another_shape(plain: object) -> None:
    with pytest.raises(InvalidRecordError):
        progress_from(plain)


def test_a_checkpoint_comes_back() -> None:
    plain = {"since": 1, "shard": 7, "counts": {"reset": 2}}
    assert progress_from(plain) == Progress(1, 7, {"reset": 2})
    assert progress_from(None) is None


ACTS = st.lists(
    st.sampled_from(["set", "set of bob", "set twice", "change roles", "crash and change roles"]),
    max_size=7,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ACTS)
def test_no_password_older_than_the_last_one_opens_the_active_region(acts: list[str]) -> None:
    """Whatever was set where, and in which order the Regions opened."""
    passwords = Passwords()
    people = {name: passwords.person(name) for name in ("ann", "bob")}
    known = {name: [(PRIMARY, first_password(name))] for name in people}
    active = PRIMARY
    for act in acts:
        if act.startswith("set"):
            name = "bob" if act.endswith("bob") else "ann"
            for _ in range(2 if act.endswith("twice") else 1):
                known[name].append((active, passwords.set(active, people[name])))
            continue
        active = BACKUP if active == PRIMARY else PRIMARY
        if act.startswith("crash"):
            passwords.sessions[active].fail = 1
            with suppress(StandbyError):
                passwords.reset(active)
            passwords.sessions[active].fail = 0
        passwords.reset(active)
        passwords.claim(active)
        for name, sub in people.items():
            *older, (where, last) = known[name]
            for _, password in older:
                assert not passwords.opens(active, sub, password)
            assert passwords.opens(active, sub, last) == (where == active), "theirs stays theirs"
