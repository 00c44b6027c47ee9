"""Whom Cognito makes of our answer: who lets them in, and as whom they are bound."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from cognito_standby.core.domain.pools import PoolGroup, UserStatus
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.domain.on_demand import (
    Comer,
    Coming,
    Made,
    Refusal,
    response_of,
    vouched,
)
from cognito_standby.replication.services import on_demand
from local.cognito_rules.migrations import FORGOT
from tests.contract.pools import PASSWORD
from tests.twins.pool.config import PoolConfig
from tests.twins.pool.errors import CognitoError
from tests.unit.replication.empty_backup import (
    ADDRESS,
    ATTRIBUTES,
    VERIFIED,
    VOUCHED,
    Empty,
    came,
    home_again,
    on_demand_in,
    world,
)
from tests.unit.world import PRIMARY, Side


def asked(made: Empty, old_pool: dict[str, Any]) -> None:
    """Cognito asks about strangers, and `old_pool` is what their former pool says."""
    numbers = count()

    def migrate(source: str, name: str, _password: str) -> dict[str, Any]:
        coming = Coming.FORGOT if source == FORGOT else vouched(old_pool)
        return response_of(made.meet(Comer(name, coming), f"q{next(numbers)}"))

    made.backup.pool.migrate = migrate


@pytest.mark.parametrize(
    ("settings", "name"),
    [({}, "ann"), ({"username_attributes": ("email",)}, ADDRESS)]
    + [({"alias_attributes": ("email",)}, each) for each in ("ann", ADDRESS)],
)
def test_cognito_makes_and_lets_in_whom_the_old_pool_lets_in(
    settings: dict[str, Any], name: str
) -> None:
    made, sub = world(**settings)
    asked(made, {"AuthenticationResult": {"AccessToken": "token"}})
    assert made.backup.pool.sign_in(name, PASSWORD) == ""
    user = made.backup.pool.admin_get_user(name)
    assert on_demand.bind(made.backup.context, user) == sub
    made.backup.run({"origin_sub": sub})
    assert made.twin_of(sub) == VERIFIED
    assert not made.backup.pool.messages, "nobody is welcomed to where they have long been"
    assert made.backup.pool.sign_in(name, PASSWORD) == "", "the password is theirs"


def test_a_challenge_of_the_old_pool_lets_nobody_in_but_a_code_does() -> None:
    made, sub = world()
    asked(made, {"ChallengeName": "SMS_MFA", "Session": "s"})
    with pytest.raises(CognitoError, match="User does not exist"):
        made.backup.pool.sign_in("ann", PASSWORD)
    assert not made.backup.pool.list_users().users
    made.backup.pool.forgot_password("ann")
    code = made.backup.pool.latest_code("ann")
    made.backup.pool.confirm_forgot_password("ann", code, PASSWORD)
    assert made.backup.pool.sign_in("ann", PASSWORD) == ""
    assert on_demand.bind(made.backup.context, made.backup.pool.admin_get_user("ann")) == sub


@pytest.mark.parametrize(
    ("answer", "coming"),
    [
        ({"AuthenticationResult": {"AccessToken": "t"}}, Coming.VOUCHED),
        ({"ChallengeName": "NEW_PASSWORD_REQUIRED"}, Coming.UNVOUCHED),
        (
            {"ChallengeName": "SMS_MFA", "AuthenticationResult": {"AccessToken": "t"}},
            Coming.UNVOUCHED,
        ),
        ({"AuthenticationResult": {}}, Coming.UNVOUCHED),
        ({"AuthenticationResult": None}, Coming.UNVOUCHED),
        ({}, Coming.UNVOUCHED),
    ],
)
def test_tokens_alone_vouch_for_somebody(answer: dict[str, Any], coming: Coming) -> None:
    assert vouched(answer) is coming


def test_whoever_was_made_is_bound_once_and_gets_the_rest_by_their_sync() -> None:
    made, sub = world()
    user = came(made, sub)
    assert made.row(sub).lease is None
    assert made.backup.ledger.origin_of(user.sub) == sub
    assert on_demand.bind(made.backup.context, user) == sub
    made.backup.run({"origin_sub": sub})
    assert made.row(sub).confirmed is not None
    assert made.twin_of(sub) == VERIFIED


def test_nobody_is_bound_by_the_mark_alone() -> None:
    made, sub = world()
    pool, context = made.backup.pool, made.backup.context
    stranger = pool.admin_create_user("eve", {"custom:origin_sub": sub})
    assert on_demand.bind(context, stranger) == ""
    assert isinstance(made.meet(), Made)
    assert on_demand.bind(context, stranger) == "", "the answer named somebody else"
    own = pool.admin_create_user("ben", {})
    assert on_demand.bind(context, own) == ""
    assert own.status is UserStatus.FORCE_CHANGE_PASSWORD
    assert not made.row(sub).local_sub


def test_in_a_new_pool_the_own_record_is_put_back_and_not_captured_half() -> None:
    """The active Region's pool was replaced: its own record is about the former one."""
    made, sub = world()
    for pool in (made.primary.pool, made.backup.pool):
        pool.create_group(PoolGroup("staff"))
    made.primary.pool.admin_add_user_to_group("ann", "staff")
    home_again(made, sub)
    made.carry(sub)
    new = Side(PRIMARY, made.table, PoolConfig(pool_id="new", attributes=ATTRIBUTES))
    new.context = on_demand_in(new, made.notes)
    new.pool.create_group(PoolGroup("staff"))
    before = new.context.records.read(Subject.user(sub))
    answer = on_demand.meet(new.context, made.let_in(VOUCHED), "q")
    assert isinstance(answer, Made)
    user = new.pool.admin_create_user("ann", answer.attributes)
    new.pool.admin_set_user_password("ann", PASSWORD, permanent=True)
    assert on_demand.bind(new.context, user) == sub
    new.run({"origin_sub": sub})
    assert new.pool.admin_list_groups_for_user("ann") == ("staff",)
    assert new.context.records.read(Subject.user(sub)) == before


PHONE = "+4915112345678"


def nick_taken(made: Empty) -> None:
    """Somebody of the backup chooses the preferred username of somebody who is awaited: no trigger
    is asked."""
    made.primary.pool.admin_update_user_attributes("ann", {"preferred_username": "annie"})
    made.backup.pool.admin_create_user("ben", {"preferred_username": "annie"})


def address_taken(made: Empty) -> None:
    """The address has gone to somebody else since, who has verified it."""
    made.backup.pool.admin_create_user("ben", {"email": ADDRESS, "email_verified": "true"})


def number_taken(made: Empty) -> None:
    made.primary.pool.admin_update_user_attributes(ADDRESS, {"phone_number": PHONE})
    made.backup.pool.admin_create_user(PHONE, {"phone_number": PHONE})


@pytest.mark.parametrize(
    ("settings", "take", "name", "lacks"),
    [
        ({"alias_attributes": ("preferred_username",)}, nick_taken, "ann", {"preferred_username"}),
        ({"alias_attributes": ("email",)}, address_taken, "ann", {"email", "email_verified"}),
        ({"username_attributes": ("email", "phone_number")}, number_taken, ADDRESS, set()),
    ],
)
def test_whose_further_name_somebody_took_still_comes_in_by_the_one_that_is_theirs(
    settings: dict[str, Any], take: Any, name: str, lacks: set[str]
) -> None:
    made, sub = world(**settings)
    take(made)
    made.carry(sub)
    taken = made.backup.pool.list_users().users
    asked(made, {"AuthenticationResult": {"AccessToken": "token"}})
    assert made.backup.pool.sign_in(name, PASSWORD) == ""
    user = made.backup.pool.admin_get_user(name)
    assert on_demand.bind(made.backup.context, user) == sub
    left = VERIFIED.keys() - lacks
    assert {each: user.attributes.get(each) for each in left} == {e: VERIFIED[e] for e in left}
    assert not {"preferred_username", "phone_number", *lacks} & user.attributes.keys()
    assert taken[0] in made.backup.pool.list_users().users, "nothing is taken from anybody"


def test_no_code_is_sent_to_an_address_that_somebody_else_has_by_now() -> None:
    made, _ = world(alias_attributes=("email",))
    address_taken(made)
    assert made.meet(Comer("ann", Coming.FORGOT)) is Refusal.NO_CONTACT
