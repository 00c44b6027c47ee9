"""Restores by import jobs: who is made by one, who by calls, and how they go on after a crash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.services.import_users import JobFailedError
from cognito_standby.recovery.services.restore_ending import RestoreReport
from cognito_standby.recovery.services.restore_importing import import_planned
from cognito_standby.recovery.services.transfer_ports import TransferContext, TransferRefusedError
from tests.saga.world import Saga
from tests.twins.import_pool import InMemoryImportPool
from tests.twins.stores.password_notes import SharedPasswordNotes
from tests.twins.stores.shard_indexes import InMemoryRecordIndex
from tests.unit.recovery.restore_world import Restores
from tests.unit.recovery.test_restoring import agrees, names
from tests.unit.recovery.transfer_world import ROLE, Files

NEW = ("eva", "fay", "gus", "hal")
MISFIT = 'the "first"'


class Importing:
    """A standby pool in which somebody is known, and several never were."""

    def __init__(self) -> None:
        self.saga = Saga()
        self.side = self.saga.there
        self.known = self.saga.person("ann")
        self.subs = {name: self._recorded(name) for name in NEW}
        self.side.pool.admin_delete_user("ann")
        self.at = Restores(self.saga, self.side)
        self.files = Files()
        self.at.files = self.files
        self.jobs = InMemoryImportPool(self.side.pool)
        self.told: list[str] = []

    def _recorded(self, name: str) -> str:
        given = {"email": f"{name}@example.org", "email_verified": "true"}
        sub = self.saga.world.sign_up(name, {**given, "name": MISFIT if name == "hal" else name})
        pool = self.saga.here.pool
        if name == "fay":
            pool.admin_add_user_to_group(name, "staff")
        if name == "gus":
            pool.admin_disable_user(name)
        self.saga.here.run({"local_sub": sub})
        self.saga.world.table.replicate_all()
        return sub

    @property
    def context(self) -> TransferContext:
        return TransferContext(
            sync=self.side.context,
            index=InMemoryRecordIndex(self.saga.world.table, self.side.region),
            pool=self.jobs,
            passwords_set=SharedPasswordNotes(page=1).store(self.side.region),
            files=self.files,
            notes=self.files,
            machine=None,
            pause=lambda _: None,
        )

    def look(self) -> RestoreReport:
        return self.at.restore(run=False)

    def by_jobs(self) -> dict[str, int]:
        return import_planned(self.context, self.files, "r1", ROLE, self.told.append)

    def status(self) -> dict[str, UserStatus]:
        return {each.username: each.status for each in self.side.pool.list_users(limit=60).users}


@pytest.fixture
def here() -> Importing:
    return Importing()


def made_by_calls(here: Importing) -> int:
    return here.side.pool.meter.calls["AdminCreateUser"]


def test_who_can_goes_by_a_job_and_all_are_completed(here: Importing) -> None:
    before = made_by_calls(here)
    planned = here.look()
    assert (planned.plan.importable, planned.plan.actions["create"]) == (3, 5)
    assert here.by_jobs() == {"SUCCEEDED": 3}
    assert names(here.side) == ["eva", "fay", "gus"] and made_by_calls(here) == before
    assert not here.files.names("runs/exports/"), "nobody's data is left behind"
    report = here.at.resumed("later", "r1")
    assert report.left == 0 and sum(report.outcomes.values()) == 5
    assert made_by_calls(here) - before == 2, "who was known, and who has no line"
    agrees(here.saga)
    by_jobs = UserStatus.RESET_REQUIRED
    assert {name: status is by_jobs for name, status in here.status().items()} == {
        **dict.fromkeys(("eva", "fay", "gus"), True),
        **dict.fromkeys(("ann", "hal"), False),
    }
    assert "@" not in str(here.told)


def test_nobody_is_exported_whom_the_plan_does_not_make(here: Importing) -> None:
    here.at.restore(run=False, user=here.subs["eva"])
    assert here.by_jobs() == {"SUCCEEDED": 1}
    assert names(here.side) == ["eva"]


def test_who_is_erased_or_deleted_meanwhile_is_made_by_nobody(here: Importing) -> None:
    here.look()
    erasures: Any = here.side.context.erasures
    erasures.add(Subject.user(here.subs["eva"]), "change")
    here.saga.here.pool.admin_delete_user("fay")
    here.saga.hint(here.subs["fay"])
    here.saga.world.table.replicate_all()
    here.by_jobs()
    here.at.resumed("later", "r1")
    assert names(here.side) == ["ann", "gus", "hal"]


def _cut(here: Importing) -> None:
    """The export was begun, and its index never written."""
    here.files.write("runs/exports/r1/part-00001.csv", b"cut")


def _busy(here: Importing) -> None:
    here.jobs.busy = 10_000


def _fails(here: Importing) -> None:
    here.jobs.fails_after = 1


@pytest.mark.parametrize(
    ("breaks", "error"),
    [(_cut, None), (_busy, TransferRefusedError), (_fails, JobFailedError)],
    ids=["cut", "another job", "too many rows failed"],
)
def test_it_goes_on_where_it_stopped(
    breaks: Callable[[Importing], None], error: type[Exception] | None, here: Importing
) -> None:
    here.look()
    breaks(here)
    if error is not None:
        with pytest.raises(error):
            here.by_jobs()
        assert here.files.names("runs/exports/r1/"), "kept for whoever goes on"
        here.jobs.busy, here.jobs.fails_after = 0, None
        here.saga.pass_leases()
    here.by_jobs()
    here.by_jobs()
    here.saga.pass_leases()
    report = here.at.resumed("later", "r1")
    assert report.left == 0 and names(here.side) == ["ann", *NEW]
    agrees(here.saga)


def test_an_active_pool_is_filled_by_no_job(here: Importing) -> None:
    here.look()
    assert here.side.context.records.put_claim(2)
    with pytest.raises(TransferRefusedError, match="active"):
        here.by_jobs()
    assert names(here.side) == []
