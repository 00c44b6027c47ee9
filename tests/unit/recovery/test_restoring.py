"""Restores: who comes back, who is left, who is refused, in either Region."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError, ServiceUnavailableError
from cognito_standby.core.domain.moments import utc_after
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE
from cognito_standby.core.domain.subjects import Subject, digest
from cognito_standby.recovery.domain.restore_request import RestoreOrder, RestoreRequest, order_from
from tests.saga.world import Saga
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.unit.recovery.restore_world import Restores
from tests.unit.world import BACKUP, Side, World

NAMES = ("ann", "ben", "cem", "dee")


@pytest.fixture
def saga() -> Saga:
    return Saga()


@pytest.fixture
def people(saga: Saga) -> dict[str, str]:
    """Name -> origin sub; all are in the group staff, in both pools."""
    return {name: saga.person(name) for name in NAMES}


def wiped(side: Side) -> None:
    """Everybody and every group is gone from the pool, and no event told of it."""
    for user in side.pool.list_users(limit=60).users:
        side.pool.admin_delete_user(user.username)
    for group in list(side.pool.list_groups()):
        side.pool.delete_group(group.name)


def names(side: Side) -> list[str]:
    return sorted(user.username for user in side.pool.list_users(limit=60).users)


def agrees(saga: Saga) -> None:
    saga.pass_leases()
    saga.settle()
    assert not list(saga.disagreements())
    assert not saga.here.pool.messages and not saga.there.pool.messages


def test_a_wiped_standby_pool_is_filled(saga: Saga, people: dict[str, str]) -> None:
    wiped(saga.there)
    report = Restores(saga, saga.there).restore()
    assert report.outcomes == {"restored": 7} and report.left == 0
    assert report.plan.actions == {"create": 7} and report.plan.calls["UserCreation"] == 4
    assert report.plan.usd["Essentials"] == 0.06 and not report.active
    agrees(saga)
    subject = Subject.user(people["ann"])
    assert not saga.there.ledger.conflicts_of(subject), "it was asked for: nobody decides"


def test_a_wiped_active_pool_is_filled_and_nobody_is_deleted(
    saga: Saga, people: dict[str, str]
) -> None:
    wiped(saga.here)
    report = Restores(saga, saga.here).restore()
    assert report.outcomes == {"restored": 7} and report.active
    for sub in people.values():
        saga.hint(sub)
    agrees(saga)
    assert names(saga.here) == sorted(NAMES)
    assert saga.twin(people["ann"])["enabled"] == "true"


def test_batches_are_read_side_by_side(saga: Saga, people: dict[str, str]) -> None:
    """One by one those of a large pool would take longer than the step has."""
    wiped(saga.there)
    at = Restores(saga, saga.there)
    opened = at.opened(at.new(), RestoreOrder(run=True))
    assert opened.run is not None
    at.rounds(opened.run)
    both, read = Barrier(2), at.files.read

    def waits(name: str) -> bytes | None:
        if "/batches/" in name:
            both.wait(60)
        return read(name)

    at.files.read = waits  # type: ignore[method-assign]
    assert at.closed(opened.run).outcomes == {"restored": 7}


def test_without_a_restore_a_hint_takes_the_absence_for_a_deletion(
    saga: Saga, people: dict[str, str]
) -> None:
    saga.here.pool.admin_delete_user("ann")
    saga.hint(people["ann"])
    saga.settle()
    report = Restores(saga, saga.here).restore()
    assert "ann" not in names(saga.here) and report.plan.actions == {"leave": 6}


def test_deleted_users_come_back_where_that_is_asked_for(
    saga: Saga, people: dict[str, str]
) -> None:
    since = saga.here.clock.now().isoformat()
    for name in ("ann", "ben"):
        saga.here.pool.admin_delete_user(name)
        saga.hint(people[name])
    saga.settle()
    at = Restores(saga, saga.here)
    report = at.restore(deleted_since=since)
    assert report.plan.actions == {"leave": 5, "undelete": 2}
    assert report.outcomes == {"restored": 2}
    agrees(saga)
    assert names(saga.here) == sorted(NAMES)
    assert saga.state("ann") == saga.twin(people["ann"]) != {}
    saga.here.clock.advance(60)
    later = at.restore("r2", deleted_since=saga.here.clock.now().isoformat())
    assert later.plan.actions == {"leave": 7}


@pytest.mark.parametrize("way", ["deleted_since", "as_of"])
def test_a_deletion_that_arrives_late_is_of_its_own_time(
    way: str, saga: Saga, people: dict[str, str]
) -> None:
    """The Region that took over replays it after the outage, and its own tombstone then wins."""
    there, sides = saga.there, (saga.here, saga.there)
    saga.here.pool.admin_delete_user("ann")
    saga.hint(people["ann"])
    assert there.context.records.put_claim(2)
    for side in sides:
        side.clock.advance(3600)
    at = Restores(saga, there)
    since = at.keep_records()
    for side in sides:
        side.clock.advance(3600)
    saga.settle()
    own = there.context.records.read(Subject.user(people["ann"]))[0].own
    assert own is not None and own.deleted and own.observed_at > since
    asked: dict[str, Any] = {way: since}
    report = at.restore(**asked)
    assert report.plan.actions == {"leave": 7} and not report.outcomes
    assert report.plan.reasons["deleted before that time, and replayed here after it"] == 1


def test_one_user_comes_with_their_groups_and_nobody_else(
    saga: Saga, people: dict[str, str]
) -> None:
    wiped(saga.there)
    report = Restores(saga, saga.there).restore(user=people["ben"])
    assert report.plan.actions == {"create": 2}
    assert [user.username for user in saga.there.pool.list_users(limit=60).users] == ["ben"]
    assert saga.twin(people["ben"]) == saga.state("ben")


def test_a_group_comes_with_its_members(saga: Saga, people: dict[str, str]) -> None:
    saga.here.pool.admin_add_user_to_group("cem", "admins")
    saga.hint(people["cem"])
    saga.settle()
    wiped(saga.there)
    report = Restores(saga, saga.there).restore(group="admins")
    assert report.plan.actions == {"create": 3} and names(saga.there) == ["cem"]


def test_nobody_is_looked_at_who_is_not_asked_for(saga: Saga, people: dict[str, str]) -> None:
    saga.here.pool.admin_add_user_to_group("cem", "admins")
    saga.hint(people["cem"])
    saga.settle()
    before = saga.there.pool.meter.calls["AdminGetUser"]
    report = Restores(saga, saga.there).restore(group="admins")
    assert report.plan.actions == {"leave": 2}
    assert saga.there.pool.meter.calls["AdminGetUser"] - before <= 1


def test_a_change_in_the_active_pool_is_left(saga: Saga, people: dict[str, str]) -> None:
    saga.here.pool.admin_update_user_attributes("ann", {"name": "Newer"})
    report = Restores(saga, saga.here).restore()
    assert report.plan.reasons == {
        "as the record says": 6,
        "changed in this pool since: the record follows the pool": 1,
    }
    assert saga.state("ann")["attr:name"] == "Newer"


def test_living_people_are_overwritten_only_past_the_brake(
    saga: Saga, people: dict[str, str]
) -> None:
    more = {name: saga.person(name) for name in ("eva", "fay", "gus")}
    for name in (*people, *more):
        saga.there.pool.admin_update_user_attributes(name, {"name": "strange"})
    at = Restores(saga, saga.there)
    report = at.restore()
    assert not report.ran and report.plan.actions["change"] == 7
    assert "would be overwritten" in report.plan.asks[0]
    assert saga.twin(people["ann"])["attr:name"] == "strange", "nothing was written"
    resumed = at.resumed("r1b", "r1", accept_brake=True)
    assert (resumed.restore, resumed.outcomes) == ("r1", {"restored": 7})
    agrees(saga)


def test_a_dry_run_writes_nothing_and_is_gone_on_with(saga: Saga, people: dict[str, str]) -> None:
    wiped(saga.there)
    at = Restores(saga, saga.there)
    report = at.restore(run=False)
    assert not report.ran and report.plan.writes == 7 and names(saga.there) == []
    assert at.resumed("later", "r1").outcomes == {"restored": 7}


def test_nobody_erased_comes_back(saga: Saga, people: dict[str, str]) -> None:
    wiped(saga.there)
    saga.there.context.erasures.add(Subject.user(people["ann"]), "change")
    at = Restores(saga, saga.there)
    report = at.restore()
    assert report.plan.reasons == {"erased": 1} and "ann" not in names(saga.there)
    assert report.outcomes == {"refused": 1, "restored": 6}
    [told] = [each for each in at.told(report) if each["outcome"] == "refused"]
    assert told["id"] == digest(people["ann"]) and told["reason"] == "erased"


def test_while_erasures_cannot_be_read_nobody_is_made(saga: Saga, people: dict[str, str]) -> None:
    wiped(saga.there)
    at = Restores(saga, saga.there)
    report = at.restore(run=False)
    assert report.plan.writes == 7
    saga.there.erasure_notes.unreadable = ServiceUnavailableError("dark")
    assert at.resumed("later", "r1").outcomes == {"left": 4, "restored": 3}
    assert names(saga.there) == []


def test_whoever_has_the_name_keeps_it(saga: Saga, people: dict[str, str]) -> None:
    wiped(saga.there)
    saga.there.pool.admin_create_user("ann", {"email": "other@example.org"})
    report = Restores(saga, saga.there).restore()
    assert report.plan.reasons == {"another user has the name or an address": 1}
    assert names(saga.there) == sorted(NAMES)
    user = saga.there.pool.admin_get_user("ann")
    assert user.attributes["email"] == "other@example.org"


def test_a_second_restore_is_refused_and_told(saga: Saga, people: dict[str, str]) -> None:
    at = Restores(saga, saga.there)
    first = at.opened(at.new("r1"), RestoreOrder(run=True))
    assert first.run is not None
    second = at.opened(at.new("r2"), RestoreOrder(run=True))
    assert second.run is None and second.running == first.run.execution
    assert "r1 is under way" in second.why


def test_what_cannot_be_is_refused_before_anything(saga: Saga, people: dict[str, str]) -> None:
    there, here = Restores(saga, saga.there), Restores(saga, saga.here)
    assert "no record is about that user" in there.refused(user="nobody")
    assert "no record is about a group nothing" in there.refused(group="nothing")
    since = "2026-01-01T00:00:00+00:00"
    assert "in the active Region" in there.refused(deleted_since=since)
    saga.here.pool.admin_delete_user("ann")
    saga.hint(people["ann"])
    assert "standby undelete" in here.refused(user=people["ann"])
    saga.world.table.ids[saga.here.region] = "another"
    assert "standby accept-table" in here.refused()
    assert here.register.current() is None and not here.files.bodies


def test_a_pool_without_the_mark_is_refused() -> None:
    unmarked = PoolConfig(pool_id=f"{BACKUP}_Pool", attributes={})
    saga = Saga(world=World(configs={BACKUP: unmarked}))
    assert "custom:origin_sub" in Restores(saga, saga.there).refused()


def test_who_is_deleted_meanwhile_is_not_made(saga: Saga, people: dict[str, str]) -> None:
    wiped(saga.there)
    at = Restores(saga, saga.there)
    at.restore(run=False)
    saga.here.pool.admin_delete_user("ann")
    saga.hint(people["ann"])
    saga.world.table.replicate_all()
    assert at.resumed("later", "r1").outcomes == {"already as recorded": 1, "restored": 6}
    assert "ann" not in names(saga.there)


def test_who_was_living_at_a_time_comes_back(saga: Saga, people: dict[str, str]) -> None:
    gone = saga.person("old")
    saga.here.pool.admin_delete_user("old")
    saga.hint(gone)
    saga.settle()
    at = Restores(saga, saga.here)
    as_of = at.keep_records()
    for name in ("ann", "ben"):
        saga.here.pool.admin_delete_user(name)
        saga.hint(people[name])
    saga.here.pool.admin_update_user_attributes("cem", {"name": "Newer"})
    saga.hint(people["cem"])
    saga.settle()
    saga.here.context.erasures.add(Subject.user(people["ben"]), "change")
    report = at.restore(as_of=as_of)
    assert report.outcomes == {"refused": 1, "restored": 1}
    assert report.plan.reasons == {
        "as the record says": 4,
        "changed since, and left as it is now": 1,
        "erased": 1,
    }
    agrees(saga)
    assert names(saga.here) == ["ann", "cem", "dee"]
    assert saga.state("cem")["attr:name"] == "Newer", "what came after is left"


def test_who_was_changed_since_is_put_back_where_that_is_asked_for(
    saga: Saga, people: dict[str, str]
) -> None:
    at = Restores(saga, saga.here)
    before = {name: saga.state(name) for name in NAMES}
    as_of, pool = at.keep_records(), saga.here.pool
    spoilt = {"name": "Spoilt", "email": "spoilt@example.org", "email_verified": "true"}
    pool.admin_update_user_attributes("ann", spoilt)
    pool.admin_remove_user_from_group("ben", "staff")
    pool.admin_add_user_to_group("ben", "guests")
    pool.admin_disable_user("cem")
    for name in NAMES[:3]:
        saga.hint(people[name])
    saga.settle()
    report = at.restore(as_of=as_of, also_changed_since=True)
    assert report.plan.actions == {"leave": 4, "revert": 3}
    assert report.outcomes == {"restored": 3}
    agrees(saga)
    assert {name: saga.state(name) for name in NAMES} == before
    assert saga.twin(people["ann"]) == before["ann"]
    again = at.restore("r2", as_of=as_of, also_changed_since=True)
    assert again.plan.actions == {"leave": 7}


@pytest.mark.parametrize("seen", [True, False], ids=["deleted", "vanished"])
def test_who_was_spoilt_before_they_were_gone_comes_back_as_at_the_time(
    seen: bool, saga: Saga, people: dict[str, str]
) -> None:
    """Else "forgot password" sends its code to the address of whoever spoilt them."""
    at, before = Restores(saga, saga.here), saga.state("ann")
    as_of, pool = at.keep_records(), saga.here.pool
    spoilt = {"email": "spoilt@example.org", "email_verified": "true"}
    pool.admin_update_user_attributes("ann", spoilt)
    saga.hint(people["ann"])
    saga.settle()
    pool.admin_delete_user("ann")
    if seen:
        saga.hint(people["ann"])
        saga.settle()
    report = at.restore(as_of=as_of, also_changed_since=True)
    assert report.plan.actions == {"undelete" if seen else "create": 1, "leave": 6}
    assert report.outcomes == {"restored": 1}
    agrees(saga)
    assert saga.state("ann") == saga.twin(people["ann"]) == before


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([], "no JSON object|not a JSON object"),
        ({"who": "x"}, "unknown keys: who"),
        ({"run": 1}, "neither true nor false"),
        ({"group": 7}, "`group` is no text"),
        ({"user": ""}, "`user` is blank"),
        ({"user": "a", "group": "b"}, "not both"),
        ({"deleted_since": "yesterday"}, "is no time"),
        ({"as_of": "0001-01-01T00:00:00+14:00"}, "is no time"),
        ({"as_of": "2026-11-29", "deleted_since": "2026-11-29"}, "not `deleted_since`, too"),
        ({"also_changed_since": True}, "says since when"),
        ({"resume": "a/b"}, "id of a restore"),
        ({"resume": "a", "group": "b"}, "keeps its own request"),
    ],
)
def test_an_input_that_is_none_is_refused(given: object, why: str) -> None:
    with pytest.raises(InvalidRecordError, match=why):
        order_from(given)


def test_a_time_of_which_no_table_can_be_is_refused_before_anything_runs(saga: Saga) -> None:
    at = Restores(saga, saga.here)
    now = at.clock.now().replace(microsecond=0)
    late, early = (now + timedelta(minutes=5)).isoformat(), (now - timedelta(days=36)).isoformat()
    assert at.refused(as_of=late) == "the time is in the future"
    earliest = utc_after(now - timedelta(days=35))
    assert at.refused(as_of=early) == f"before {earliest} nothing is kept"
    assert not at.files.bodies and not at.tables.tables


def test_a_time_before_the_table_was_is_refused_and_the_earliest_told(saga: Saga) -> None:
    """It can be restored to no time before it was made, or its recovery was turned on."""
    at = Restores(saga, saga.here)
    now = at.clock.now().replace(microsecond=0)
    at.tables.earliest = now - timedelta(days=2)
    at.clock.advance(60)
    before = (now - timedelta(days=3)).isoformat()
    assert at.refused(as_of=before) == f"before {utc_after(at.tables.earliest)} nothing is kept"
    at.tables.earliest = None
    assert at.refused(as_of=before) == "the records table has no point-in-time recovery"
    assert at.register.current() is None and not at.files.bodies


def test_a_look_of_which_the_time_has_left_the_window_is_not_gone_on_with(saga: Saga) -> None:
    at = Restores(saga, saga.here)
    as_of = at.keep_records()
    at.restore(run=False, as_of=as_of)
    at.tables.earliest = at.clock.now()
    at.clock.advance(600)
    opened = at.opened(at.new("later"), RestoreOrder(resume="r1", run=True))
    assert opened.run is None and "nothing is kept" in opened.why
    at.tables.earliest = at.clock.now() - timedelta(days=1)
    assert at.resumed("again", "r1").restore == "r1"


def test_an_order_is_read_as_it_is_given() -> None:
    order = RestoreOrder(RestoreRequest(group="g", deleted_since="2026-11-29T10:00:00+00:00"))
    assert order_from(order.given()) == order
    assert order_from({"deleted_since": "2026-11-29T11:00:00+01:00"}).request.deleted_since == (
        "2026-11-29T10:00:00+00:00"
    )


def test_a_username_that_the_pool_takes_for_an_address_is_told_so() -> None:
    """The standby may have addresses for aliases, and take over who was deleted elsewhere."""
    marked = {ORIGIN_SUB_ATTRIBUTE: AttributeSpec()}
    aliases = PoolConfig(pool_id=f"{BACKUP}_Pool", attributes=marked, alias_attributes=("email",))
    saga = Saga(world=World(configs={BACKUP: aliases}))
    whom = saga.world.sign_up("ann@example.org", {"name": "No Address"})
    saga.here.run({"local_sub": whom})
    saga.settle()
    since = saga.here.clock.now().isoformat()
    saga.here.pool.admin_delete_user("ann@example.org")
    saga.hint(whom)
    saga.settle()
    assert saga.there.context.records.put_claim(2)
    saga.there.run({"origin_sub": whom})
    report = Restores(saga, saga.there).restore(deleted_since=since)
    told = "the username looks like an address, which is an alias here"
    assert report.plan.reasons.get(told) == 1, report.plan


def test_jobs_are_counted_for_whom_a_job_would_make_only(
    saga: Saga, people: dict[str, str]
) -> None:
    """Who was in the pool is known by its ledger, and goes by calls; so does who has no line."""
    wiped(saga.there)
    known = Restores(saga, saga.there).restore(run=False)
    assert known.plan.actions["create"] == 7 and known.plan.importable == 0
    assert list(known.plan.by_strategy) == ["admin calls"]
    for name, told in (("eva", "Eva"), ("fay", 'the "first"')):
        verified = {"email": f"{name}@example.org", "email_verified": "true", "name": told}
        saga.here.run({"local_sub": saga.world.sign_up(name, verified)})
    saga.world.table.replicate_all()
    more = Restores(saga, saga.there).restore("r2", run=False)
    assert more.plan.actions["create"] == 9 and more.plan.importable == 1
    assert list(more.plan.by_strategy) == ["admin calls", "import jobs"]
