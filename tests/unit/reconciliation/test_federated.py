"""Federated users: counted with their reason, repaired only where their record is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.core.domain import pools
from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import FEDERATED, Subject, shard_of_key
from cognito_standby.reconciliation.domain.reconciliation import Drift
from cognito_standby.replication.domain.federated import NO_PROVIDER_TOLD
from tests.twins.stores.frozen import FrozenMap
from tests.unit.reconciliation.settled import Settled, expect, heals
from tests.unit.reconciliation.stage import Stage
from tests.unit.world import PRIMARY

CLAIMS = {"email": "dan@x.org"}
ALONE = "federated, signed in in this Region alone"


def _skipped(stage: Stage) -> dict[str, int]:
    return dict(stage.compare()[0].tally.skipped)


@pytest.fixture
def google(settled: Settled) -> Settled:
    for stage in (settled.active, settled.standby):
        stage.side.pool.create_identity_provider("Google")
        stage.side.context.directory._schema = None  # type: ignore[attr-defined]
    return settled


def _dan(settled: Settled) -> str:
    return settled.active.side.pool.federated_sign_in("Google", "7", CLAIMS).sub


def test_one_who_is_recorded_is_counted_in_the_standby_and_is_no_drift(google: Settled) -> None:
    dan = _dan(google)
    google.world.carry(dan)
    for stage in (google.active, google.standby):
        expect(stage)
    assert _skipped(google.active) == {}
    assert _skipped(google.standby) == {NotHeld.FEDERATED: 1}
    assert len(google.standby.side.pool.list_users().users) == 3


def test_one_who_is_recorded_already_is_staged_once_that_is_the_way(google: Settled) -> None:
    """And whom the pool refuses is told, and not found again."""
    dan = _dan(google)
    google.world.carry(dan)
    eve = google.active.side.pool.federated_sign_in("Google", "8", {}).sub
    google.standby.side.pool.federated_sign_in("Google", "8", {})
    google.world.carry(eve)
    for stage in (google.active, google.standby):
        stage.federated = FederatedWay.STAGED
        stage.side.context = replace(stage.side.context, federated=FederatedWay.STAGED)
    expect(google.active)
    found = expect(google.standby, (Drift.MISSING_USER, dan), (Drift.MISSING_USER, eve))
    heals(google.standby, found)
    assert google.standby.side.pool.admin_get_user(f"staged-{dan}").enabled
    row = google.standby.side.ledger.read(Subject.user(eve))
    assert row.skipped == {"present": NotHeld.LINK_REFUSED}


def test_one_who_is_not_recorded_yet_is_a_missing_record(google: Settled) -> None:
    dan = _dan(google)
    heals(google.active, expect(google.active, (Drift.MISSING_RECORD, dan)))
    google.world.replicate()
    heals(google.standby, expect(google.standby, (Drift.MISSING_USER, dan)))
    assert _skipped(google.standby) == {NotHeld.FEDERATED: 1}
    assert google.standby.side.pool.meter.calls["AdminCreateUser"] == 3


def test_one_who_signed_in_in_the_standby_alone_is_left(google: Settled) -> None:
    google.standby.side.pool.federated_sign_in("Google", "7", CLAIMS)
    expect(google.standby)
    assert _skipped(google.standby) == {ALONE: 1}
    google.world.table.store(google.standby.side.region).put_claim(5)
    (suspect,) = google.standby.compare()[1]
    assert suspect.kind is Drift.MISSING_RECORD


def test_a_deletion_that_was_missed_is_found(google: Settled) -> None:
    dan = _dan(google)
    google.world.carry(dan)
    google.active.side.pool.admin_delete_user("google_7")
    heals(google.active, expect(google.active, (Drift.RECORD_OF_DELETED_USER, dan)))
    google.world.replicate()
    heals(google.standby, expect(google.standby, (Drift.STALE_RECORD, dan)))


def test_a_change_that_was_missed_in_the_standby_is_confirmed(google: Settled) -> None:
    dan = _dan(google)
    google.world.carry(dan)
    google.active.side.pool.federated_sign_in("Google", "7", {"email": "new@x.org"})
    heals(google.active, expect(google.active, (Drift.STALE_RECORD, dan)))
    google.world.replicate()
    heals(google.standby, expect(google.standby, (Drift.MISSING_USER, dan)))


def test_a_former_replay_is_found_told_and_left(
    settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the listing of the active pool, then at each run of the standby."""
    pool = settled.active.side.pool
    pool.create_identity_provider("Google")
    dan = _dan(settled)
    pool.admin_set_user_password("google_7", "Aa1!aaaaaa", permanent=True)
    with monkeypatch.context() as then:
        then.setattr(pools, "federated_fields", lambda _: {})
        settled.world.carry(dan)
    heals(settled.active, expect(settled.active, (Drift.STALE_RECORD, dan)))
    for key in settled.world.replicate():
        settled.standby.side.run({"origin_sub": key})
    expect(settled.standby)
    assert _skipped(settled.standby) == {NotHeld.FORMER_COPY: 1}
    assert settled.standby.side.pool.admin_get_user("google_7").enabled


def test_a_native_user_who_is_named_as_a_provider_s_is_drift_until_somebody_decides(
    settled: Settled,
) -> None:
    dan = settled.world.sign_up("google_7", CLAIMS)
    settled.standby.side.pool.create_identity_provider("Google")
    settled.standby.side.context.directory._schema = None  # type: ignore[attr-defined]
    settled.world.carry(dan)
    (suspect,) = expect(settled.standby, (Drift.MISSING_USER, dan))
    settled.standby.visit(suspect)
    assert settled.standby.side.ledger.read(Subject.user(dan)).reason == NotHeld.PROVIDERS_NAME
    (suspect,) = expect(settled.standby, (Drift.MISSING_USER, dan))
    assert suspect.cause == "left out for a reason: see its ledger row"
    record = settled.world.table.records(PRIMARY)[-1]
    assert not record.deleted


def _comes(stage: Stage) -> str:
    """A first sign-in of which no event tells. The local sub."""
    return stage.side.pool.federated_sign_in("Google", "7", CLAIMS).sub


def test_one_who_was_completed_is_in_sync_in_both(google: Settled) -> None:
    dan = _dan(google)
    google.world.carry(dan)
    google.standby.side.run({"local_sub": _comes(google.standby)})
    for stage in (google.active, google.standby):
        expect(stage)
    assert _skipped(google.standby) == {}
    assert google.standby.side.ledger.read(Subject.user(dan)).local_sub != dan


def test_one_whose_first_sign_in_no_event_told_is_completed_by_a_run(google: Settled) -> None:
    """Where people are: in the standby nobody new is recorded by a run."""
    dan = _dan(google)
    google.world.carry(dan)
    there = _comes(google.standby)
    expect(google.standby)
    google.world.table.store(google.standby.side.region).put_claim(5)
    suspects = expect(google.standby, (Drift.MISSING_RECORD, there))
    heals(google.standby, suspects)
    assert google.standby.side.ledger.origin_of(there) == dan


def test_one_who_could_be_two_is_drift_until_somebody_decides(google: Settled) -> None:
    dan = _dan(google)
    google.world.carry(dan)
    store = google.world.table.store(PRIMARY)
    record = store.read(Subject.user(dan))[0].own
    assert record is not None
    draft = Draft(Subject.user("another"), record.epoch_number, record.fields, False, None)
    store.put(draft, google.active.clock.now())
    for key in google.world.replicate():
        google.standby.side.run({"origin_sub": key})
    google.world.table.store(google.standby.side.region).put_claim(5)
    there = _comes(google.standby)
    for _ in range(2):
        (suspect,) = [s for s in google.standby.compare()[1] if s.local_sub == there]
        assert suspect.kind is Drift.MISSING_RECORD
        google.standby.visit(suspect)
    assert suspect.cause == "left out for a reason: see its ledger row"
    row = google.standby.side.ledger.read(Subject.user(there))
    assert (row.reason, dict(row.skipped)) == (NotHeld.AMBIGUOUS, {FEDERATED: NotHeld.AMBIGUOUS})
    counted = google.standby.ledger.not_held(shard_of_key(there))
    assert counted[there] == {FEDERATED: NotHeld.AMBIGUOUS}


@pytest.mark.parametrize("recorded", [False, True])
def test_one_whose_provider_was_removed_is_told_and_no_drift(
    google: Settled, *, recorded: bool
) -> None:
    dan = _dan(google)
    if recorded:
        google.world.carry(dan)
    accounts = google.active.side.pool
    account = accounts._accounts.find("google_7")
    assert account is not None
    left = {name: v for name, v in account.attributes.items() if name != "identities"}
    accounts._put(replace(account, attributes=FrozenMap(left)))
    google.active.side.run({"local_sub": dan})
    for _ in range(2):
        expect(google.active)
        assert _skipped(google.active) == {NO_PROVIDER_TOLD: 1}
