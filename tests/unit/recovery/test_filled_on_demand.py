"""Restores, exports and imports of a pool that is filled on demand: whoever is asked for is made,
whoever is not stays awaited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.domain.exports import Form
from cognito_standby.recovery.domain.import_plan import Fate
from cognito_standby.recovery.services.import_plan import open_export, plan_part
from tests.saga.world import Saga
from tests.unit.recovery.restore_world import Restores
from tests.unit.recovery.transfer_world import TransferWorld
from tests.unit.world import Side

pytestmark = pytest.mark.usefixtures("socket_disabled")


def filled_on_demand(side: Side) -> None:
    side.context = replace(side.context, on_demand=True)


def usernames(side: Side) -> list[str]:
    return sorted(user.username for user in side.pool.list_users(limit=60).users)


@pytest.fixture
def saga() -> Saga:
    """The standby's pool is filled on demand."""
    made = Saga()
    filled_on_demand(made.there)
    return made


def test_a_restore_makes_whom_it_is_asked_for_and_nobody_else(saga: Saga) -> None:
    ann, ben = saga.person("ann"), saga.person("ben")
    assert usernames(saga.there) == []
    at = Restores(saga, saga.there)
    plan = at.restore("plan", run=False, user=ann)
    assert plan.plan.actions == {"create": 1}
    at.restore(user=ann)
    assert usernames(saga.there) == ["ann"]
    assert saga.there.ledger.read(Subject.user(ben)).skipped == {"present": NotHeld.AWAITED}


def test_a_restore_of_everybody_makes_everybody(saga: Saga) -> None:
    for name in ("ann", "ben", "cem"):
        saga.person(name)
    report = Restores(saga, saga.there).restore()
    assert report.outcomes["restored"] >= 3
    assert usernames(saga.there) == ["ann", "ben", "cem"]
    assert not saga.there.pool.messages


def imported(form: Form, *, awaited_first: bool) -> tuple[TransferWorld, list[str]]:
    world = TransferWorld()
    side = world.world.backup
    filled_on_demand(side)
    subs = [world.person("ann"), world.person("ben", name="two\nlines")]
    if awaited_first:
        for sub in subs:
            side.run({"origin_sub": sub, "cause": "replica_stream"})
    world.export(form=form)
    return world, subs


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("awaited_first", [False, True])
def test_an_export_has_them_and_an_import_makes_them(form: Form, awaited_first: bool) -> None:
    """By a job, or, as the second one, by their own replay."""
    world, subs = imported(form, awaited_first=awaited_first)
    export = open_export(world.context, "e")
    rows = [row for name in export.parts for row in plan_part(world.context, export, name)]
    fates = {row.origin_sub: row.fate for row in rows}
    assert fates == {subs[0]: Fate.JOB, subs[1]: Fate.CALL}
    world.import_all()
    assert list(world.usernames()) == ["ann", "ben"]
    for sub in subs:
        assert world.world.twin_of(sub) is not None


def test_a_sync_before_the_job_makes_whom_the_import_has_named() -> None:
    """The sweep's, or a change's: an open creation that somebody asked for is gone on with."""
    world, subs = imported(Form.CSV, awaited_first=True)
    make = world.pool.start

    def looked_at(job: object) -> bool:
        for sub in subs:
            world.world.backup.run({"origin_sub": sub, "cause": "sweep"})
        return make(job)  # type: ignore[arg-type]

    world.pool.start = looked_at  # type: ignore[method-assign]
    world.import_all()
    assert list(world.usernames()) == ["ann", "ben"]
