"""The brake: when a run asks, when it stops, and that it says why in words and numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.reconciliation.domain.brake import EMPTIED, Evidence, Limits, brake_verdict
from cognito_standby.reconciliation.domain.reconciliation import (
    Drift,
    Housekeeping,
    Mode,
    Run,
    Tally,
)
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict, Judgement
from cognito_standby.reconciliation.services.buckets import plan_comparison
from cognito_standby.reconciliation.services.judging import judge, note_approval
from cognito_standby.reconciliation.services.opening import open_run
from cognito_standby.reconciliation.services.pool_notes import read_pool_note
from tests.unit.reconciliation.settled import Settled
from tests.unit.reconciliation.stage import Stage, stage
from tests.unit.world import BACKUP, World

RUN = Run("r", "arn:r", "a", "pool-a", "2026-01-01T00:00:00+00:00")
CLAIMS = {"a": 1, "b": 0}


def _tally(**given: object) -> Tally:
    drift = {Drift.STALE_RECORD.value: 3}
    return replace(Tally(users=1000, ledger_rows=1000, drift=drift), **given)  # type: ignore[arg-type]


def _seen(**given: object) -> Evidence:
    seen = Evidence(
        run=RUN,
        tally=_tally(),
        pool_of_record="pool-a",
        claims_before=CLAIMS,
        claims_now=CLAIMS,
        newest={"a": 1, "b": 0},
        listed=1000,
        estimated=1000,
        former=1000,
        compared=256,
    )
    return replace(seen, **given)  # type: ignore[arg-type]


def _many(kind: Drift | Housekeeping, number: int) -> Tally:
    return _tally(destructive=number, drift={kind.value: number})


def test_drift_is_repaired_without_a_question() -> None:
    assert brake_verdict(_seen(), Limits()) == (BrakeVerdict.REPAIR, ())


@pytest.mark.parametrize(
    ("known", "absent", "destructive", "emptied"),
    [
        (1000, 1000, 1000, True),
        (1000, 501, 501, True),
        (1000, 500, 500, False),
        (1000, 900, 0, False),  # a standby's: they are made again
        (5, 5, 5, False),
    ],
)
def test_an_emptied_pool_is_the_first_reason(
    known: int, absent: int, destructive: int, emptied: bool
) -> None:
    tally = _tally(
        users=known - absent,
        ledger_rows=known,
        absent=absent,
        destructive=destructive,
        drift={Drift.MISSING_USER.value: absent},
    )
    listed = {"listed": known - absent, "estimated": known, "former": known}
    _, reasons = brake_verdict(_seen(tally=tally, **listed), Limits())
    assert any(reason.startswith(EMPTIED) for reason in reasons) is emptied
    if emptied:
        assert reasons[0].startswith(f"{EMPTIED}: {absent} of {known}")
        assert "to reject deletes nobody" in reasons[0]


def test_no_suspects_no_repairs() -> None:
    assert brake_verdict(_seen(tally=_tally(drift={})), Limits()) == (BrakeVerdict.NOTHING, ())


@pytest.mark.parametrize(
    ("destructive", "known", "asks"),
    [(5, 6, False), (6, 60, True), (6, 1000, False), (11, 1000, True), (101, 100_000, True)],
)
def test_many_deletions_are_asked_about(destructive: int, known: int, asks: bool) -> None:
    tally = replace(_many(Drift.RECORD_OF_DELETED_USER, destructive), ledger_rows=known)
    decided, reasons = brake_verdict(_seen(tally=tally), Limits())
    assert decided is (BrakeVerdict.ASK if asks else BrakeVerdict.REPAIR)
    assert not asks or reasons[0].startswith(f"{destructive} subjects would be deleted")


def test_mass_purges_are_deletions_too() -> None:
    tally = _many(Housekeeping.PURGE, 200)
    assert brake_verdict(_seen(tally=tally), Limits())[0] is BrakeVerdict.ASK


@pytest.mark.parametrize("given", [{"estimated": 1000}, {"former": 1000}])
def test_a_listing_that_shrank_is_asked_about(given: dict[str, int]) -> None:
    tally = _tally(absent=200)
    seen = _seen(tally=tally, listed=800, **{"estimated": 800, "former": 800, **given})
    decided, reasons = brake_verdict(seen, Limits())
    assert decided is BrakeVerdict.ASK
    assert "800 users were listed, 200 fewer" in reasons[0]
    assert "200 whom the ledger knows are missing" in reasons[0]


def test_a_part_that_was_not_listed_does_not_excuse_the_rest() -> None:
    tally = _tally(absent=200)
    seen = _seen(tally=tally, listed=700, not_listed=("prefix-00001: came no further",))
    decided, reasons = brake_verdict(seen, Limits())
    assert decided is BrakeVerdict.ASK
    assert "200 of 1000 whom the ledger knows are missing" in reasons[0]
    few = replace(seen, tally=_tally(absent=3))
    assert brake_verdict(few, Limits())[0] is BrakeVerdict.REPAIR


def test_a_pool_that_shrank_by_known_deletions_is_believed() -> None:
    seen = _seen(listed=800, estimated=800, former=1000)
    assert brake_verdict(seen, Limits())[0] is BrakeVerdict.REPAIR


def test_many_writes_are_asked_about_unless_it_is_a_seeding() -> None:
    tally = _tally(drift={Drift.MISSING_USER.value: 20_000})
    assert brake_verdict(_seen(tally=tally), Limits())[0] is BrakeVerdict.ASK
    seeding = replace(RUN, seeding=True)
    assert brake_verdict(_seen(tally=tally, run=seeding), Limits())[0] is BrakeVerdict.REPAIR


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"pool_of_record": "pool-z"}, "pool-z"),
        ({"claims_now": {"a": 1, "b": 2}}, "b 0 became a 1, b 2"),
        ({"newest": {"b": 7}}, "unclear who is active"),
        ({"compared": 0}, "no shard"),
    ],
)
def test_what_stops_a_run(given: dict[str, object], word: str) -> None:
    decided, reasons = brake_verdict(_seen(**given), Limits())
    assert decided is BrakeVerdict.STOP
    assert word in reasons[0]


def test_a_dry_run_never_repairs_and_tells_what_the_brake_would_have_said() -> None:
    run = replace(RUN, mode=Mode.DRY_RUN)
    tally = _many(Drift.RECORD_OF_DELETED_USER, 500)
    decided, reasons = brake_verdict(_seen(run=run, tally=tally), Limits())
    assert decided is BrakeVerdict.DRY_RUN
    assert "500 subjects would be deleted" in reasons[0]


def _emptied(users: int) -> Stage:
    """Everybody vanishes from the active pool."""
    world = World()
    for number in range(users):
        world.carry(world.sign_up(f"u{number}", {"email": f"u{number}@x.org"}))
    at = stage(world, world.primary)
    at.compare()
    for number in range(users):
        world.primary.pool.admin_delete_user(f"u{number}")
    return at


def test_an_emptied_pool_is_asked_about_until_somebody_answers() -> None:
    at = _emptied(30)
    for _ in range(2):
        judgement, suspects = at.compare()
        assert judgement.verdict is BrakeVerdict.ASK
        assert len(suspects) == judgement.tally.destructive == 30
        assert len(judgement.reasons) == 3
        assert read_pool_note(at.context()).users == 30
    note_approval(at.context(), at.register._current)  # type: ignore[arg-type]
    assert read_pool_note(at.context()).users == 0


def test_another_pool_than_the_one_of_record_stops(settled: Settled) -> None:
    at = settled.active
    assert at.register.pool_of_record("another-pool") == "another-pool"
    at.side.pool.admin_update_user_attributes("ann", {"name": "x"})
    assert at.compare()[0].verdict is BrakeVerdict.STOP


def test_a_role_that_moves_during_the_run_stops(settled: Settled) -> None:
    at = settled.active
    at.side.pool.admin_update_user_attributes("ann", {"name": "x"})
    run = at.new_run()
    open_run(at.context(), run)
    at.list_all(run)
    settled.world.table.store(BACKUP).put_claim(2)
    settled.world.table.replicate_all()
    assert open_run(at.context(), run).claims["ap-northeast-1"] == 0
    at.compare_all(run)
    judgement = judge(at.context(), run)
    assert judgement.verdict is BrakeVerdict.STOP
    assert "claimed during the run" in judgement.reasons[0]
    assert at.context().store(run).judgement() == judgement
    assert Judgement.from_dict(judgement.to_dict()) == judgement


def test_records_of_an_unseen_claim_stop(settled: Settled) -> None:
    settled.world.table.store(BACKUP).put_claim(2)
    settled.standby.side.pool.admin_update_user_attributes("ann", {"name": "x"})
    settled.standby.side.run({"origin_sub": settled.ann})
    for key in settled.world.table.pending("us-east-1"):
        if key.partition != "#claim":
            settled.world.table.replicate("us-east-1", key)
    judgement, _ = settled.active.compare()
    assert judgement.verdict is BrakeVerdict.STOP
    assert "unclear who is active" in judgement.reasons[0]


def test_a_second_run_is_refused_with_the_running_ones_execution(settled: Settled) -> None:
    at = settled.active
    first = at.new_run()
    assert not open_run(at.context(), first).refused
    second = replace(first, id="other", execution="arn:other")
    refused = open_run(at.context(), second)
    assert refused.refused
    assert refused.holder == first
    assert not [name for name in at.files.bodies if name.startswith("runs/other/")]


def test_shards_that_could_not_be_compared_are_named(settled: Settled) -> None:
    at = settled.active
    at.side.pool.admin_update_user_attributes("ann", {"name": "x"})
    run = at.new_run()
    open_run(at.context(), run)
    at.list_all(run)
    plan_comparison(at.context(), run)
    at.compare_all(run)
    names = [name for name in at.files.bodies if name.startswith(f"runs/{run.id}/compare/")]
    poisoned = next(name for name in names if name.endswith("/00.json"))
    at.files.bodies[poisoned] = b"{nonsense"
    judgement = judge(at.context(), run)
    assert judgement.not_compared == ("00",)
    assert judgement.verdict is BrakeVerdict.REPAIR
    assert judgement.reasons == ("not compared: shards 00",)
