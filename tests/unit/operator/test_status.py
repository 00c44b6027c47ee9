"""`standby status`: the verdict, and what a Region shows, from twins."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.pool_notes import PoolNote
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.installation import open_context
from cognito_standby.operator.domain.health import HealthVerdict, Reconciled, RegionView, diagnose
from cognito_standby.operator.ports import Attention, Lag
from cognito_standby.operator.services.status import look_at
from cognito_standby.reconciliation.domain.brake import EMPTIED
from cognito_standby.reconciliation.domain.file_names import pool_note
from cognito_standby.reconciliation.domain.repairs import Did
from cognito_standby.recovery.domain.standing import ClaimItem
from tests.twins.stores.claims import InMemoryClaimItems
from tests.unit.operator.operator_world import OTHER, REGION, OperatorWorld
from tests.unit.operator.run_world import RunWorld
from tests.unit.reconciliation.made_up_run import missing

pytestmark = pytest.mark.usefixtures("socket_disabled")

CLAIMS = {REGION: 1, OTHER: 0}
UNDECIDED = {"conflict_deletion": 1, "conflict_disabling": 0, "conflict_change": 2}
WELL = RegionView(REGION, claims=CLAIMS, dead_letters=0, running=0)
STANDBY = RegionView(OTHER, claims=CLAIMS)


@pytest.fixture
def world() -> OperatorWorld:
    return OperatorWorld()


def test_conflicts_that_are_settled_or_unknown_count_for_nothing() -> None:
    for known in (None, {}, dict.fromkeys(UNDECIDED, 0)):
        assert diagnose([RegionView(REGION, claims=CLAIMS, conflicts=known)]).reasons == ()


def test_a_failover_that_waits_is_no_change_that_nobody_applied(world: OperatorWorld) -> None:
    arns = (
        f"arn:aws:states:{REGION}:1:execution:standby-{machine}:epoch-2"
        for machine in ("fail_over", "stand_down")
    )
    for arn in arns:
        world.executions.add(Execution(arn, ExecutionStatus.RUNNING, world.clock.now()))
    world.clock.advance(7_200)
    view = look_at(world.context)
    assert (view.running, view.oldest_change) == (2, None)


def test_well() -> None:
    diagnosis = diagnose([WELL, STANDBY])
    assert (diagnosis.verdict, diagnosis.reasons, diagnosis.advice) == (HealthVerdict.WELL, (), ())
    assert (WELL.role, STANDBY.role) == ("active", "standby")


def test_while_a_failover_is_under_way_status_says_that_nobody_is_let_in() -> None:
    both = [replace(each, makes_way=OTHER, fenced=True) for each in (WELL, STANDBY)]
    diagnosis = diagnose(both)
    assert diagnosis.verdict is HealthVerdict.DEGRADED
    (reason,) = diagnosis.reasons
    assert reason.startswith(f"nobody is let in: {REGION} has stood down for {OTHER}")
    on, back = diagnosis.advice
    assert on.startswith(f"standby failover --to {OTHER} --planned ")
    assert back.startswith(f"standby failover --to {OTHER} --abort ")
    claimed = [replace(each, claims={REGION: 1, OTHER: 2}) for each in both]
    assert diagnose(claimed).reasons == (), "the mark is of before the claim"


@pytest.mark.parametrize(
    ("fenced", "told"),
    [
        (False, "people go on in its pool, which has no fence"),
        (None, "by its fence, if it has one"),
    ],
)
def test_nobody_is_said_to_be_kept_out_where_there_is_no_fence(
    fenced: bool | None, told: str
) -> None:
    (reason,) = diagnose([replace(WELL, makes_way=OTHER, fenced=fenced)]).reasons
    assert f"{REGION} has stood down for {OTHER}" in reason
    assert told in reason
    assert not reason.startswith("nobody is let in:")


def test_a_mark_is_read_with_the_claims(world: OperatorWorld) -> None:
    claims = InMemoryClaimItems(world.table, REGION)
    assert look_at(world.context).makes_way == ""
    assert claims.put(ClaimItem(1, stood_down=OTHER), None)
    assert look_at(world.context).makes_way == OTHER


def test_unknown_counts_for_nothing() -> None:
    views = [RegionView(REGION, unknown={"claims": "x"}), RegionView(OTHER)]
    assert diagnose(views).verdict is HealthVerdict.WELL
    assert views[0].role == "unknown"


@pytest.mark.parametrize(
    ("views", "verdict", "reason", "advice"),
    [
        (
            [RegionView(REGION, claims=CLAIMS, dead_letters=2)],
            HealthVerdict.DEGRADED,
            "us-east-1: 2 dead letters",
            "standby redrive --all --region us-east-1",
        ),
        (
            [RegionView(REGION, claims=CLAIMS, attention={"quarantined": 1})],
            HealthVerdict.DEGRADED,
            "us-east-1: 1 subject quarantined",
            "standby redrive --all --region us-east-1",
        ),
        (
            [RegionView(REGION, claims=CLAIMS, attention={"applying": 3}, running=0)],
            HealthVerdict.DEGRADED,
            "us-east-1: 3 subjects left in applying, and nothing runs",
            "sweep",
        ),
        (
            [WELL, RegionView(OTHER, unreachable="ConnectTimeoutError")],
            HealthVerdict.DEGRADED,
            "us-west-2 does not answer: ConnectTimeoutError",
            "nothing is lost",
        ),
        (
            [RegionView(REGION, unreachable="ConnectTimeoutError"), STANDBY],
            HealthVerdict.BROKEN,
            "us-east-1, the active Region, does not answer: ConnectTimeoutError",
            "standby failover --to us-west-2 --outage --dry-run",
        ),
        (
            [RegionView(REGION, unreachable="x"), RegionView(OTHER, unreachable="y")],
            HealthVerdict.BROKEN,
            "no Region answers: us-east-1: x; us-west-2: y",
            "check your network",
        ),
        (
            [WELL, RegionView(OTHER, claims={REGION: 1, OTHER: 2})],
            HealthVerdict.DEGRADED,
            "the Regions do not agree on who is active",
            "wait a minute",
        ),
        (
            [RegionView(REGION, claims=CLAIMS, conflicts=dict(UNDECIDED))],
            HealthVerdict.DEGRADED,
            "us-east-1: 3 undecided conflicts (1 deletion, 2 change)",
            "standby conflicts list",
        ),
        (
            [RegionView(REGION, claims=CLAIMS, alarms=("standby-lag",))],
            HealthVerdict.DEGRADED,
            "us-east-1: alarm standby-lag",
            "docs/runbooks/alarms.md",
        ),
        (
            [RegionView(REGION, claims=CLAIMS, failed=1, unsettled=1, last_error="E")],
            HealthVerdict.DEGRADED,
            "us-east-1: 1 failed execution not repaired, the last with E",
            "redrive it by its ARN",
        ),
    ],
)
def test_the_verdict_has_a_reason_and_advice(
    views: list[RegionView], verdict: HealthVerdict, reason: str, advice: str
) -> None:
    diagnosis = diagnose(views)
    assert diagnosis.verdict is verdict
    assert reason in diagnosis.reasons[0]
    assert advice in " ".join(diagnosis.advice)


@pytest.mark.parametrize(
    ("last", "verdict", "advice"),
    [
        (Reconciled("r", "in sync", 1.0, 0, clean=True), HealthVerdict.WELL, ""),
        (
            Reconciled("r", "drift left", 1.0, 3, clean=False),
            HealthVerdict.DEGRADED,
            "standby reports r",
        ),
        (
            Reconciled("r", "all drift repaired", 1.0, 3, clean=True, repeating=("stale record",)),
            HealthVerdict.DEGRADED,
            "docs/runbooks/reconcile.md",
        ),
    ],
)
def test_the_last_reconciliation(last: Reconciled, verdict: HealthVerdict, advice: str) -> None:
    diagnosis = diagnose([RegionView(REGION, claims=CLAIMS, reconciled=last)])
    assert diagnosis.verdict is verdict
    assert advice in " ".join(diagnosis.advice)


def test_a_run_that_asks() -> None:
    diagnosis = diagnose([RegionView(REGION, claims=CLAIMS, questions=("run-7",))])
    assert diagnosis.verdict is HealthVerdict.DEGRADED
    assert "run-7 waits for an answer" in diagnosis.reasons[0]
    assert "standby approve run-7" in diagnosis.advice[0]


def test_an_emptied_pool_is_told_first_and_nobody_is_led_to_delete_everybody() -> None:
    ill = RegionView(REGION, claims=CLAIMS, dead_letters=2, parked_hints=3)
    emptied = replace(ill, questions=("run-6", "run-7"), emptied=("run-7",))
    diagnosis = diagnose([emptied])
    assert diagnosis.verdict is HealthVerdict.BROKEN
    assert diagnosis.reasons[0].startswith(f"{REGION}: the pool was emptied")
    first, second = diagnosis.advice[:2]
    assert first.startswith(f"standby reject run-7 --region {REGION}")
    assert "nobody is deleted" in first
    assert second.startswith(f"standby restore --region {REGION} --dry-run")
    assert not [step for step in diagnosis.advice if step.startswith("standby approve run-7")]
    assert [step for step in diagnosis.advice if step.startswith("standby approve run-6")]
    assert "standby approve run-7 deletes them all, in both Regions" in " ".join(diagnosis.advice)


@pytest.mark.parametrize(
    ("reasons", "emptied"),
    [
        (["9 subjects would be deleted, disabled or emptied: 2%", "not listed: a"], ()),
        ([f"{EMPTIED}: 9 of 10 are missing", "9 subjects would be deleted"], ("other",)),
    ],
)
def test_which_question_is_of_an_emptied_pool(reasons: list[str], emptied: tuple[str]) -> None:
    here = RunWorld(REGION)
    here.ask(here.hold(), reasons=reasons)
    assert look_at(here.context).emptied == emptied


def test_reports_and_questions_are_looked_at() -> None:
    here = RunWorld(REGION)
    assert look_at(here.context).reconciled is None
    here.run_folder.whole_run(missing(2), Did.LEFT)
    here.clock.advance(60)
    here.ask(here.hold())
    view = look_at(here.context)
    assert view.questions == ("other",)
    here.world.executions.executions |= here.executions.executions
    assert look_at(here.context).oldest_change is None, "a run that waits is no change"
    assert view.reconciled == Reconciled("run-1", "drift left", 86_460, 2, clean=False)


def _there_before(here: RunWorld) -> RegionView:
    return look_at(replace(here.context, existing=True))


def test_a_pool_that_was_there_before_and_was_never_reconciled_is_not_well() -> None:
    here = RunWorld(REGION)
    view = _there_before(here)
    diagnosis = diagnose([view])
    assert (view.unseeded, diagnosis.verdict) == (True, HealthVerdict.DEGRADED)
    (reason,), (advice,) = diagnosis.reasons, diagnosis.advice
    assert reason.startswith(f"{REGION}: ")
    assert "is in no record" in reason
    assert advice.startswith("standby reconcile --seed  # ")
    assert "filled on demand: without --seed" in advice, "where it would make everybody"
    standby = replace(STANDBY, unseeded=True)
    both = diagnose([view, standby])
    assert [reason.split(":")[0] for reason in both.reasons] == [REGION, OTHER]
    assert len(both.advice) == 1, "one command fills both"
    (alone,) = diagnose([WELL, standby]).advice
    assert alone.startswith(f"standby reconcile --seed --region {OTHER}  # ")


@pytest.mark.parametrize("existing", [False, None], ids=["created", "not told"])
def test_the_first_hours_of_a_created_pool_alarm_nobody(existing: bool | None) -> None:
    view = look_at(replace(RunWorld(REGION).context, existing=existing))
    assert view.unseeded is None
    assert diagnose([view]).verdict is HealthVerdict.WELL


@pytest.mark.parametrize(
    ("told", "existing"),
    [({"PoolsAre": "existing"}, True), ({"PoolsAre": "created"}, False), ({}, None)],
)
def test_the_stack_tells_whether_its_pool_was_there_before(
    told: dict[str, str], existing: bool | None
) -> None:
    names = ("UserPoolId", "DeadLetterQueueUrl", "LedgerTable", "RecordsTable", "Installation")
    outputs = {**dict.fromkeys(names, "x"), "Region": REGION, "Role": "primary", **told}
    nowhere = Connection(endpoint="http://127.0.0.1:9")
    assert open_context(nowhere, outputs, OTHER).existing is existing


def test_only_the_end_of_a_run_that_may_repair_makes_it_well() -> None:
    here = RunWorld(REGION)
    pool = here.pool.config.pool_id
    here.register.keep_pool_note(pool, PoolNote(users=3))
    here.register.run_ended(pool, here.clock.now())
    assert _there_before(here).unseeded, "a dry run brings nobody in"
    here.register.keep_pool_note(pool, PoolNote(users=3, begun=True))
    assert _there_before(here).unseeded is False
    other = RunWorld(OTHER)
    other.register.keep_pool_note(other.pool.config.pool_id, PoolNote(users=3, begun=True))
    assert _there_before(other).unseeded, "a first run that broke off left no report"


def test_a_pool_that_an_earlier_release_reconciled_is_seeded() -> None:
    here = RunWorld(REGION)
    name = pool_note(here.pool.config.pool_id)
    here.run_folder.files.write(name, b'{"users": 3}', "application/json")
    assert _there_before(here).unseeded is False


def test_no_redrive_is_advised_for_what_nobody_can_read() -> None:
    kinds = {"unreadable": 1}
    view = RegionView(REGION, claims=CLAIMS, dead_letters=1, letters_by_kind=kinds)
    assert diagnose([view]).advice == ("read docs/runbooks/redrive.md",)


def test_applying_while_something_runs_is_normal() -> None:
    view = RegionView(REGION, claims=CLAIMS, attention={"applying": 3}, running=2)
    assert diagnose([view]).verdict is HealthVerdict.WELL


def test_a_quiet_region(world: OperatorWorld) -> None:
    view = look_at(world.context)
    assert (view.unreachable, view.unknown) == ("", {})
    assert (view.role, view.dead_letters, view.failed, view.running) == ("active", 0, 0, 0)
    assert diagnose([view]).verdict is HealthVerdict.WELL


def test_a_busy_region(world: OperatorWorld) -> None:
    world.record("ann")
    world.clock.advance(100)
    world.failed("ann")
    world.letters.send("not JSON")
    world.clock.advance(20)
    world.gauges.rows = Attention({"failed": 1}, ("ann",))
    world.gauges.measured = Lag(1500, 9000)
    view = look_at(world.context)
    assert (view.dead_letters, view.oldest_letter) == (2, 20)
    assert view.letters_by_kind == {"failed execution": 1, "unreadable": 1}
    assert (view.failed, view.unsettled, view.last_error) == (1, 1, "InvalidRecordError")
    assert view.oldest_change == 120, "since the record was observed"
    assert (view.lag_p50, view.lag_p99) == (1500, 9000)


def test_a_failure_that_was_repaired_since_is_no_reason(world: OperatorWorld) -> None:
    world.record("ann")
    world.failed("ann")
    world.sync("ann")
    view = look_at(world.context)
    assert (view.failed, view.unsettled) == (1, 0)


@pytest.mark.parametrize(
    ("machine", "status", "counted"),
    [
        ("fail_over", ExecutionStatus.ABORTED, 0),
        ("stand_down", ExecutionStatus.ABORTED, 0),
        ("fail_over", ExecutionStatus.FAILED, 1),
        ("sync_user", ExecutionStatus.ABORTED, 1),
    ],
)
def test_a_failover_that_was_taken_back_is_no_failure(
    world: OperatorWorld, machine: str, status: ExecutionStatus, counted: int
) -> None:
    arn = f"arn:aws:states:{REGION}:111111111111:execution:standby-{machine}:epoch-2"
    now = world.clock.now()
    world.executions.executions[arn] = Execution(arn, status, now, now, "Aborted", "{}")
    view = look_at(world.context)
    assert (view.failed, view.unsettled) == (counted, counted)


@pytest.mark.parametrize(
    ("machine", "given", "command"),
    [
        ("fail_over", {"mode": "outage"}, f"standby failover --to {REGION} --outage"),
        ("fail_over", {"mode": "planned"}, f"standby failover --to {REGION} --planned"),
        ("stand_down", {"target": OTHER}, f"standby failover --to {OTHER} --planned"),
        ("stand_down", {"target": OTHER, "abort": True}, f"standby failover --to {OTHER} --abort"),
    ],
)
def test_a_failed_failover_goes_on_by_its_command_and_not_by_its_arn(
    world: OperatorWorld, machine: str, given: dict[str, Any], command: str
) -> None:
    arn = f"arn:aws:states:{REGION}:111111111111:execution:standby-{machine}:epoch-2"
    now = world.clock.now()
    failed = Execution(arn, ExecutionStatus.FAILED, now, now, "Boom", json.dumps(given))
    world.executions.add(failed)
    diagnosis = diagnose([look_at(world.context)])
    assert diagnosis.reasons == (f"{REGION}: a failover stands still, with Boom",)
    (advice,) = diagnosis.advice
    assert advice.startswith(f"{command}  # ")
    assert "redrive" not in advice
    ben = replace(failed, arn=f"arn:aws:states:{REGION}:1:execution:standby-sync_user:ben")
    world.executions.add(ben)
    both = diagnose([look_at(world.context)])
    assert any("1 failed execution not repaired" in reason for reason in both.reasons)
    assert any("standby redrive <ARN>" in step for step in both.advice)


def test_failures_of_yesterday_are_not_shown(world: OperatorWorld) -> None:
    world.failed("ann")
    world.clock.advance(timedelta(hours=25).total_seconds())
    assert look_at(world.context).failed == 0


def test_a_missing_index_is_unknown(world: OperatorWorld) -> None:
    world.gauges.rows = None
    assert look_at(world.context).attention is None


def test_undecided_conflicts_are_shown(world: OperatorWorld) -> None:
    world.gauges.listed = Attention({"conflict_deletion": 1, "conflict_change": 0}, ("ann",))
    view = look_at(world.context)
    assert view.conflicts == {"conflict_deletion": 1, "conflict_change": 0}
    assert view.in_conflict == ("ann",)
    world.gauges.listed = None
    assert look_at(world.context).conflicts is None


def test_a_dark_region_is_unreachable(
    world: OperatorWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.switch.dark = True
    monkeypatch.setattr(world.records, "read_active", world.switch.check)
    assert "ConnectTimeoutError" in look_at(world.context).unreachable


def test_a_silent_side_costs_no_more_than_its_time(
    world: OperatorWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()

    def hang() -> Sequence[str]:
        never.wait(300)
        return ()

    monkeypatch.setattr(world.gauges, "alarms", hang)
    view = look_at(world.context, seconds=2.0)
    never.set()
    assert view.unknown == {"alarms": "no answer in time"}
    assert view.dead_letters == 0


def test_a_poison_row_does_not_stop_the_look(world: OperatorWorld) -> None:
    world.gauges.rows = Attention({"failed": 1}, ("#claim", "ann"))
    view = look_at(world.context)
    assert view.attention == {"failed": 1}
    assert world.ledger.read(Subject.user("ann")).state == "new"


@pytest.mark.parametrize(
    ("note", "verdict", "told"),
    [
        (ConfigurationNote("2026-11-01", drift=3), HealthVerdict.WELL, ""),
        (
            ConfigurationNote("2026-11-01", unexpected=2),
            HealthVerdict.DEGRADED,
            "2 unexpected differences in the pool",
        ),
        (ConfigurationNote(trouble="there is no pool x"), HealthVerdict.BROKEN, "no pool x"),
    ],
)
def test_what_the_last_look_at_the_configuration_came_to(
    note: ConfigurationNote, verdict: HealthVerdict, told: str
) -> None:
    diagnosis = diagnose([replace(WELL, configuration=note), STANDBY])
    assert diagnosis.verdict is verdict
    assert told in "".join(diagnosis.reasons)
