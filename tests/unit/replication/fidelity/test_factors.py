"""Second factors: carried where Cognito lets anybody, never so that somebody is locked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import PoolUser
from cognito_standby.core.domain.subjects import FACTOR, PREFERRED_FACTOR
from local.cognito_rules.factors import SELECT, First, Mfa, Second
from tests.twins.pool.config import PoolConfig
from tests.twins.pool.multi_factor import Preference
from tests.twins.pool.user_directory import InMemoryUserDirectory
from tests.unit.replication.fidelity.stage import Stage, own_record, stage

ANN, OLD, NEW = "ann", "Old-passw0rd!", "New-passw0rd!"
MAIL = {"email": "ann@example.org", "email_verified": "true"}
PHONE = {"phone_number": "+15550100", "phone_number_verified": "true"}
BOTH = {**MAIL, **PHONE}
SMS, TOKEN, BY_MAIL = Second.SMS, Second.TOKEN, Second.EMAIL
ON, PREFERRED = {"Enabled": True}, {"Enabled": True, "PreferredMfa": True}
OFF = {"Enabled": False}
OPTIONAL = PoolConfig(mfa=Mfa.OPTIONAL, seconds=frozenset(Second))
REQUIRED = replace(OPTIONAL, mfa=Mfa.ON)
MODES = {"optional": OPTIONAL, "required": REQUIRED}


def ann_in(at: Stage, who: Mapping[str, str], wanted: Preference, *, token: bool = False) -> str:
    """Ann with these addresses and factors, and both pools at rest."""
    pool = at.active.pool
    sub = at.world.sign_up(ANN, dict(who))
    pool.admin_set_user_password(sub, OLD, permanent=True)
    if token:
        pool.register_token(sub)
    pool.admin_set_user_mfa_preference(sub, wanted)
    at.settle(sub)
    assert at.failed == []
    return sub


def shown(user: PoolUser | None) -> tuple[set[str], str]:
    """Factors, and the preferred one."""
    assert user is not None
    return set(user.factors), user.preferred_factor


def recovered(at: Stage) -> str:
    """Ann comes back in the standby: forgot password, a new one, and what she is asked then."""
    pool = at.standby.pool
    pool.forgot_password(ANN)
    pool.confirm_forgot_password(ANN, pool.latest_code(ANN), NEW)
    pool.sign_in(ANN, NEW)
    return pool.asked_after_password(ANN)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        ({SMS: PREFERRED}, SMS),
        ({SMS: ON}, SMS),
        ({BY_MAIL: PREFERRED}, BY_MAIL),
    ],
)
def test_codes_by_sms_and_mail_are_carried(mode: str, wanted: Preference, asked: Second) -> None:
    at = stage(MODES[mode])
    ann = ann_in(at, BOTH, wanted)
    here = at.active.context.directory.get_user(ann)
    assert shown(at.twin(ann)) == shown(here)
    assert at.not_held(ann) == {}
    assert recovered(at) == asked


def test_changes_of_a_preference_travel() -> None:
    """Turned on, changed and turned off, one after the other."""
    at = stage(OPTIONAL)
    ann = ann_in(at, BOTH, {SMS: PREFERRED})
    for wanted, there in (
        ({SMS: OFF, BY_MAIL: PREFERRED}, ({"EMAIL_OTP"}, "EMAIL_OTP")),
        ({BY_MAIL: {"Enabled": True, "PreferredMfa": False}}, ({"EMAIL_OTP"}, "")),
        ({BY_MAIL: OFF}, (set(), "")),
    ):
        at.active.pool.admin_set_user_mfa_preference(ANN, wanted)
        at.settle(ann)
        assert shown(at.twin(ann)) == there
        assert at.not_held(ann) == {}
    assert at.failed == []


def test_an_authenticator_is_to_be_enrolled_again() -> None:
    at = stage(OPTIONAL)
    ann = ann_in(at, BOTH, {TOKEN: PREFERRED, SMS: ON}, token=True)
    assert shown(at.twin(ann)) == ({"SMS_MFA"}, "")
    needs = dict.fromkeys((FACTOR + TOKEN, PREFERRED_FACTOR), NotHeld.NEEDS_ENROLMENT)
    assert at.not_held(ann) == needs
    assert recovered(at) == SMS
    at.standby.pool.register_token(ANN)
    at.standby.pool.admin_set_user_mfa_preference(ANN, {TOKEN: ON})
    at.standby.run({"origin_sub": ann})
    assert shown(at.twin(ann)) == ({"SMS_MFA", "SOFTWARE_TOKEN_MFA"}, "SOFTWARE_TOKEN_MFA")
    assert at.not_held(ann) == {}


def test_a_passkey_is_to_be_enrolled_again() -> None:
    at = stage(replace(PoolConfig(), firsts=(First.PASSWORD, First.WEB_AUTHN)))
    ann = at.world.sign_up(ANN, MAIL)
    at.active.pool.register_passkey(ANN)
    at.settle(ann)
    assert at.not_held(ann) == {FACTOR + "WEB_AUTHN": NotHeld.NEEDS_ENROLMENT}
    at.standby.pool.register_passkey(ANN)
    at.standby.run({"origin_sub": ann})
    assert at.not_held(ann) == {}
    assert at.failed == []


@pytest.mark.parametrize(
    ("who", "wanted", "there", "why"),
    [
        (PHONE, {SMS: PREFERRED}, set(), {SMS: NotHeld.BLOCKS_RECOVERY}),
        (MAIL, {BY_MAIL: PREFERRED}, set(), {BY_MAIL: NotHeld.BLOCKS_RECOVERY}),
        (BOTH, {SMS: ON, BY_MAIL: PREFERRED}, {"EMAIL_OTP"}, {SMS: NotHeld.BLOCKS_RECOVERY}),
        (BOTH, {SMS: PREFERRED, BY_MAIL: ON}, {"SMS_MFA"}, {BY_MAIL: NotHeld.BLOCKS_RECOVERY}),
    ],
)
def test_nobody_is_locked_out_of_recovery(
    who: dict[str, str],
    wanted: Preference,
    there: set[str],
    why: Mapping[Second, str],
) -> None:
    """A second factor's channel resets no password: in the active pool they cannot, here they
    can."""
    at = stage(OPTIONAL)
    ann = ann_in(at, who, wanted)
    assert shown(at.twin(ann))[0] == there
    told = at.not_held(ann)
    assert {FACTOR + name: reason for name, reason in why.items()}.items() <= told.items()
    assert recovered(at) == "".join(there)


def test_a_factor_goes_when_the_other_address_does() -> None:
    """What was harmless when it was carried is taken away before it locks somebody out."""
    at = stage(OPTIONAL)
    ann = ann_in(at, BOTH, {SMS: PREFERRED})
    at.active.pool.admin_update_user_attributes(ANN, {"email_verified": "false"})
    at.settle(ann)
    assert shown(at.twin(ann)) == (set(), "")
    assert at.not_held(ann)[FACTOR + SMS] == NotHeld.BLOCKS_RECOVERY
    at.active.pool.admin_update_user_attributes(ANN, {"email_verified": "true"})
    at.settle(ann)
    assert shown(at.twin(ann)) == ({"SMS_MFA"}, "SMS_MFA")
    assert at.not_held(ann) == {}
    assert at.failed == []


@pytest.mark.parametrize(
    ("standby", "why"),
    [
        (replace(OPTIONAL, seconds=frozenset({TOKEN})), NotHeld.NOT_OFFERED),
        (PoolConfig(), NotHeld.NOT_OFFERED),
        (replace(OPTIONAL, recovery=("phone_number",)), NotHeld.BLOCKS_RECOVERY),
    ],
)
def test_what_the_standby_s_settings_do_not_allow_is_told(standby: PoolConfig, why: str) -> None:
    at = stage(OPTIONAL, standby)
    ann = ann_in(at, BOTH, {SMS: PREFERRED})
    assert shown(at.twin(ann)) == (set(), "")
    assert at.not_held(ann) == dict.fromkeys((FACTOR + SMS, PREFERRED_FACTOR), why)


def test_a_mailbox_that_nobody_proved_is_no_factor() -> None:
    at = stage(OPTIONAL)
    ann = ann_in(at, {**PHONE, "email": "ann@example.org"}, {BY_MAIL: ON})
    assert at.not_held(ann) == {FACTOR + BY_MAIL: NotHeld.NO_ADDRESS_FOR_CODES}


def test_where_people_sign_in_by_codes_no_factor_is_carried() -> None:
    codes = replace(OPTIONAL, firsts=(First.PASSWORD, First.EMAIL_OTP))
    at = stage(codes)
    directory = at.standby.context.directory
    assert isinstance(directory, InMemoryUserDirectory)
    directory.carries_factors = False
    ann = ann_in(at, BOTH, {SMS: PREFERRED})
    assert shown(at.twin(ann)) == (set(), "")
    why = dict.fromkeys((FACTOR + SMS, PREFERRED_FACTOR), NotHeld.CODES_INSTEAD)
    assert at.not_held(ann) == why
    at.fail_over()
    at.standby.pool.admin_update_user_attributes(ANN, {"name": "Ann"})
    at.standby.run({"origin_sub": ann})
    at.settle()
    here = at.active.context.directory.get_user(ann)
    assert shown(here) == ({"SMS_MFA"}, "SMS_MFA"), "on the way home it is there again"
    assert at.failed == []


def test_of_two_that_would_lock_out_one_is_carried() -> None:
    """Two factors are asked for by a choice; both together leave no way to recover, so that the
    standby has the first of them."""
    at = stage(OPTIONAL)
    ann_in(at, BOTH, {SMS: ON, BY_MAIL: ON})
    assert at.active.pool.asked_after_password(ANN) == SELECT
    assert recovered(at) == BY_MAIL


@pytest.mark.parametrize("mode", MODES)
def test_what_somebody_set_up_while_records_told_nothing_stays(mode: str) -> None:
    """A record of the release before tells no factors: nobody loses theirs in the standby by it,
    and it becomes the record's once this Region is active."""
    at = stage(MODES[mode])
    ann = at.world.sign_up(ANN, BOTH)
    at.settle(ann)
    at.standby.pool.admin_set_user_mfa_preference(ANN, {SMS: PREFERRED})
    for _ in range(2):
        at.standby.run({"origin_sub": ann})
        at.settle(ann)
        assert shown(at.twin(ann)) == ({"SMS_MFA"}, "SMS_MFA")
        only = dict.fromkeys((FACTOR + SMS, PREFERRED_FACTOR), NotHeld.ONLY_HERE)
        assert at.not_held(ann) == only
    at.fail_over()
    at.standby.run({"origin_sub": ann})
    at.settle()
    assert at.not_held(ann) == {}
    assert shown(at.active.context.directory.get_user(ann)) == ({"SMS_MFA"}, "SMS_MFA")
    assert at.failed == []


def test_where_mfa_is_required_none_is_turned_off() -> None:
    at = stage(OPTIONAL, REQUIRED)
    ann = ann_in(at, BOTH, {SMS: PREFERRED})
    at.active.pool.admin_set_user_mfa_preference(ANN, {SMS: OFF})
    at.settle(ann)
    assert shown(at.twin(ann))[0] == {"SMS_MFA"}
    assert at.not_held(ann)[FACTOR + SMS] == NotHeld.MFA_REQUIRED
    assert at.failed == []


def test_whoever_has_no_factor_is_not_written_again() -> None:
    """Records of people without factors are what they were."""
    at = stage(OPTIONAL)
    ann = at.world.sign_up(ANN, BOTH)
    at.settle(ann)
    record = own_record(at.active, ann)
    assert not [name for name in record.fields if name.startswith((FACTOR, PREFERRED_FACTOR))]
    at.settle(ann)
    assert own_record(at.active, ann).revision == record.revision
