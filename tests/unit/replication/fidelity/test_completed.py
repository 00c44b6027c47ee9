"""A provider's user is the same person in the other pool, from their first sign-in there on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from cognito_standby.core.domain.errors import (
    LeaseHeldError,
    NotYetVisibleError,
    ServiceUnavailableError,
)
from cognito_standby.core.domain.identities import FederatedWay, Identity
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, PoolGroup, PoolUser
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import FEDERATED, Subject
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.pool.user_directory import InMemoryUserDirectory
from tests.unit.replication.fidelity.stage import MODES, Stage, own_record, pool_with, stage
from tests.unit.world import Side

ANN = {"email": "ann@example.org", "given_name": "Ann"}
GOLD = pool_with(custom__plan=AttributeSpec(), custom__born=AttributeSpec(mutable=False))


def _stage(active: PoolConfig | None = None, standby: PoolConfig | None = None) -> Stage:
    at = stage(active or GOLD, standby)
    for side in (at.active, at.standby):
        side.pool.create_identity_provider("Google")
        side.pool.create_group(PoolGroup("staff"))
    at.group("staff")
    return at


def _enter(at: Stage, side: Side, subject: str = "1029", **told: str) -> PoolUser:
    """A sign-in, and the hint that PostConfirmation publishes about a first one."""
    user = side.pool.federated_sign_in("Google", subject, {**ANN, **told})
    now = side.clock.now().isoformat()
    side.run({"local_sub": user.sub, "created": True, "hinted_at": now}, f"of-{user.sub}#0")
    at.settle()
    return side.pool.admin_get_user(user.username)


def _known(at: Stage, subject: str = "1029", **told: str) -> str:
    """Ann, whom the active pool has known for a while. Her origin sub."""
    ann = _enter(at, at.active, subject, **told)
    at.active.pool.admin_add_user_to_group(ann.username, "staff")
    at.active.pool.admin_update_user_attributes(ann.username, {"custom:plan": "gold"})
    at.settle(ann.sub)
    return ann.sub


def _origin(side: Side, user: PoolUser) -> str | None:
    return side.ledger.origin_of(user.sub)


def _shown(side: Side, user: PoolUser) -> dict[str, str]:
    names = ("email", "email_verified", "given_name", "custom:plan")
    attributes = side.pool.admin_get_user(user.username).attributes
    return {name: attributes[name] for name in names if name in attributes}


@pytest.mark.parametrize("failed_over", [False, True], ids=["standing by", "failed over"])
@pytest.mark.parametrize("mode", MODES)
def test_they_are_completed_at_their_first_sign_in_there(mode: str, *, failed_over: bool) -> None:
    at = _stage(replace(MODES[mode], attributes=GOLD.attributes))
    ann = _known(at)
    if failed_over:
        at.fail_over()
    there = _enter(at, at.standby)
    assert there.sub != ann
    assert _origin(at.standby, there) == ann
    assert _shown(at.standby, there)["custom:plan"] == "gold"
    assert "staff" in at.standby.context.directory.get_user_by_sub(there.sub).groups  # type: ignore[union-attr]
    assert there.attributes[ORIGIN_SUB_ATTRIBUTE] == ann
    row = at.standby.ledger.read(Subject.user(ann))
    assert (row.state, row.local_sub, row.given) == (SyncState.IN_SYNC, there.sub, None)
    assert {each.subject.id for each in at.world.table.records(at.active.region)} >= {ann}
    assert there.sub not in {e.subject.id for e in at.world.table.records(at.standby.region)}
    assert at.standby.ledger.listed_conflicts() == ()
    assert at.failed == []


def test_what_the_sign_in_brings_is_newer_where_people_are() -> None:
    """And the flag of an address that both know is the record's: a sign-in unsets it."""
    at = _stage()
    ann = _known(at, family_name="Ng")
    at.active.pool.admin_update_user_attributes("google_1029", {"email_verified": "true"})
    at.settle(ann)
    at.fail_over()
    there = _enter(at, at.standby, given_name="Anna")
    assert _shown(at.standby, there) == {
        **{"email": "ann@example.org", "email_verified": "true"},
        **{"given_name": "Anna", "custom:plan": "gold"},
    }
    assert there.attributes["family_name"] == "Ng"
    home = at.active.pool.admin_get_user("google_1029")
    assert (home.sub, home.attributes["given_name"]) == (ann, "Anna")
    assert at.standby.ledger.listed_conflicts() == ()
    assert at.failed == []


@pytest.mark.parametrize("change", ["attribute", "deletion"])
@pytest.mark.parametrize("at_home", [True, False], ids=["at home", "completed"])
def test_they_are_found_although_the_pool_has_no_provider_any_more(
    change: str, *, at_home: bool
) -> None:
    """AdminGetUser does not know their sub, and the listing says that they are there."""
    at = _stage()
    ann = _known(at)
    _enter(at, at.standby)
    if not at_home:
        at.fail_over()
    here, there = (at.active, at.standby) if at_home else (at.standby, at.active)
    for side in (here, there):
        side.pool.delete_identity_provider("Google")
        side.context.directory._schema = None  # type: ignore[attr-defined]
    if change == "deletion":
        here.pool.admin_delete_user("google_1029")
    else:
        here.pool.admin_update_user_attributes("google_1029", {"family_name": "Ng"})
    here.run({"origin_sub": ann})
    at.settle()
    assert at.failed == []
    assert own_record(here, ann).deleted == (change == "deletion")
    twin = there.pool.admin_get_user("google_1029")
    assert twin.enabled == (change != "deletion")
    assert twin.attributes.get("family_name") == (None if change == "deletion" else "Ng")


def test_whose_record_is_on_its_way_is_waited_for() -> None:
    """The entry by which they are found has come before it: they would be two people."""
    at = _stage()
    at.world.table.partitioned = True
    ann = at.active.pool.federated_sign_in("Google", "1029", ANN)
    at.active.run({"local_sub": ann.sub})
    at.world.table.early.add((Identity("Google", "1029").text, ann.sub))
    there = at.standby.pool.federated_sign_in("Google", "1029", ANN)
    with pytest.raises(NotYetVisibleError, match="on its way"):
        at.standby.run({"local_sub": there.sub})
    assert not at.standby.context.records.read(Subject.user(there.sub))[0].records
    at.world.table.partitioned = False
    at.world.table.replicate_all()
    at.standby.run({"local_sub": there.sub})
    at.settle()
    assert _origin(at.standby, there) == ann.sub
    assert at.failed == []


def test_in_a_pool_that_stands_by_the_record_wins() -> None:
    at = _stage()
    _known(at)
    there = _enter(at, at.standby, given_name="Anna", email="new@example.org")
    assert _shown(at.standby, there)["given_name"] == "Ann"
    assert _shown(at.standby, there)["email"] == "ann@example.org"
    assert at.active.pool.admin_get_user("google_1029").attributes["given_name"] == "Ann"


def test_what_the_pool_cannot_hold_is_told_and_kept_in_the_record() -> None:
    at = _stage(GOLD, pool_with())
    ann = _known(at)
    at.fail_over()
    there = _enter(at, at.standby, given_name="Anna")
    assert at.not_held(ann) == {"attr:custom:plan": NotHeld.NOT_IN_SCHEMA}
    assert _origin(at.standby, there) == ann
    home = at.active.pool.admin_get_user("google_1029").attributes
    assert (home["given_name"], home["custom:plan"]) == ("Anna", "gold")


@pytest.mark.parametrize("failed_over", [False, True])
def test_who_is_disabled_is_so_before_anything_else(*, failed_over: bool) -> None:
    at = _stage()
    ann = _known(at)
    at.active.pool.admin_disable_user("google_1029")
    at.settle(ann)
    if failed_over:
        at.fail_over()
    there = _enter(at, at.standby)
    assert not there.enabled
    assert _origin(at.standby, there) == ann
    assert at.failed == []


def test_a_link_of_theirs_stays_at_home_is_told_and_kept_in_the_record() -> None:
    """A record that forgot it would let the other identity come as a stranger."""
    at, acme = _stage(), Identity("Acme", "s1")
    for side in (at.active, at.standby):
        side.pool.create_identity_provider("Acme")
        side.context.directory._schema = None  # type: ignore[attr-defined]
    ann = _known(at)
    at.active.pool.admin_link_provider_for_user("google_1029", "Acme", "s1")
    at.settle(ann)
    at.fail_over()
    there = _enter(at, at.standby)
    assert at.not_held(ann) == {acme.linked: NotHeld.PROVIDERS_LINK}
    at.standby.pool.admin_update_user_attributes(there.username, {"custom:plan": "silver"})
    at.standby.run({"local_sub": there.sub})
    at.settle()
    own = own_record(at.standby, ann)
    assert (own.fields["attr:custom:plan"], own.fields[acme.linked]) == ("silver", acme.text)
    other = at.standby.pool.federated_sign_in("Acme", "s1", ANN)
    at.standby.run({"local_sub": other.sub})
    at.settle()
    assert at.standby.ledger.read(Subject.user(other.sub)).reason == NotHeld.AMBIGUOUS
    assert _origin(at.standby, other) is None
    assert at.standby.ledger.listed_conflicts() == ()
    assert at.failed == []


def test_who_went_from_home_and_signs_in_first_in_the_other_pool_is_found_at_home() -> None:
    """The same mechanism in the other direction, after a failback."""
    at = _stage()
    at.fail_over()
    ben = _enter(at, at.standby, "77")
    at.standby.pool.admin_update_user_attributes(ben.username, {"custom:plan": "silver"})
    at.standby.run({"local_sub": ben.sub})
    at.settle()
    at.claim_home()
    at.settle()
    home = _enter(at, at.active, "77")
    assert _origin(at.active, home) == ben.sub
    assert _shown(at.active, home)["custom:plan"] == "silver"
    assert at.failed == []


def _of_acme(at: Stage) -> PoolUser:
    at.standby.pool.create_identity_provider("Acme")
    at.standby.context.directory._schema = None  # type: ignore[attr-defined]
    user = at.standby.pool.federated_sign_in("Acme", "1029", ANN)
    at.standby.run({"local_sub": user.sub})
    at.settle()
    return user


STRANGERS: Mapping[str, Callable[[Stage], PoolUser]] = {
    "another subject of the same address": lambda at: _enter(at, at.standby, "1030"),
    "a subject in another case": lambda at: _enter(at, at.standby, "aBc"),
    "another provider's": _of_acme,
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_is_a_person_of_their_own(who: str) -> None:
    at = _stage()
    ann = _known(at)
    abc = _known(at, "AbC")
    at.fail_over()
    user = STRANGERS[who](at)
    assert _origin(at.standby, user) == user.sub
    assert "custom:plan" not in user.attributes
    told = {e.subject.id for e in at.world.table.records(at.standby.region)}
    assert told == {ann, abc, user.sub, "staff"}
    assert at.failed == []


def _twice(at: Stage) -> str:
    """Two records: both pools knew the identity before either Region knew of the other's."""
    at.standby.context = replace(at.standby.context, federated=FederatedWay.SKIP)
    at.fail_over()
    _enter(at, at.standby)
    at.standby.context = replace(at.standby.context, federated=FederatedWay.ON_SIGN_IN)
    return at.standby.pool.admin_get_user("google_1029").sub


def test_where_two_could_be_meant_nobody_is_linked() -> None:
    """Another pool has taken the standby's place: of both records nobody is in it."""
    at = _stage()
    ann = _known(at)
    two = _twice(at)
    at.standby.pool.admin_delete_user("google_1029")
    at.claim_home()
    at.settle()
    at.standby.run({"origin_sub": two})
    there = _enter(at, at.standby)
    assert _origin(at.standby, there) is None
    assert "custom:plan" not in there.attributes
    row = at.standby.ledger.read(Subject.user(there.sub))
    assert (row.state, row.reason) == (SyncState.SKIPPED, NotHeld.AMBIGUOUS)
    assert row.skipped == {FEDERATED: NotHeld.AMBIGUOUS}
    assert at.failed == []
    _forget(at, two)
    at.standby.run({"local_sub": there.sub})
    at.settle()
    assert _origin(at.standby, there) == ann, "as soon as one is left"


def _forget(at: Stage, sub: str) -> None:
    """Somebody has decided that this record is nobody's."""
    own = own_record(at.standby, sub)
    draft = Draft(own.subject, own.epoch_number, own.fields, True, own.revision)
    at.standby.context.records.put(draft, at.standby.clock.now())
    at.settle()


def test_an_identity_that_is_a_native_user_s_by_now_links_nobody() -> None:
    at = _stage()
    ann = at.world.sign_up("ann", ANN)
    at.active.pool.admin_link_provider_for_user("ann", "Google", "1029")
    at.standby.pool.federated_sign_in("Google", "1029", ANN)
    at.settle(ann)
    there = _enter(at, at.standby)
    assert _origin(at.standby, there) is None
    row = at.standby.ledger.read(Subject.user(there.sub))
    assert row.reason == NotHeld.AMBIGUOUS
    assert at.failed == []


def test_who_was_deleted_and_comes_again_is_a_new_person() -> None:
    at = _stage()
    ann = _known(at)
    at.active.pool.admin_delete_user("google_1029")
    at.settle(ann)
    at.fail_over()
    there = _enter(at, at.standby)
    assert _origin(at.standby, there) == there.sub
    assert "custom:plan" not in there.attributes
    assert at.failed == []


def test_who_was_deleted_a_moment_ago_is_one_too() -> None:
    """In the active pool, where the deletion has yet to be captured."""
    at = _stage()
    ann = _known(at)
    at.active.pool.admin_delete_user("google_1029")
    again = _enter(at, at.active)
    assert _origin(at.active, again) == again.sub
    at.settle(ann)
    assert own_record(at.active, ann).deleted
    assert _origin(at.active, again) == again.sub
    assert at.failed == []


def test_who_is_removed_from_a_pool_that_stands_by_comes_back_as_themselves() -> None:
    at = _stage()
    ann = _known(at)
    first = _enter(at, at.standby)
    at.standby.pool.admin_delete_user("google_1029")
    again = _enter(at, at.standby)
    assert again.sub != first.sub
    assert _origin(at.standby, again) == ann
    assert _shown(at.standby, again)["custom:plan"] == "gold"
    assert at.failed == []


def test_a_subject_that_means_another_person_there_is_compared_with_nobody() -> None:
    at = _stage()
    for side in (at.active, at.standby):
        directory = InMemoryUserDirectory(side.pool, pairwise=frozenset({"Google"}))
        side.context = replace(side.context, directory=directory)
    ann = _known(at)
    there = _enter(at, at.standby)
    assert _origin(at.standby, there) != ann
    assert there.attributes.get(ORIGIN_SUB_ATTRIBUTE) != ann
    assert not at.standby.ledger.read(Subject.user(ann)).local_sub
    assert at.failed == []


def test_nobody_is_compared_where_the_config_says_so() -> None:
    at = _stage()
    _known(at)
    at.standby.context = replace(at.standby.context, federated=FederatedWay.SKIP)
    at.fail_over()
    there = _enter(at, at.standby)
    assert _origin(at.standby, there) == there.sub
    assert "custom:plan" not in there.attributes


def test_an_index_that_does_not_answer_makes_nobody_a_stranger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = _stage()
    _known(at)

    def silent(_: str) -> tuple[str, ...]:
        raise ServiceUnavailableError("the index does not answer")

    monkeypatch.setattr(at.standby.context.records, "named", silent)
    there = at.standby.pool.federated_sign_in("Google", "1029", ANN)
    with pytest.raises(ServiceUnavailableError):
        at.standby.run({"local_sub": there.sub})
    assert _origin(at.standby, there) is None
    monkeypatch.undo()
    at.standby.clock.advance(200)
    assert _origin(at.standby, _enter(at, at.standby)) is not None


def test_a_subject_at_work_is_not_waited_for_with_a_lease_in_hand() -> None:
    at = _stage()
    ann = _known(at)
    at.standby.ledger.take_lease(Subject.user(ann), "another#0")
    there = at.standby.pool.federated_sign_in("Google", "1029", ANN)
    with pytest.raises(LeaseHeldError):
        at.standby.run({"local_sub": there.sub}, "of-ann#0")
    assert _origin(at.standby, there) is None
    stranger = Subject.user(there.sub)
    at.standby.ledger.take_lease(stranger, "a third#0")  # nobody waits for who waits
    at.standby.ledger.release(stranger, "a third#0")
    at.standby.clock.advance(200)
    assert _origin(at.standby, _enter(at, at.standby)) == ann


def test_a_visit_by_the_user_s_own_sub_finds_whose_they_are() -> None:
    """As a reconciliation hands on whom it has found: before, and after."""
    at = _stage()
    ann = _known(at)
    there = at.standby.pool.federated_sign_in("Google", "1029", ANN)
    for _ in range(2):
        at.standby.run({"origin_sub": there.sub})
        at.settle()
        assert _origin(at.standby, there) == ann
        assert at.standby.ledger.read(Subject.user(ann)).state is SyncState.IN_SYNC
    assert _shown(at.standby, there)["custom:plan"] == "gold"


def test_a_provider_that_was_removed_makes_nobody_a_native_user() -> None:
    """Where the pool tells no identity any more; the record keeps it."""
    at = _stage()
    ann = _known(at)
    account = at.active.pool._accounts.find("google_1029")
    assert account is not None
    left = {name: v for name, v in account.attributes.items() if name != "identities"}
    at.active.pool._put(replace(account, attributes=type(account.attributes)(left)))
    at.settle(ann)
    assert FEDERATED in own_record(at.active, ann).fields
    assert at.standby.pool.list_users().users == ()
    assert at.failed == []


@pytest.mark.parametrize("failed_over", [False, True])
@pytest.mark.parametrize("call", ["set_attributes", "set_enabled", "join_group"])
def test_an_execution_that_dies_on_the_way_is_gone_on_with(
    monkeypatch: pytest.MonkeyPatch, call: str, *, failed_over: bool
) -> None:
    """Any other one does, from whatever hint: what is written was named before."""
    at = _stage()
    ann = _known(at)
    at.active.pool.admin_disable_user("google_1029")
    at.settle(ann)
    if failed_over:
        at.fail_over()

    def dies(*_: object) -> None:
        raise ServiceUnavailableError("the function died")

    there = at.standby.pool.federated_sign_in("Google", "1029", {**ANN, "given_name": "Anna"})
    with monkeypatch.context() as broken:
        broken.setattr(at.standby.context.directory, call, dies)
        with pytest.raises(ServiceUnavailableError):
            at.standby.run({"local_sub": there.sub}, "that-dies#0")
    assert _origin(at.standby, there) == ann, "bound already"
    at.standby.clock.advance(200)
    at.standby.run({"local_sub": there.sub}, "another#0")
    at.settle()
    seen = at.standby.pool.admin_get_user("google_1029")
    assert (seen.enabled, _shown(at.standby, seen)["custom:plan"]) == (False, "gold")
    assert "staff" in at.standby.context.directory.get_user_by_sub(there.sub).groups  # type: ignore[union-attr]
    assert _shown(at.standby, seen)["given_name"] == ("Anna" if failed_over else "Ann")
    assert at.standby.ledger.listed_conflicts() == ()
    assert at.failed == []


def test_a_change_between_the_binding_and_the_replay_is_kept_where_people_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = _stage()
    ann = _known(at)
    at.fail_over()
    at.standby.pool.create_group(PoolGroup("night"))
    at.standby.run({"group": "night"})
    join = at.standby.context.directory.join_group

    def meanwhile(username: str, group: str) -> None:
        monkeypatch.undo()
        at.standby.pool.admin_update_user_attributes(username, {"custom:plan": "silver"})
        at.standby.pool.admin_add_user_to_group(username, "night")
        join(username, group)

    monkeypatch.setattr(at.standby.context.directory, "join_group", meanwhile)
    there = _enter(at, at.standby)
    assert _origin(at.standby, there) == ann
    assert _shown(at.standby, there)["custom:plan"] == "silver"
    own = own_record(at.standby, ann)
    assert {"group:staff", "group:night"} <= set(own.fields)
    assert own.fields["attr:custom:plan"] == "silver"
    assert at.failed == []
