"""What a person in each of Cognito's states meets after a failover: as it is told, so it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.core.domain.recoverability import Reason
from cognito_standby.core.domain.sign_in import Channel, SignInRules
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.readiness import Count, Readiness
from cognito_standby.reconciliation.domain.standings import marks_of
from local.cognito_rules.refusals import CognitoError
from local.cognito_rules.states import SIGNED_IN
from tests.twins.pool.pool import StrictPool
from tests.unit.replication.fidelity.stage import Stage, stage

ANN, MAIL = "ann", "ann@example.org"
OLD, NEW = "Old-passw0rd!", "New-passw0rd!"
GOOGLE = ("Google", "1029")
FEDERATED = "google_1029"
"""Where case does not matter the name is folded."""
REACHED = {
    UserStatus.CONFIRMED,
    UserStatus.RESET_REQUIRED,
    UserStatus.FORCE_CHANGE_PASSWORD,
}
OPAQUE = {UserStatus.ARCHIVED, UserStatus.COMPROMISED, UserStatus.UNKNOWN}
HELD_BACK = {UserStatus.UNCONFIRMED, UserStatus.EXTERNAL_PROVIDER}


def confirmed(pool: StrictPool, *, verified: bool = True) -> str:
    """Ann with a password of her own."""
    flag = {"email_verified": "true"} if verified else {}
    sub = pool.admin_create_user(ANN, {"email": MAIL, **flag}).sub
    pool.admin_set_user_password(ANN, OLD, permanent=True)
    return sub


def bring_into(pool: StrictPool, status: UserStatus) -> None:
    """Ann, who is there, is from now on in this state. No operation makes the opaque ones."""
    match status:
        case UserStatus.RESET_REQUIRED:
            pool.admin_reset_user_password(ANN)
        case UserStatus.FORCE_CHANGE_PASSWORD:
            pool.admin_set_user_password(ANN, OLD, permanent=False)
        case _ if status not in OPAQUE:
            pass
        case _:
            pool._put(replace(pool._found("AdminGetUser", ANN), status=status))
    assert pool.admin_get_user(ANN).status is status


def counted(pool: StrictPool) -> Readiness:
    """What a reconciliation of the pool counts."""
    rows = [
        (u.sub, u.sub, "", "1" if u.enabled else "0", u.status.value, marks_of(u))
        for u in pool.list_users("").users
    ]
    rules = SignInRules(recovery=tuple(map(Channel, pool.config.recovery)))
    return Count(rules).of(rows, {row[0] for row in rows}, {})[0]


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(CognitoError) as raised:
        call()
    return raised.value.code


def recover(pool: StrictPool) -> None:
    """Forgot password, the code, a new password, and in."""
    pool.forgot_password(ANN)
    pool.confirm_forgot_password(ANN, pool.latest_code(ANN), NEW)
    assert pool.sign_in(ANN, NEW) == SIGNED_IN


def failed_over(status: UserStatus, when: str, *, verified: bool = True) -> Stage:
    """Ann comes into a state, before or after she was first replicated; then the Region fails."""
    at = stage()
    sub = confirmed(at.active.pool, verified=verified)
    if when == "replicated before":
        at.settle(sub)
    bring_into(at.active.pool, status)
    at.settle(sub)
    assert at.failed == []
    assert at.twin(sub) is not None
    at.fail_over()
    return at


@pytest.mark.parametrize("when", ["first seen so", "replicated before"])
@pytest.mark.parametrize("status", sorted(REACHED | OPAQUE))
def test_who_is_replicated_comes_back_by_a_reset(status: UserStatus, when: str) -> None:
    """Whatever the state was: in the standby they are confirmed, and the old password is nobody's.
    So a forced change or a reset that was required has happened when they are in."""
    pool = failed_over(status, when).standby.pool
    assert pool.admin_get_user(ANN).status is UserStatus.CONFIRMED
    assert refused(lambda: pool.sign_in(ANN, OLD)) == "NotAuthorizedException"
    assert counted(pool).reasons == {Reason.VERIFIED_EMAIL: 1}
    recover(pool)


@pytest.mark.parametrize("status", sorted((REACHED - {UserStatus.RESET_REQUIRED}) | OPAQUE))
def test_without_a_verified_address_they_do_not(status: UserStatus) -> None:
    """A reset that is required takes one, by Cognito's rule."""
    pool = failed_over(status, "first seen so", verified=False).standby.pool
    assert counted(pool).not_by_themselves == {Reason.NO_VERIFIED_CONTACT: 1}
    assert refused(lambda: pool.forgot_password(ANN)) == "InvalidParameterException"


@pytest.mark.parametrize("status", sorted(OPAQUE | {UserStatus.FORCE_CHANGE_PASSWORD}))
def test_what_cognito_says_nothing_of_counts_against_them_where_they_are(
    status: UserStatus,
) -> None:
    at = stage()
    confirmed(at.active.pool)
    bring_into(at.active.pool, status)
    expected = Reason.OPAQUE_STATUS if status in OPAQUE else Reason.TEMPORARY_PASSWORD
    assert counted(at.active.pool).not_by_themselves == {expected: 1}


def test_a_sign_up_that_nobody_confirmed_is_noted_and_not_replayed_until_it_is() -> None:
    at = stage()
    pool = at.active.pool
    sub = pool.sign_up(ANN, OLD, {"email": MAIL})
    code = pool.latest_code(ANN)
    at.settle(sub)
    row = at.active.ledger.read(Subject.user(sub))
    assert (row.state, row.reason) == (SyncState.SKIPPED, "not confirmed yet")
    assert at.twin(sub) is None
    assert counted(pool).not_by_themselves == {Reason.UNCONFIRMED: 1}
    pool.confirm_sign_up(ANN, code)
    at.settle(sub)
    assert at.twin(sub) is not None
    at.fail_over()
    recover(at.standby.pool)


def test_after_a_failover_they_sign_up_again() -> None:
    at = stage()
    sub = at.active.pool.sign_up(ANN, OLD, {"email": MAIL})
    at.settle(sub)
    at.fail_over()
    pool = at.standby.pool
    assert refused(lambda: pool.sign_in(ANN, OLD)) == "UserNotFoundException"
    pool.sign_up(ANN, NEW, {"email": MAIL})
    pool.confirm_sign_up(ANN, pool.latest_code(ANN))
    assert pool.sign_in(ANN, NEW) == SIGNED_IN


def test_a_provider_s_user_comes_in_by_the_provider_again() -> None:
    at = stage()
    for side in (at.active, at.standby):
        side.pool.create_identity_provider("Google")
    sub = at.active.pool.federated_sign_in(*GOOGLE, {"email": MAIL}).sub
    at.settle(sub)
    assert at.active.ledger.read(Subject.user(sub)).state is SyncState.IN_SYNC
    assert at.standby.pool.list_users("").users == (), "no native user with the provider's name"
    counts = counted(at.active.pool)
    assert counts.not_by_themselves == {Reason.PROVIDER_ONLY: 1}
    assert counts.ways == {"provider": 1}
    at.fail_over()
    pool = at.standby.pool
    assert refused(lambda: pool.forgot_password(FEDERATED)) == "UserNotFoundException"
    there = pool.federated_sign_in(*GOOGLE, {"email": MAIL})
    assert (there.status, there.username) == (UserStatus.EXTERNAL_PROVIDER, FEDERATED)


def test_every_state_is_shown() -> None:
    assert set(UserStatus) == REACHED | OPAQUE | HELD_BACK
