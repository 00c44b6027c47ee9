"""Who is made when they first come, and why others are not: reason by reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.pools import PoolGroup, PoolUser, UserStatus
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.domain.on_demand import (
    AWAITED,
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
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.pool.errors import CognitoError
from tests.unit.world import BACKUP, PRIMARY, Side, World

ADDRESS = "ann@example.org"
VERIFIED = {"email": ADDRESS, "email_verified": "true", "name": "Ann"}
ATTRIBUTES = {"custom:origin_sub": AttributeSpec()}
VOUCHED = Comer("ann", Coming.VOUCHED)


class Empty(World):
    """A backup that is filled on demand, and active once it has claimed."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.backup.context = replace(self.backup.context, on_demand=True)

    def fail_over(self) -> None:
        self.backup.context.records.put_claim(2)

    def meet(self, comer: Comer = VOUCHED, question: str = "q") -> Made | Refusal:
        return on_demand.meet(self.backup.context, comer, question)

    def row(self, sub: str) -> Any:
        return self.backup.ledger.read(Subject.user(sub))


def world(**settings: Any) -> tuple[Empty, str]:
    """Ann is at home, and awaited in the backup, which is active."""
    configs = {
        region: PoolConfig(pool_id=f"{region}_Pool", attributes=ATTRIBUTES, **settings)
        for region in (PRIMARY, BACKUP)
    }
    made = Empty(configs=configs)
    name = ADDRESS if settings.get("username_attributes") else "ann"
    sub = made.sign_up(name, VERIFIED)
    made.carry(sub)
    made.fail_over()
    return made, sub


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


def home_again(made: Empty, _: str) -> None:
    made.primary.context.records.put_claim(3)
    made.replicate()


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


def nothing(_made: Empty, _sub: str) -> None:
    """As it is."""


def came(made: Empty, sub: str) -> PoolUser:
    answer = made.meet()
    assert isinstance(answer, Made)
    user = made.backup.pool.admin_create_user("ann", answer.attributes)
    assert on_demand.bind(made.backup.context, user) == sub
    return user


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


def test_a_pool_without_the_mark_makes_nobody() -> None:
    made = Empty(configs={BACKUP: PoolConfig(pool_id="other")})
    made.carry(made.sign_up("ann", VERIFIED))
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
    new.context = replace(new.context, on_demand=True)
    new.pool.create_group(PoolGroup("staff"))
    before = new.context.records.read(Subject.user(sub))
    answer = on_demand.meet(new.context, VOUCHED, "q")
    assert isinstance(answer, Made)
    user = new.pool.admin_create_user("ann", answer.attributes)
    new.pool.admin_set_user_password("ann", PASSWORD, permanent=True)
    assert on_demand.bind(new.context, user) == sub
    new.run({"origin_sub": sub})
    assert new.pool.admin_list_groups_for_user("ann") == ("staff",)
    assert new.context.records.read(Subject.user(sub)) == before
