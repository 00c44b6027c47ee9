"""What listings and comparisons say they spent, against the strict pool's own meter."""

from __future__ import annotations

import json

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.domain.usage import Usage
from cognito_standby.reconciliation.domain.work_items import WorkItem
from cognito_standby.reconciliation.services.buckets import plan_comparison
from cognito_standby.reconciliation.services.comparing import compare_bucket
from cognito_standby.reconciliation.services.listing import list_part
from cognito_standby.reconciliation.services.opening import open_run
from cognito_standby.reconciliation.services.planning import plan_listing
from cognito_standby.reconciliation.services.report_figures import work_of
from cognito_standby.reconciliation.services.run_store import RunStore
from cognito_standby.reconciliation.services.spending import spending
from tests.unit.reconciliation.stage import ROUNDS, Stage, stage
from tests.unit.world import World

pytestmark = pytest.mark.usefixtures("socket_disabled")
PEOPLE = 50


@pytest.fixture
def here() -> Stage:
    world = World()
    for number in range(PEOPLE):
        world.sign_up(f"u{number:02d}", {"email": f"u{number:02d}@x.org"})
    return stage(world, world.primary)


def test_every_request_is_told(here: Stage) -> None:
    run = here.new_run()
    open_run(here.context(), run)
    here.side.pool.meter.calls.clear()
    workers = 0
    for number in range(ROUNDS):
        with spending(here.context(), run, WorkPhase.LISTING, f"plan-{number}") as ctx:
            plan = plan_listing(ctx, run, number)
        if plan.done:
            break
        for raw in here.items(plan.items_file):
            workers += 1
            item = WorkItem.from_dict(raw)
            with spending(here.context(), run, WorkPhase.LISTING, item.id) as ctx:
                list_part(ctx, run, item)
    told = sum(RunStore(here.files, run.id).usages(WorkPhase.LISTING), Usage())
    assert told.calls["UserList"] == here.side.pool.meter.calls["ListUsers"] > 0
    assert told.puts > workers
    comparison = plan_comparison(here.context(), run)
    buckets = [raw["bucket"] for raw in here.items(comparison.items_file)]
    for bucket in buckets:
        with spending(here.context(), run, WorkPhase.COMPARING, bucket) as ctx:
            compare_bucket(ctx, run, bucket)
    listing, comparing, _ = work_of(RunStore(here.files, run.id), ())
    assert (listing.workers, comparing.workers) == (workers, len(buckets))
    assert comparing.usage.read_units >= 256, "half a unit for each page of both indexes"
    assert comparing.usage.calls == {}


def test_what_breaks_off_is_told_as_well(here: Stage) -> None:
    run = here.new_run()
    with (
        pytest.raises(ServiceUnavailableError),
        spending(here.context(), run, WorkPhase.LISTING, "x") as ctx,
    ):
        ctx.pacer.wait("UserList")
        ctx.pacer.throttled("UserList")
        ctx.pacer.wait("UserList")
        raise ServiceUnavailableError("it broke")
    (told,) = RunStore(here.files, run.id).usages(WorkPhase.LISTING)
    assert (told.calls, told.throttled) == ({"UserList": 2}, {"UserList": 1})


def test_each_attempt_counts(here: Stage) -> None:
    run = here.new_run()
    for _ in range(2):
        with spending(here.context(), run, WorkPhase.LISTING, "x") as ctx:
            ctx.pacer.wait("UserList")
        here.clock.advance(1)
    spent = [each.calls for each in RunStore(here.files, run.id).usages(WorkPhase.LISTING)]
    assert spent == [{"UserList": 1}, {"UserList": 1}]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"usage": 7}', b'{"usage": {"calls": []}}'])
def test_what_cannot_be_read_counts_for_nothing(here: Stage, body: bytes) -> None:
    here.files.write("runs/r/usage/listing/x.json", body)
    assert RunStore(here.files, "r").usages(WorkPhase.LISTING) == [Usage()]


def test_usage_is_read_as_it_was_written(here: Stage) -> None:
    now = here.clock.now()
    usage = Usage({"UserList": 3}, {"UserList": 1}, 2.5, 8.0, 4, 5, now, now)
    assert Usage.from_dict(json.loads(json.dumps(usage.to_dict()))) == usage
    odd = {"calls": {"UserList": -1, "x": True}, "read_units": float("inf"), "began_at": "soon"}
    assert Usage.from_dict(odd) == Usage({"UserList": 0, "x": 0})
