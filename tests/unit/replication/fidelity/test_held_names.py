"""Names that somebody else holds in the standby, and pools that know their people otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.domain.errors import NameHeldError
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.core.domain.subjects import PRESENT, Subject
from tests.twins.pool.config import PoolConfig
from tests.unit.replication.fidelity.stage import MODES, Stage, own_record, stage

ADDRESS = "ann@example.org"
VERIFIED = {"email": ADDRESS, "email_verified": "true"}
PASSWORD = "Aa1!aaaaaa"
HOLDS = pytest.mark.parametrize("mode", ["username", "e-mail", "e-mail or phone", "aliases"])


def _name(mode: str) -> str:
    return ADDRESS if MODES[mode].username_attributes else "ann"


def _stranger(at: Stage, mode: str) -> str:
    """Signs up in the standby's pool, with the name of a person of the active one."""
    return at.standby.pool.sign_up(_name(mode), PASSWORD, {"email": ADDRESS})


def _same_person(at: Stage, ann: str) -> None:
    twin = at.twin(ann)
    assert twin is not None
    assert twin.attributes["email"] == ADDRESS
    assert twin.status is UserStatus.CONFIRMED


@HOLDS
def test_a_sign_up_that_nobody_confirmed_gives_way_in_the_standby(mode: str) -> None:
    at = stage(MODES[mode])
    stranger = _stranger(at, mode)
    at.standby.run({"local_sub": stranger})
    ann = at.world.sign_up(_name(mode), VERIFIED)
    at.settle(ann)
    assert at.failed == []
    _same_person(at, ann)
    subs = {user.sub for user in at.standby.pool.list_users().users}
    assert stranger not in subs
    assert len(subs) == 1


@HOLDS
def test_one_who_is_confirmed_stays_and_the_other_waits_with_a_reason(mode: str) -> None:
    """Two people want the name: neither is taken for the other, and somebody has to decide."""
    at = stage(MODES[mode])
    stranger = _stranger(at, mode)
    at.standby.pool.admin_confirm_sign_up(_name(mode))
    at.standby.run({"local_sub": stranger})
    ann = at.world.sign_up(_name(mode), VERIFIED)
    at.settle(ann)
    assert at.standby.pool.admin_get_user(_name(mode)).sub == stranger
    assert at.active.pool.admin_get_user(_name(mode)).sub == ann
    assert at.twin(ann) is None
    assert {type(error) for _, error in at.failed} == {NameHeldError}
    assert {region for region, _ in at.failed} == {at.active.region, at.standby.region}
    assert {str(error) for _, error in at.failed} == {
        "another user rightly holds the name or address"
    }


@HOLDS
def test_one_who_confirms_in_this_very_moment_stays(mode: str) -> None:
    at = stage(MODES[mode])
    stranger = _stranger(at, mode)
    ledger: Any = at.standby.ledger
    note = ledger.note_intent

    def confirmed_meanwhile(subject: Any, *more: Any) -> None:
        if subject.id == stranger:
            at.standby.pool.admin_confirm_sign_up(_name(mode))
            ledger.note_intent = note
        note(subject, *more)

    ledger.note_intent = confirmed_meanwhile
    ann = at.world.sign_up(_name(mode), VERIFIED)
    at.settle(ann)
    assert at.standby.pool.admin_get_user(_name(mode)).sub == stranger
    assert {type(error) for _, error in at.failed} == {NameHeldError}


def test_where_people_sign_up_an_unconfirmed_sign_up_stays() -> None:
    """It may be somebody who is just reading the code; a late record of the other Region waits."""
    at = stage()
    ann = at.world.sign_up("ann", VERIFIED)
    at.active.run({"local_sub": ann})
    claims = at.standby.context.records.read_claims()
    at.standby.context.records.put_claim(claims.next_number())
    stranger = _stranger(at, "username")
    at.settle()
    assert at.standby.pool.admin_get_user("ann").sub == stranger
    assert {type(error) for _, error in at.failed} == {NameHeldError}


def test_two_who_differ_in_case_alone_where_the_standby_ignores_it() -> None:
    at = stage(MODES["username, case-sensitive"], MODES["username"])
    ann, other = (at.world.sign_up(name, {}) for name in ("Ann", "ann"))
    at.settle(ann)
    at.settle(other)
    assert at.twin(other) is None
    ((_, error),) = at.failed
    assert str(error) == "another user rightly holds the name in another case"
    assert at.twin(ann) is not None


def test_two_with_one_address_where_it_signs_in_only_one() -> None:
    """The active pool has no aliases, so both may have verified it; the first one keeps it."""
    at = stage(MODES["username"], MODES["aliases"])
    ann, ben = (at.world.sign_up(name, VERIFIED) for name in ("ann", "ben"))
    at.settle(ann)
    at.settle(ben)
    _same_person(at, ann)
    assert {str(error) for _, error in at.failed} == {
        "another user rightly holds the name or address"
    }


def test_a_username_that_the_standby_takes_for_an_address() -> None:
    at = stage(MODES["username"], MODES["aliases"])
    ann = at.world.sign_up(ADDRESS, {})
    at.settle(ann)
    _left_out(at, ann, NotHeld.LIKE_AN_ADDRESS)


def test_a_standby_that_makes_usernames_itself() -> None:
    at = stage(MODES["username"], MODES["e-mail"])
    ann = at.world.sign_up("ann", VERIFIED)
    at.settle(ann)
    _same_person(at, ann)
    assert at.not_held(ann) == {"username": NotHeld.MADE_USERNAME}
    nobody = at.world.sign_up("nobody", {"name": "No Address"})
    at.settle(nobody)
    _left_out(at, nobody, NotHeld.NO_NAME)


def test_pools_that_take_either_take_whoever_has_one() -> None:
    both = replace(MODES["e-mail or phone"], auto_verified=("email", "phone_number"))
    at = stage(both)
    by_mail = at.world.sign_up(ADDRESS, VERIFIED)
    phone = {"phone_number": "+15550100", "phone_number_verified": "true"}
    by_phone = at.world.sign_up("+15550100", phone)
    at.settle(by_mail, by_phone)
    assert at.failed == []
    for sub, name in ((by_mail, ADDRESS), (by_phone, "+15550100")):
        twin = at.twin(sub)
        assert twin is not None
        assert twin.sub == at.standby.pool.admin_get_user(name).sub
    at.active.pool.admin_update_user_attributes(by_mail, {"phone_number": "+15550199"})
    at.settle(by_mail)
    twin = at.twin(by_mail)
    assert twin is not None
    assert twin.attributes["phone_number_verified"] == "false"
    assert at.failed == []


def test_an_address_alone_is_no_name_where_the_pool_wants_the_other() -> None:
    at = stage(PoolConfig(username_attributes=("phone_number",)), MODES["e-mail"])
    ann = at.world.sign_up("+15550100", {})
    at.settle(ann)
    _left_out(at, ann, NotHeld.NO_NAME)


@pytest.mark.parametrize("failed_over", [False, True], ids=["standing by", "failed over"])
@pytest.mark.parametrize("mode", MODES)
def test_whom_the_other_kind_of_pool_has_no_name_for_is_left_out_and_told(
    mode: str, *, failed_over: bool
) -> None:
    """And is brought in once the record has one; nobody takes them for deleted meanwhile."""
    at = stage(MODES["e-mail"], MODES[mode])
    ann = at.active.pool.admin_create_user(ADDRESS, {"email": ADDRESS})
    at.active.run({"local_sub": ann.sub})
    if failed_over:
        at.fail_over()
    at.settle()
    if at.twin(ann.sub) is not None:
        assert "email" in MODES[mode].username_attributes
        return
    _left_out(at, ann.sub, NotHeld.NO_NAME)
    assert at.active.pool.admin_get_user(ann.username).enabled
    assert not own_record(at.active, ann.sub).deleted
    if mode == "phone":
        at.active.pool.admin_update_user_attributes(ann.username, {"phone_number": "+15550100"})
        at.settle(ann.sub)
        assert at.twin(ann.sub) is not None or failed_over
        assert at.failed == []


def _left_out(at: Stage, sub: str, why: NotHeld) -> None:
    row = at.standby.ledger.read(Subject.user(sub))
    assert (row.state, row.reason) == (SyncState.SKIPPED, why)
    assert row.skipped == {PRESENT: why}, "`standby readiness` counts it"
    assert at.twin(sub) is None
    assert at.failed == []
