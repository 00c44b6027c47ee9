"""Who gets into a pool without a password is counted from its listing, and named."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import PoolUser, UserStatus
from cognito_standby.core.domain.recoverability import Reason, Standing, recoverability
from cognito_standby.core.domain.sign_in import Factor, MfaMode, SignInRules
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.readiness import (
    LISTED,
    MEMBERSHIP,
    UNKNOWN,
    Count,
    NotHeldField,
    Readiness,
    sum_of,
    with_fields,
)
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.standings import identities_in, marks_of, standing_of
from cognito_standby.reconciliation.services.buckets import shards_of
from cognito_standby.reconciliation.services.run_store import RunStore
from cognito_standby.replication.domain.canary import EMAIL, NAME
from tests.twins.pool.listing import HostileListing, Hostility
from tests.twins.stores.password_notes import SharedPasswordNotes
from tests.unit.reconciliation.settled import Settled
from tests.unit.reconciliation.stage import Stage
from tests.unit.world import BACKUP, PRIMARY, World

pytestmark = pytest.mark.usefixtures("socket_disabled")
VERIFIED = {"email": "ann@example.org", "email_verified": "true"}
BOTH = {**VERIFIED, "phone_number": "+15550100", "phone_number_verified": "false"}


def compared(stage: Stage, **given: Any) -> tuple[Readiness, RunStore, Run]:
    stage.compare(**given)
    run = Run(f"run-{stage.runs}", "", stage.side.region, "", "")
    store = stage.context().store(run)
    readiness = store.readiness()
    assert readiness is not None
    return readiness, store, run


def named(store: RunStore, run: Run) -> dict[str, tuple[str, bool]]:
    return {
        each.local_sub: (each.reason, each.recorded)
        for shard in shards_of(run)
        for each in store.helpless(shard)
    }


def user(attributes: dict[str, str], status: UserStatus = UserStatus.CONFIRMED) -> PoolUser:
    return PoolUser("sub", "ann", status, True, attributes)


IDENTITY = '{"providerName": "Google", "userId": "%s"}'


@pytest.mark.parametrize(
    ("attributes", "marks"),
    [
        ({}, ""),
        (VERIFIED, "E"),
        (BOTH, "Ep"),
        ({"phone_number": "+1555", "phone_number_verified": "True"}, "P"),
        ({"email_verified": "true"}, ""),
        ({**VERIFIED, "identities": f"[{IDENTITY % '1'}, {IDENTITY % '2'}]"}, "E2"),
        ({"identities": "[]"}, ""),
        ({"identities": "[[["}, ""),
        ({"identities": '{"no": "list"}'}, ""),
    ],
)
def test_a_listing_tells_addresses_and_linked_identities(
    attributes: dict[str, str], marks: str
) -> None:
    assert marks_of(user(attributes)) == marks


def test_a_provider_s_own_identity_is_no_linked_one() -> None:
    own = '[{"userId": "1", "providerName": "Google", "primary": true}]'
    assert marks_of(user({"identities": own}, UserStatus.EXTERNAL_PROVIDER)) == ""
    untold = user({"identities": f"[{IDENTITY % '1'}]"}, UserStatus.EXTERNAL_PROVIDER)
    assert marks_of(untold) == "X", "of whom the pool tells no provider"
    assert identities_in("Ep12") == 12


def test_a_status_that_is_not_known_yet_is_opaque() -> None:
    standing = standing_of("FROZEN", "1", "E")
    assert recoverability(standing, SignInRules()).reason is Reason.OPAQUE_STATUS
    assert standing_of("CONFIRMED", "0", "e") == Standing(
        UserStatus.CONFIRMED, False, standing.reachable, frozenset()
    )


def test_the_standby_s_people_are_counted_by_reason_and_named(settled: Settled) -> None:
    pool = settled.standby.side.pool
    ann, ben, cyd = (settled.twin(sub) for sub in settled.subs)
    for name, verified in (("ann", "true"), ("ben", "false"), ("cyd", "true")):
        pool.admin_update_user_attributes(name, {"email_verified": verified})
    pool.admin_disable_user("cyd")
    readiness, store, run = compared(settled.standby)
    assert readiness.people == 3
    assert readiness.reasons == {"verified_email": 1, "no_verified_contact": 1, "disabled": 1}
    assert readiness.ways == {"password_reset": 1, "none": 2}
    assert readiness.not_by_themselves == {"no_verified_contact": 1}
    assert readiness.unrecorded == {}
    assert named(store, run) == {ben: ("no_verified_contact", True)}
    assert ann != cyd


def test_the_canary_is_nobody_who_would_have_to_come_in(settled: Settled) -> None:
    settled.standby.side.pool.admin_create_user(NAME, {"email": EMAIL, "email_verified": "true"})
    readiness, store, run = compared(settled.standby)
    assert readiness.people == 3
    assert "temporary_password" not in readiness.reasons
    assert {reason for reason, _ in named(store, run).values()} == {"no_verified_contact"}


def test_whom_the_other_region_never_gets_is_told_by_the_active_one(settled: Settled) -> None:
    pool = settled.active.side.pool
    signed = pool.sign_up("dan", "Aa1!aaaaaa", {"email": "dan@x.org"})
    eve = pool.federated_sign_in("Google", "1", {"email": "eve@x.org"})
    readiness, store, run = compared(settled.active)
    assert readiness.people == 5
    assert readiness.unrecorded == {"unconfirmed": 1, "provider_only": 1}
    assert readiness.ways["provider"] == 1
    told = named(store, run)
    assert told[signed] == ("unconfirmed", False)
    assert told[eve.sub] == ("provider_only", False)
    assert {told[sub] for sub in settled.subs} == {("no_verified_contact", True)}


@pytest.mark.parametrize("password", [False, True])
def test_a_provider_s_user_is_told_of_although_there_is_a_record(
    settled: Settled, password: bool
) -> None:
    """The other Region has the record, and makes nobody of it."""
    for stage in (settled.active, settled.standby):
        stage.side.pool.create_identity_provider("Google")
        stage.side.context.directory._schema = None  # type: ignore[attr-defined]
    pool = settled.active.side.pool
    eve = pool.federated_sign_in("Google", "1", {"email": "eve@x.org"})
    if password:
        pool.admin_set_user_password(eve.username, "Aa1!aaaaaa", permanent=True)
        pool.admin_update_user_attributes(eve.username, {"email_verified": "true"})
    settled.world.carry(eve.sub)
    readiness, store, run = compared(settled.active)
    assert readiness.missing_after_failover(active=True) == {"provider_only": 1}
    assert named(store, run)[eve.sub] == ("provider_only", False)
    assert (readiness.linked, readiness.identities) == (0, 0)


def test_the_pool_s_settings_decide(settled: Settled) -> None:
    for name in ("ann", "ben", "cyd"):
        told = {"email_verified": "true"}
        settled.standby.side.pool.admin_update_user_attributes(name, told)
    required = SignInRules(mfa=MfaMode.ON, factors=frozenset({Factor.SMS}))
    for rules, reason in (
        (SignInRules(), "verified_email"),
        (SignInRules(recovery=()), "only_administrators_reset"),
        (required, "mfa_cannot_be_enrolled"),
    ):
        settled.standby.listing.rules = rules  # type: ignore[attr-defined]
        readiness, *_ = compared(settled.standby)
        assert readiness.reasons == {reason: 3}


def test_who_is_listed_twice_counts_once() -> None:
    world = World()
    stage = Stage(
        world,
        world.primary,
        hostile=lambda real: HostileListing(real, Hostility(repeated=0.5, shuffled=0.5), Random(3)),
    )
    for number in range(70):
        world.sign_up(f"u{number}", {"email": f"u{number}@x.org"})
    readiness, store, run = compared(stage)
    assert readiness.reasons == {"no_verified_contact": 70}
    assert readiness.unrecorded == {"no_verified_contact": 70}
    assert len(named(store, run)) == 70


def test_a_wrong_copy_of_the_origin_sub_names_the_right_person(settled: Settled) -> None:
    pool = settled.standby.side.pool
    ben = settled.twin(settled.subs[1])
    pool.admin_update_user_attributes("ben", {"custom:origin_sub": "nobody"})
    _, store, run = compared(settled.standby)
    found = [each for shard in shards_of(run) for each in store.helpless(shard)]
    assert {each.key for each in found if each.local_sub == ben} == {settled.subs[1]}
    assert all(each.recorded for each in found)


def test_rows_of_an_older_release_do_not_count() -> None:
    rows = [("l1", "o1", "d", "1", "CONFIRMED"), ("l2", "o2", "d", "1", "CONFIRMED", "E")]
    readiness, helpless = Count(SignInRules()).of(rows, {"o1", "o2"}, {})
    assert (readiness.people, helpless) == (1, [])


def test_fields_that_are_not_held_are_counted_by_reason(settled: Settled) -> None:
    ledger, subject = settled.standby.side.ledger, Subject.user(settled.ann)
    row = ledger.read(subject)
    skipped = {
        "attr:custom:plan": NotHeld.NOT_IN_SCHEMA.value,
        "group:a": NotHeld.PROVIDERS_GROUP.value,
        "group:b": NotHeld.PROVIDERS_GROUP.value,
        "attr:nickname": "for a whim",
    }
    ledger._rows[subject] = row.__class__(**{**vars(row), "skipped": skipped})
    readiness, store, run = compared(settled.standby)
    assert readiness.not_held == {
        NotHeld.NOT_IN_SCHEMA.value: {"attr:custom:plan": 1},
        NotHeld.PROVIDERS_GROUP.value: {MEMBERSHIP: 2},
        UNKNOWN: {"attr:nickname": 1},
    }
    assert readiness.fields_not_held[NotHeld.PROVIDERS_GROUP.value] == 2
    found = [each for shard in shards_of(run) for each in store.not_held(shard)]
    assert found == [NotHeldField(settled.ann, f, r) for f, r in sorted(skipped.items())]


def test_shards_add_up() -> None:
    one = with_fields(
        Readiness(2, {"none": 2}, {"unconfirmed": 2}, {"unconfirmed": 1}, 1, 3),
        [NotHeldField("a", "attr:x", NotHeld.REFUSED.value)],
    )
    both = sum_of([one, one, Readiness()])
    assert both == Readiness(
        4,
        {"none": 4},
        {"unconfirmed": 4},
        {"unconfirmed": 2},
        2,
        6,
        {NotHeld.REFUSED.value: {"attr:x": 2}},
    )


def test_a_run_that_an_older_release_opened_counts_nothing(settled: Settled) -> None:
    stage = settled.standby
    before: Callable[[], SignInRules] = stage.listing.sign_in_rules
    stage.listing.sign_in_rules = lambda: None  # type: ignore[method-assign,return-value,assignment]
    run_id = f"run-{stage.runs + 1}"
    stage.compare()
    assert RunStore(stage.files, run_id).readiness() is None
    assert not [name for name in stage.files.bodies if "/readiness" in name]
    stage.listing.sign_in_rules = before  # type: ignore[method-assign]


def test_who_gets_in_is_not_named() -> None:
    assert Reason.DISABLED not in LISTED
    assert {r for r in Reason if r not in LISTED} == {
        *(Reason.VERIFIED_EMAIL, Reason.VERIFIED_PHONE),
        *(Reason.MFA_NEEDS_ENROLMENT, Reason.DISABLED),
    }


@pytest.mark.parametrize(("staging", "lacking"), [(False, {"provider_only": 1}), (True, {})])
def test_who_comes_by_a_provider_is_there_after_a_failover_if_staged(
    settled: Settled, staging: bool, lacking: dict[str, int]
) -> None:
    """Pairwise subjects are told by a reason of their own, and nobody is made of those."""
    pool = settled.active.side.pool
    settled.active.pairwise = frozenset({"Facebook"})
    settled.active.federated = FederatedWay.STAGED if staging else FederatedWay.ON_SIGN_IN
    for provider in ("Google", "Facebook"):
        pool.create_identity_provider(provider)
        settled.active.side.context.directory._schema = None  # type: ignore[attr-defined]
        settled.world.carry(pool.federated_sign_in(provider, "7", {}).sub)
    readiness, _, _ = compared(settled.active)
    assert readiness.reasons["pairwise_subject"] == readiness.reasons["provider_only"] == 1
    assert readiness.missing_after_failover(active=True) == {"pairwise_subject": 1, **lacking}


@pytest.mark.parametrize(
    ("identities", "reason"),
    [
        ("", Reason.TEMPORARY_PASSWORD),
        ('[{"userId": "1", "providerName": "G"}]', Reason.PROVIDER_ONLY),
    ],
)
def test_a_temporary_password_hinders_nobody_whose_provider_lets_them_in(
    identities: str, reason: Reason
) -> None:
    found = user({"identities": identities}, UserStatus.FORCE_CHANGE_PASSWORD)
    standing = standing_of(found.status.value, "1", marks_of(found))
    assert recoverability(standing, SignInRules()).reason is reason


def test_who_set_a_password_while_the_other_region_was_active_is_counted() -> None:
    world, notes = World(), SharedPasswordNotes(page=1)
    subs = [world.sign_up(name, {"email": f"{name}@example.org"}) for name in ("ann", "bob", "eve")]
    for sub in subs:
        world.carry(sub)
    world.backup.context.records.put_claim(2)
    world.table.replicate_all()
    at = "2026-03-04T05:06:07.000+00:00"
    there, here = notes.store(BACKUP), notes.store(PRIMARY)
    for sub in subs[:2]:
        there.note(Subject.user(sub), 2, at, "")
    here.note(Subject.user(subs[1]), 1, at, "")
    here.note(Subject.user(subs[2]), 1, at, "")
    there.note(Subject.user("nobody-here"), 2, at, "")
    found = {}
    for side, store in ((world.primary, here), (world.backup, there)):
        stage = Stage(world, side)
        stage.passwords_set = store
        found[side.region] = compared(stage)[0].changed_passwords
    assert found == {PRIMARY: {"reset_changed": 2}, BACKUP: {}}
    one = Readiness(changed_passwords=found[PRIMARY])
    assert sum_of([one, one]).changed_passwords == {"reset_changed": 4}


def test_a_native_user_whom_a_provider_lets_in_is_in_the_other_region_by_their_record() -> None:
    """A replay makes them; only a provider's own user is made by nobody but their sign-in."""
    ends = [("FORCE_CHANGE_PASSWORD", "E1"), ("EXTERNAL_PROVIDER", "E"), ("CONFIRMED", "EF")]
    rows = [(f"l{n}", f"o{n}", "d", "1", *end) for n, end in enumerate(ends)]
    readiness, helpless = Count(SignInRules()).of(rows, {"o0", "o1", "o2"}, {})
    assert readiness.reasons == {"provider_only": 3}
    assert readiness.unrecorded == {"provider_only": 2}
    assert [each.recorded for each in helpless] == [True, False, False]
    alone, _ = Count(SignInRules()).of(rows[:1], set(), {})
    assert alone.unrecorded == {"provider_only": 1}, "of whom there is no record"
