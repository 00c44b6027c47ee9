"""A batch of a restore: what ends it, what it is about by the time that it runs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.domain.restore_plan import Done, Outcome
from cognito_standby.recovery.domain.restoring import Action
from cognito_standby.recovery.services.restore_store import Row
from cognito_standby.recovery.services.restore_work import restore_batch
from tests.saga.world import Saga
from tests.unit.recovery.restore_world import Restores
from tests.unit.recovery.test_restoring import names, wiped

BATCH = "users-00000"


@pytest.fixture
def saga() -> Saga:
    return Saga()


class Forbidding:
    """A pool that lets some be made by nobody: a right is missing."""

    def __init__(self, pool: Any, names: tuple[str, ...]) -> None:
        self._pool, self._names = pool, names

    def __getattr__(self, method: str) -> Any:
        return getattr(self._pool, method)

    def create_user(self, name: str, *args: Any, **given: Any) -> Any:
        if name in self._names:
            raise MisconfiguredError("AccessDeniedException")
        return self._pool.create_user(name, *args, **given)


def key(sub: str) -> str:
    return Subject.user(sub).key


def outcomes(at: Restores, rows: list[Row]) -> list[Done]:
    """Those of one batch with just these rows, in their order."""
    run = at.new("r1")
    store = at.context.store(run)
    store.write_batch(BATCH, rows)
    assert restore_batch(at.context, run, BATCH, "w#1")
    return [done for part in store.did(BATCH) for done in part.done]


def test_a_call_that_succeeds_between_two_says_that_the_rights_are_there(saga: Saga) -> None:
    """Three in a row end the batch; these are not in a row."""
    people = {name: saga.person(name) for name in ("ann", "ben", "cem", "dee", "eva")}
    since = saga.here.clock.now().isoformat()
    for name in ("dee", "eva"):
        saga.here.pool.admin_delete_user(name)
        saga.hint(people[name])
    saga.settle()
    for name in ("ann", "ben", "cem"):
        saga.here.pool.admin_delete_user(name)
    at = Restores(saga, saga.here)
    at.restore(run=False, deleted_since=since)
    pool: Any = Forbidding(saga.here.context.directory, ("ann", "ben", "cem"))
    saga.here.context = replace(saga.here.context, directory=pool)
    rows = [
        Row(key(people["ann"]), Action.CREATE),
        Row(key(people["dee"]), Action.UNDELETE),
        Row(key(people["ben"]), Action.CREATE),
        Row(key(people["eva"]), Action.UNDELETE),
        Row(key(people["cem"]), Action.CREATE),
    ]
    left, restored = Outcome.LEFT, Outcome.RESTORED
    done = outcomes(at, rows)
    assert [each.outcome for each in done] == [left, restored, left, restored, left]


def test_an_empty_pool_is_filled_by_as_many_workers_as_its_records_need(saga: Saga) -> None:
    """Of two Regions, so each person has two of them."""
    saga.person("ann")
    wiped(saga.there)
    at = Restores(saga, saga.there)
    at.source.items = 1_000_000
    report = at.restore(run=False)
    begun = at.context.store(replace(at.new(), id=report.restore)).begun()
    assert begun is not None and (begun.users, begun.segments) == (0, 254)
    assert report.plan.actions == {"create": 4}


def deleted(saga: Saga, name: str, sub: str) -> None:
    saga.here.pool.admin_delete_user(name)
    saga.hint(sub)
    saga.settle()


def test_who_was_deleted_once_more_since_the_look_stays_deleted(saga: Saga) -> None:
    """The plan is days old: of two deletions the later one was meant, too."""
    ann, ben = saga.person("ann"), saga.person("ben")
    since = saga.here.clock.now().isoformat()
    deleted(saga, "ann", ann)
    deleted(saga, "ben", ben)
    at = Restores(saga, saga.here)
    at.restore(run=False, deleted_since=since)
    at.restore("other", user=ann, deleted_since=since)
    assert names(saga.here) == ["ann"]
    saga.here.clock.advance(3 * 86400)
    deleted(saga, "ann", ann)
    report = at.resumed("later", "r1")
    assert report.outcomes == {"left": 1, "restored": 1}
    assert names(saga.here) == ["ben"]
    [told] = [each for each in at.told(report) if each["outcome"] == "left"]
    assert told["reason"] == "changed since it was looked at, and left as it is now"


def test_what_was_changed_since_the_look_is_not_put_back(saga: Saga) -> None:
    people = {name: saga.person(name) for name in ("ann", "ben")}
    at = Restores(saga, saga.here)
    as_of, pool = at.keep_records(), saga.here.pool
    for name, sub in people.items():
        pool.admin_update_user_attributes(name, {"name": "Spoilt"})
        saga.hint(sub)
    saga.settle()
    assert at.restore(run=False, as_of=as_of, also_changed_since=True).keeps_past
    pool.admin_update_user_attributes("ann", {"name": "Married"})
    saga.hint(people["ann"])
    saga.settle()
    resumed = at.resumed("later", "r1")
    assert resumed.outcomes == {"left": 1, "restored": 1} and not resumed.keeps_past
    assert saga.state("ann")["attr:name"] == "Married"
    assert saga.state("ben").get("attr:name") != "Spoilt"


def test_who_came_back_by_themselves_and_changed_is_not_put_back(saga: Saga) -> None:
    """`--also-changed-since` puts back whoever it makes, too; it did not make this one."""
    ann = saga.person("ann")
    at = Restores(saga, saga.here)
    as_of, since = at.keep_records(), saga.here.clock.now().isoformat()
    deleted(saga, "ann", ann)
    at.restore(run=False, as_of=as_of, also_changed_since=True)
    at.restore("other", user=ann, deleted_since=since)
    saga.here.pool.admin_update_user_attributes("ann", {"name": "Newer"})
    saga.hint(ann)
    saga.settle()
    assert at.resumed("later", "r1").outcomes == {"left": 1}
    assert saga.state("ann")["attr:name"] == "Newer"


def test_a_plan_of_the_release_before_tells_no_write_and_is_carried_out(saga: Saga) -> None:
    ann = saga.person("ann")
    since = saga.here.clock.now().isoformat()
    deleted(saga, "ann", ann)
    at = Restores(saga, saga.here)
    at.restore(run=False, deleted_since=since)
    at.files.write(
        f"runs/r1/restore/batches/{BATCH}.json", json.dumps([[ann, "undelete"]]).encode()
    )
    assert at.resumed("later", "r1").outcomes == {"restored": 1}


def at_work(saga: Saga, *people: str, renews: bool = False) -> Restores:
    """A restore of an emptied standby, while replays of some are under way there."""
    side, subjects = saga.there, [Subject.user(each) for each in people]
    at = Restores(saga, side)
    at.restore(run=False)
    waited = at.waited

    def hold() -> None:
        for subject in subjects:
            side.context.ledger.take_lease(subject, "replay#0")

    def renewed(seconds: float) -> None:
        waited(seconds)
        hold()

    hold()
    if renews:
        at.waited = renewed  # type: ignore[method-assign]
    return at


@pytest.mark.parametrize("seconds", [240.0, 120.0], ids=["in a worker's time", "by the next one"])
def test_whom_a_replay_is_at_work_on_is_waited_for(saga: Saga, seconds: float) -> None:
    ann = saga.person("ann")
    wiped(saga.there)
    at = at_work(saga, ann)
    at.seconds = seconds
    report = at.resumed("later", "r1")
    assert (report.left, report.outcomes) == (0, {"restored": 4}), at.told(report)
    assert names(saga.there) == ["ann"]


def test_whom_somebody_holds_for_longer_than_a_lease_is_left_and_told(saga: Saga) -> None:
    ann, _ = saga.person("ann"), saga.person("ben")
    wiped(saga.there)
    at = at_work(saga, ann, renews=True)
    report = at.resumed("later", "r1")
    assert (report.left, names(saga.there)) == (1, ["ben"])
    [told] = [each for each in at.told(report) if each["outcome"] == "left"]
    assert told["reason"] == "somebody is at work on them"
