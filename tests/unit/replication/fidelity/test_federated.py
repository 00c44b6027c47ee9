"""People who come through an identity provider: recorded, and never made as native users."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.core.domain import pools
from cognito_standby.core.domain.identities import (
    FederatedWay,
    Identity,
    federated_fields,
    provider_of_name,
)
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import is_state
from cognito_standby.core.domain.records import Partition
from cognito_standby.core.domain.subjects import FEDERATED, Subject, SubjectKind
from tests.twins.pool.config import PoolConfig
from tests.unit.replication.fidelity.stage import MODES, Stage, own_record, stage
from tests.unit.world import PRIMARY, Side

ANN = {"email": "ann@example.org", "given_name": "Ann"}


def _with_google(active: PoolConfig | None = None) -> Stage:
    at = stage(active)
    for side in (at.active, at.standby):
        side.pool.create_identity_provider("Google")
    return at


def _enter(at: Stage, subject: str = "1029", **more: str) -> str:
    """A first sign-in, as PostConfirmation tells it. The local sub."""
    user = at.active.pool.federated_sign_in("Google", subject, {**ANN, **more})
    now = at.active.clock.now().isoformat()
    at.active.run({"local_sub": user.sub, "created": True, "hinted_at": now})
    at.settle()
    return user.sub


def _names(at: Stage) -> list[str]:
    return [user.username for user in at.standby.pool.list_users().users]


def _records_of(side: Side, sub: str) -> Partition:
    return side.context.records.read(Subject.user(sub))[0]


@pytest.mark.parametrize("mode", MODES)
def test_a_first_sign_in_is_recorded_and_nobody_is_made(mode: str) -> None:
    """At once: a look-up by sub finds local users only, so each hint was retried for minutes."""
    at = _with_google(MODES[mode])
    ann = _enter(at)
    assert at.failed == []
    (record,) = at.world.table.records(PRIMARY)
    assert record.fields[FEDERATED] == '["Google", "1029"]'
    assert record.fields["attr:given_name"] == "Ann"
    assert _names(at) == []
    assert at.not_held(ann) == {"present": NotHeld.FEDERATED}
    assert at.outcomes[-1]["reason"] == f"skipped: {NotHeld.FEDERATED}"
    assert at.standby.pool.meter.calls["AdminCreateUser"] == 0


def test_one_with_a_password_is_federated_still() -> None:
    at = _with_google()
    ann = _enter(at)
    name = at.active.context.directory.get_user_by_sub(ann).username  # type: ignore[union-attr]
    at.active.pool.admin_set_user_password(name, "Aa1!aaaaaa", permanent=True)
    at.settle(ann)
    assert at.failed == []
    assert _names(at) == []
    assert at.not_held(ann) == {"present": NotHeld.FEDERATED}


def test_a_change_and_a_deletion_are_recorded_too() -> None:
    at = _with_google()
    ann = _enter(at)
    _enter(at, given_name="Anna")
    assert at.world.table.records(PRIMARY)[0].fields["attr:given_name"] == "Anna"
    at.active.pool.admin_delete_user("google_1029")
    at.settle(ann)
    assert own_record(at.active, ann).deleted
    assert own_record(at.standby, ann).deleted
    assert at.failed == []


def test_after_a_failover_nobody_counts_as_deleted() -> None:
    """Nobody has signed in in the new active pool yet: that is no deletion, and no reason to make
    somebody. Who signs in is a person of their own where the config says so."""
    at = _with_google()
    at.standby.context = replace(at.standby.context, federated=FederatedWay.SKIP)
    ann = _enter(at)
    at.fail_over()
    at.standby.run({"origin_sub": ann})
    at.settle()
    assert not own_record(at.active, ann).deleted
    assert at.active.pool.admin_get_user("google_1029").sub == ann
    at.standby.pool.federated_sign_in("Google", "1029", ANN)
    there = at.standby.pool.admin_get_user("google_1029").sub
    at.standby.run({"local_sub": there, "created": True})
    at.settle()
    assert at.failed == []
    assert (
        own_record(at.standby, there).fields[FEDERATED]
        == own_record(at.active, ann).fields[FEDERATED]
    )
    assert _records_of(at.standby, ann).own is None
    assert len(at.active.pool.list_users().users) == 1


def test_who_is_removed_from_a_pool_that_stands_by_is_no_deletion_later() -> None:
    at = _with_google()
    ann = _enter(at)
    at.fail_over()
    at.active.pool.admin_delete_user("google_1029")
    at.settle(ann)
    assert at.active.ledger.read(Subject.user(ann)).skipped == {"present": NotHeld.FEDERATED}
    at.claim_home()
    at.active.run({"origin_sub": ann})
    at.settle()
    assert not own_record(at.active, ann).deleted


@pytest.fixture
def former(monkeypatch: pytest.MonkeyPatch) -> tuple[Stage, str]:
    """A native user in the standby, made by a release that looked at the status only; its pool has
    had the provider since."""
    at = stage()
    at.active.pool.create_identity_provider("Google")
    ann = at.active.pool.federated_sign_in("Google", "1029", ANN).sub
    at.active.pool.admin_set_user_password("google_1029", "Aa1!aaaaaa", permanent=True)
    with monkeypatch.context() as then:
        then.setattr(pools, "federated_fields", lambda _: {})
        at.settle(ann)
    assert _names(at) == ["google_1029"]
    at.standby.pool.create_identity_provider("Google")
    at.settle(ann)
    return at, ann


def test_a_former_replay_is_found_and_told_and_left(former: tuple[Stage, str]) -> None:
    at, ann = former
    assert _names(at) == ["google_1029"]
    row = at.standby.ledger.read(Subject.user(ann))
    assert (row.state, row.reason) == (SyncState.SKIPPED, NotHeld.FORMER_COPY)
    assert at.failed == []


@pytest.mark.parametrize("failed_over", [False, True])
def test_a_former_replay_that_somebody_removes_was_nobody_s_deletion(
    former: tuple[Stage, str], failed_over: bool
) -> None:
    at, ann = former
    if failed_over:
        at.fail_over()
    at.standby.pool.admin_delete_user("google_1029")
    at.standby.run({"origin_sub": ann})
    at.settle()
    assert at.not_held(ann) == {"present": NotHeld.FEDERATED}
    assert at.active.pool.admin_get_user("google_1029").enabled
    assert not own_record(at.active, ann).deleted
    assert _records_of(at.standby, ann).own is None


def test_nobody_is_made_with_the_name_of_one_of_a_provider_s() -> None:
    """Where the active pool has no such provider; case is passed over."""
    at = stage()
    at.standby.pool.create_identity_provider("Google")
    ann = at.world.sign_up("gOOGLE_1029", {})
    ben = at.world.sign_up("googler", {})
    at.settle(ann, ben)
    assert _names(at) == ["googler"]
    row = at.standby.ledger.read(Subject.user(ann))
    assert (row.state, row.reason) == (SyncState.SKIPPED, NotHeld.PROVIDERS_NAME)
    assert at.failed == []
    at.standby.pool.federated_sign_in("Google", "1029", ANN)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("", {}),
        ("no JSON", {}),
        ("{}", {}),
        ("[1, null, {}]", {}),
        ('[{"userId": "1", "providerName": "Google", "primary": false}]', {}),
        ('[{"userId": "1", "providerName": "Google", "primary": "true"}]', '["Google", "1"]'),
        ('[{"userId": 1, "providerName": "Google", "primary": true}]', '["Google", "1"]'),
    ],
)
def test_identities_of_any_shape(told: str, found: object) -> None:
    fields = federated_fields({"identities": told})
    assert fields == ({FEDERATED: found} if found else {})
    assert is_state(SubjectKind.USER, fields)


@pytest.mark.parametrize("text", ["", "x", "[]", '["Google"]', '["Google", ""]', '["Google", 1]'])
def test_what_is_no_identity_is_no_state(text: str) -> None:
    assert Identity.from_text(text) is None
    assert not is_state(SubjectKind.USER, {FEDERATED: text})


def test_names_of_a_provider_s() -> None:
    assert provider_of_name("google_1", ("Acme", "Google")) == "Google"
    assert provider_of_name("Google", ("Google",)) == ""
    assert provider_of_name("Googler_1", ("Google",)) == ""


def test_a_removal_that_a_failover_overtakes_is_listed() -> None:
    """Nobody makes them again, and nothing of it may be silent."""
    at = _with_google()
    ann = _enter(at)
    at.fail_over()
    at.active.pool.admin_delete_user("google_1029")
    at.active.run({"origin_sub": ann})
    at.settle()
    (conflict,) = at.active.ledger.conflicts_of(Subject.user(ann))
    assert conflict.deletion
    assert at.active.ledger.read(Subject.user(ann)).skipped == {"present": NotHeld.FEDERATED}
