"""Rehearsals on twins: what they find, that nobody is told, and that nothing is left of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.domain.errors import (
    RefusedByPoolError,
    ServiceUnavailableError,
    ThrottledError,
)
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.domain.rehearsal_cost import CALLS_A_PERSON
from cognito_standby.recovery.domain.rehearsal_marks import KEPT, LASTS, Fate, Why
from cognito_standby.recovery.domain.rehearsal_pool import NotCopiedError
from cognito_standby.recovery.domain.rehearsal_report import People
from cognito_standby.recovery.services import rehearsal_sweep
from cognito_standby.recovery.services.rehearsal_context import NotRehearsedError
from cognito_standby.recovery.services.rehearsal_plan import RehearsalOrder, plan_rehearsal
from cognito_standby.recovery.services.rehearse import rehearse
from tests.twins.pool.errors import CognitoError
from tests.twins.pool.pool import StrictPool
from tests.twins.rehearsal_pools import STANDBY, DeadError, Fuse
from tests.twins.stores.shard_indexes import InMemoryRecordIndex
from tests.unit.recovery.rehearsals import HOME, ID, REGION, RehearsalWorld

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def world() -> RehearsalWorld:
    return RehearsalWorld()


def last_pool(world: RehearsalWorld) -> StrictPool:
    """Of a rehearsal that kept it."""
    (key,) = set(world.account.pools) - {world.own}
    return world.account.pools[key].strict


def note(world: RehearsalWorld) -> dict[str, Any]:
    return dict(json.loads(world.files.bodies[f"drills/{ID}.json"]))


def test_everybody_is_made_compared_and_signed_in(world: RehearsalWorld) -> None:
    report = world.play(count=20)
    assert report.ok, report
    assert (report.made, report.equal, report.signed_in) == (20, 20, 20)
    assert report.removed
    assert world.account.names() == ["alpha-users"], "the pool is gone"
    assert report.whole
    assert report.whole.users == 500_000
    assert 1 < report.whole.at_once < 100
    assert report.whole.recoveries == pytest.approx(500_000 / 15, abs=1)
    assert note(world)["report"]["ok"] is True


@pytest.mark.parametrize(
    "sign_in",
    [
        {"AliasAttributes": []},
        {"AliasAttributes": [], "UsernameAttributes": ["email"]},
        {"AliasAttributes": [], "UsernameAttributes": ["phone_number", "email"]},
        {"AliasAttributes": ["email", "phone_number", "preferred_username"]},
    ],
)
def test_of_pools_of_every_kind(sign_in: dict[str, Any]) -> None:
    report = RehearsalWorld({**STANDBY, **sign_in}).play()
    assert report.ok, report.differing


def test_a_standby_without_the_mark_is_rehearsed_too() -> None:
    schema = [each for each in STANDBY["Schema"] if each["Name"] != "origin_sub"]
    report = RehearsalWorld({**STANDBY, "Schema": schema}).play()
    assert report.ok, report.differing


def test_nobody_is_told_and_nobody_can_ask(world: RehearsalWorld) -> None:
    report = world.play(keep=True)
    pool = last_pool(world)
    assert pool.messages == []
    raw = world.account.describe(report.pool_id)
    assert raw["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert raw["MfaConfiguration"] == "OFF"
    assert not {"LambdaConfig", "EmailConfiguration", "SmsConfiguration"} & raw.keys()
    assert pool.config.recovery == (), "only administrators reset a password"
    users = pool.list_users("", 60, None).users
    for user in users:
        assert user.attributes["email"].endswith("@simulator.amazonses.com")
        assert user.attributes.get("phone_number", "+120155501").startswith("+1")


def test_a_sample_is_of_records_and_shows_nothing_of_them(world: RehearsalWorld) -> None:
    for number in range(6):
        world.person(
            f"real-sub-{number}",
            email=f"ann{number}@real.example",
            email_verified="true",
            phone_number=f"+4917012345{number}",
            phone_number_verified="false",
            name="Ann Xyzzy",
            birthdate="1971-02-03",
            custom__plan="hush, xyzzy now",
            locale="de",
        )
    report = world.play(People.SAMPLE, 4, keep=True)
    assert report.ok, report.differing
    assert report.estimate.people == 4
    users = last_pool(world).list_users("", 60, None).users
    assert len(users) == 4
    told = json.dumps([[u.username, dict(u.attributes)] for u in users])
    told += json.dumps(note(world))
    for word in ("ann", "real", "Xyzzy", "xyzzy", "1971", "4917012345"):
        assert word not in told, word
    assert {user.attributes["locale"] for user in users} == {"de"}, "it tells nobody"
    assert {len(user.attributes["custom:plan"]) for user in users} == {15}


def test_erased_deleted_and_federated_people_are_no_sample(world: RehearsalWorld) -> None:
    world.person("erased", email="a@real.example")
    world.erasures.learn(Subject.user("erased"), "c")
    with pytest.raises(NotRehearsedError):
        world.play(People.SAMPLE, 4)
    assert world.account.names() == ["alpha-users"]
    assert not world.files.bodies


def test_nobody_is_sampled_twice_whose_records_lie_on_two_pages(world: RehearsalWorld) -> None:
    for sub in ("ann", "ben"):
        world.person(sub, email=f"{sub}@real.example", email_verified="true")
        subject = Subject.user(sub)
        (record,) = world.table.store(HOME).read(subject)[0].records
        own = Draft(subject, 1, record.fields, False, None)
        world.table.store(REGION).put(own, world.clock.now())
    small = replace(world.context, index=InMemoryRecordIndex(world.table, REGION, page=1))
    plan = plan_rehearsal(small, RehearsalOrder(ID, People.SAMPLE, 12))
    assert len(plan.people) == 2


def test_what_the_standby_does_not_hold_is_told_and_is_no_difference(world: RehearsalWorld) -> None:
    world.person("p", email="a@real.example", email_verified="true", custom__plan="x" * 50)
    report = world.play(People.SAMPLE, 1)
    assert report.ok, report.differing
    assert any(each.startswith("attr:custom:plan: ") for each in report.not_held)


def test_a_pool_that_does_something_else_differs(
    world: RehearsalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if Cognito trimmed a value: the pool never shows what was written."""
    create = StrictPool.admin_create_user

    def other(self: StrictPool, name: str, attributes: Mapping[str, str], **more: Any) -> Any:
        return create(self, name, {**attributes, "custom:plan": "else"}, **more)

    monkeypatch.setattr(StrictPool, "admin_create_user", other)
    monkeypatch.setattr(StrictPool, "admin_update_user_attributes", lambda *_: None)
    report = world.play(count=2)
    assert not report.ok
    assert set(report.differing) == {"person 1", "person 2"}
    assert any("custom:plan differs" in each for each in report.differing["person 1"])
    assert report.removed


def test_a_sign_in_that_asks_for_more_differs(world: RehearsalWorld) -> None:
    world.account.sign_in_asks = "SMS_MFA"
    report = world.play(count=1)
    assert report.differing == {"person 1": ["the sign-in asked for SMS_MFA"]}
    assert not report.ok


def test_a_refusal_on_the_way_ends_it_and_leaves_no_pool(
    world: RehearsalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: Any) -> str:
        raise RefusedByPoolError("CreateUserPoolClient: LimitExceededException")

    monkeypatch.setattr(world.account, "create_client", refuses)
    report = world.play(keep=True)
    assert not report.ok
    assert "LimitExceeded" in report.broke_off
    assert world.account.names() == ["alpha-users"], "even though it was to be kept"


def test_a_creation_whose_answer_is_lost_leaves_no_pool(
    world: RehearsalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = world.account.create

    def lost(request: Mapping[str, Any]) -> str:
        create(request)
        raise ThrottledError("the answer never came")

    monkeypatch.setattr(world.account, "create", lost)
    report = world.play()
    assert report.broke_off
    assert world.account.names() == ["alpha-users"]


def test_an_interruption_leaves_no_pool(
    world: RehearsalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(world.account, "sign_in", interrupted)
    with pytest.raises(KeyboardInterrupt):
        world.play(count=2, keep=True)
    assert world.account.names() == ["alpha-users"]
    assert note(world)["report"]["broke_off"] == "KeyboardInterrupt"


def test_throttling_is_waited_out(world: RehearsalWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """While people are made, and while the pool is removed."""
    create, delete, refusals = StrictPool.admin_create_user, world.account.delete, [3, 3]

    def busy(self: StrictPool, name: str, attributes: Mapping[str, str], **more: Any) -> Any:
        if refusals[0]:
            refusals[0] -= 1
            raise CognitoError("TooManyRequestsException")
        return create(self, name, attributes, **more)

    def busy_too(pool: str) -> None:
        if refusals[1]:
            refusals[1] -= 1
            raise ThrottledError("DeleteUserPool: TooManyRequestsException")
        delete(pool)

    monkeypatch.setattr(StrictPool, "admin_create_user", busy)
    monkeypatch.setattr(world.account, "delete", busy_too)
    report = world.play(count=2)
    assert report.ok, report
    assert refusals == [0, 0]
    assert world.account.names() == ["alpha-users"]


def test_a_pool_that_cannot_be_removed_is_told_with_what_to_do(
    world: RehearsalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_: str) -> None:
        raise ServiceUnavailableError("no answer from AWS")

    monkeypatch.setattr(world.account, "delete", never)
    report = world.play(count=1)
    assert not report.ok
    assert not report.removed
    assert report.pool_id in report.left
    assert len(world.account.names()) == 2


def test_a_setting_that_is_not_known_is_refused(world: RehearsalWorld) -> None:
    world.account.pools[world.own].raw["QuantumConfiguration"] = {"Mode": "ON"}
    with pytest.raises(NotCopiedError, match="QuantumConfiguration"):
        world.play()
    assert world.account.names() == ["alpha-users"]


def test_the_estimate_is_near_to_what_is_counted(world: RehearsalWorld) -> None:
    report = world.play(count=20)
    for category, each in CALLS_A_PERSON.items():
        if category in report.calls:
            assert report.calls[category] / 20 <= each + 1, category


@pytest.mark.parametrize("how", ["clean", "sweep"])
def test_whenever_it_dies_nothing_is_left_in_the_end(how: str) -> None:
    """After each single call of a rehearsal, until it comes to its end."""
    number, ended = 0, False
    while not ended:
        number += 1
        world, fuse = RehearsalWorld(), Fuse()
        context = world.mortal(fuse)
        plan = plan_rehearsal(context, RehearsalOrder(ID, People.INVENTED, 2))
        fuse.left = number
        try:
            rehearse(context, plan, lambda _: None)
            ended = fuse.left > 0
        except DeadError:
            pass
        if how == "clean":
            found = rehearsal_sweep.look(world.context, everything=True)
            rehearsal_sweep.remove(world.context, found)
        else:
            rehearsal_sweep.sweep(world.context)
            world.clock.advance(LASTS.total_seconds() + 1)
            rehearsal_sweep.sweep(world.context)
        assert world.account.names() == ["alpha-users"], number
    assert number > 30


def test_a_kept_pool_outlives_the_next_rehearsal_and_expires(world: RehearsalWorld) -> None:
    first = world.play(keep=True)
    assert first.kept
    assert first.ok
    (seen,) = rehearsal_sweep.sweep(world.context)
    assert (seen.fate, seen.why) == (Fate.LEAVE, Why.LIVE)
    world.clock.advance(KEPT.total_seconds() + 1)
    (gone,) = rehearsal_sweep.sweep(world.context)
    assert (gone.fate, gone.why) == (Fate.REMOVE, Why.EXPIRED)
    assert world.account.names() == ["alpha-users"]


def test_groups_of_providers_are_nobodys(world: RehearsalWorld) -> None:
    """Cognito makes them, one for each provider, and no replay puts anybody into one."""
    theirs = f"{world.own}_Google"
    world.account.pools[world.own].strict.create_group(PoolGroup(theirs))
    report = world.play(count=6)
    assert report.ok, report.differing


def test_a_standby_whose_users_are_not_counted_yet(world: RehearsalWorld) -> None:
    world.account.pools[world.own].raw["EstimatedNumberOfUsers"] = 0
    report = world.play(count=1)
    assert report.whole
    assert (report.whole.users, report.whole.estimated) == (1000, False)
