"""Identities that are linked to native users: recorded, and linked in the standby pool, too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from cognito_standby.core.domain.identities import Identity, identities_of, linked_fields
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import is_state
from cognito_standby.core.domain.records import version_needed
from cognito_standby.core.domain.subjects import LINKED, Fields, Subject, SubjectKind
from cognito_standby.replication.services.pool_calls import calls_between
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.unit.replication.fidelity.stage import Stage, own_record, pool_with, stage
from tests.unit.world import Side

GOOGLE, ACME = Identity("Google", "1029"), Identity("Acme", "s 1 é")


def _with_providers(at: Stage, *there: str) -> Stage:
    for side, names in ((at.active, ("Google", "Acme")), (at.standby, there)):
        for name in names:
            side.pool.create_identity_provider(name)
    return at


def _ann(at: Stage, *linked: Identity) -> str:
    ann = at.world.sign_up("ann", {"email": "ann@example.org"})
    for each in linked:
        _link(at.active, each)
    at.settle(ann)
    return ann


def _link(side: Side, who: Identity, name: str = "ann") -> None:
    side.pool.admin_link_provider_for_user(name, who.provider, who.subject)


def _linked(attributes: Mapping[str, str]) -> list[Identity]:
    told = json.loads(attributes.get("identities", "[]"))
    return [Identity(each["providerName"], each["userId"]) for each in told]


def _there(at: Stage, sub: str) -> list[Identity]:
    return _linked(at.shown(sub))


def test_links_travel_and_end() -> None:
    at = _with_providers(stage(), "Google", "Acme")
    ann = _ann(at, GOOGLE)
    assert _there(at, ann) == [GOOGLE]
    _link(at.active, ACME)
    at.settle(ann)
    assert sorted(_there(at, ann), key=str) == sorted([GOOGLE, ACME], key=str)
    at.active.pool.admin_disable_provider_for_user("Google", "1029")
    at.settle(ann)
    assert _there(at, ann) == [ACME]
    assert at.standby.pool.federated_sign_in("Acme", ACME.subject, {}).username == "ann"
    assert at.not_held(ann) == {}
    assert at.failed == []


def test_links_come_back_after_a_failover() -> None:
    at = _with_providers(stage(), "Google", "Acme")
    ann = _ann(at, GOOGLE)
    at.fail_over()
    _link(at.standby, ACME)
    at.standby.run({"origin_sub": ann})
    at.settle()
    assert sorted(_linked(at.active.pool.admin_get_user("ann").attributes), key=str) == sorted(
        [GOOGLE, ACME], key=str
    )
    assert at.failed == []


@pytest.mark.parametrize("failed_over", [False, True], ids=["standing by", "failed over"])
def test_a_deletion_ends_the_links_so_that_whoever_comes_next_is_new(*, failed_over: bool) -> None:
    """In the pool of the deletion they are somebody new at once; here the user is kept."""
    at = _with_providers(stage(), "Google", "Acme")
    ann = _ann(at, GOOGLE, ACME)
    at.active.pool.admin_delete_user("ann")
    at.active.run({"local_sub": ann})
    if failed_over:
        at.fail_over()
    at.settle()
    twin = at.twin(ann)
    assert twin is not None
    assert (twin.enabled, _there(at, ann)) == (False, [])
    new = at.standby.pool.federated_sign_in("Google", GOOGLE.subject, {})
    assert new.sub != twin.sub
    assert at.not_held(ann) == {}
    listed = at.standby.ledger.listed_conflicts()
    assert len(listed) == int(failed_over), "a deletion that came late, as anybody's"
    assert at.failed == []


def test_who_is_deleted_comes_back_with_their_links() -> None:
    at = _with_providers(stage(), "Google", "Acme")
    ann = _ann(at, GOOGLE)
    at.active.pool.admin_delete_user("ann")
    at.settle(ann)
    assert own_record(at.active, ann).fields[GOOGLE.linked] == GOOGLE.text, "for `undelete`"


def test_a_provider_that_the_standby_lacks_is_told_and_the_rest_replicated() -> None:
    at = _with_providers(stage(), "Google")
    ann = _ann(at, GOOGLE, ACME)
    assert _there(at, ann) == [GOOGLE]
    assert at.not_held(ann) == {ACME.linked: NotHeld.NO_PROVIDER}
    at.fail_over()
    at.standby.pool.admin_update_user_attributes("ann", {"name": "Ann"})
    at.standby.run({"origin_sub": ann})
    at.settle()
    here = _linked(at.active.pool.admin_get_user("ann").attributes)
    assert set(here) == {GOOGLE, ACME}, "what the standby could not hold is carried over"
    assert at.failed == []


def _signed_in(at: Stage) -> None:
    at.standby.pool.federated_sign_in("Google", "1029", {})


def _of_another(at: Stage) -> None:
    at.standby.pool.admin_create_user("eve", {})
    _link(at.standby, GOOGLE, "eve")


@pytest.mark.parametrize("before", [_signed_in, _of_another])
def test_a_link_that_the_pool_refuses_is_told_and_the_rest_replicated(before: object) -> None:
    at = _with_providers(stage(), "Google", "Acme")
    assert callable(before)
    before(at)
    ann = _ann(at, GOOGLE, ACME)
    assert _there(at, ann) == [ACME]
    assert at.not_held(ann) == {GOOGLE.linked: NotHeld.LINK_REFUSED}
    assert at.failed == []
    at.active.pool.admin_update_user_attributes("ann", {"name": "Ann"})
    at.settle(ann)
    assert at.shown(ann)["name"] == "Ann"
    at.active.pool.admin_disable_provider_for_user("Google", "1029")
    at.settle(ann)
    assert at.not_held(ann) == {}
    assert at.failed == []


def test_a_user_with_an_immutable_attribute_of_their_own_cannot_be_linked() -> None:
    at = _with_providers(
        stage(
            pool_with(custom__born=AttributeSpec()),
            pool_with(custom__born=AttributeSpec(mutable=False)),
        ),
        "Google",
    )
    ann = at.world.sign_up("ann", {"custom:born": "2000"})
    _link(at.active, GOOGLE)
    at.settle(ann)
    assert at.shown(ann) == {"custom:born": "2000"}
    assert at.not_held(ann) == {GOOGLE.linked: NotHeld.LINK_REFUSED}
    assert at.failed == []


def test_one_more_than_five_makes_room_first() -> None:
    at = _with_providers(stage(), "Google")
    five = [Identity("Google", str(number)) for number in range(5)]
    ann = _ann(at, *five)
    at.active.pool.admin_disable_provider_for_user("Google", "0")
    _link(at.active, Identity("Google", "5"))
    at.settle(ann)
    assert {each.subject for each in _there(at, ann)} == {"1", "2", "3", "4", "5"}
    assert at.not_held(ann) == {}


def test_a_link_made_in_the_standby_is_undone_and_listed() -> None:
    at = _with_providers(stage(), "Google")
    ann = _ann(at)
    _link(at.standby, GOOGLE)
    at.standby.run({"origin_sub": ann})
    at.settle()
    assert _there(at, ann) == []
    (conflict,) = at.standby.ledger.conflicts_of(Subject.user(ann))
    assert conflict.fields == {GOOGLE.linked: GOOGLE.text}


def test_a_call_that_is_cut_off_is_made_again() -> None:
    """It took effect, and nobody heard: the next look finds the link there."""
    at = _with_providers(stage(), "Google")
    ann = _ann(at)
    _link(at.active, GOOGLE)
    at.active.run({"local_sub": ann})
    at.world.replicate()
    _link(at.standby, GOOGLE)
    at.standby.run({"origin_sub": ann})
    assert _there(at, ann) == [GOOGLE]
    assert at.not_held(ann) == {}


def test_a_federated_user_s_links_are_recorded_and_left_to_the_pool() -> None:
    at = _with_providers(stage(), "Google", "Acme")
    sub = at.active.pool.federated_sign_in("Google", "1029", {}).sub
    _link(at.active, ACME, "google_1029")
    at.settle(sub)
    fields = at.world.table.records("us-east-1")[0].fields
    assert fields[ACME.linked] == ACME.text
    assert at.failed == []


def test_names_of_fields_tell_nobody_who() -> None:
    fields = linked_fields({"identities": json.dumps([_told(GOOGLE), _told(ACME)])})
    assert set(fields.values()) == {GOOGLE.text, ACME.text}
    assert not any("1029" in name or "Google" in name for name in fields)
    assert is_state(SubjectKind.USER, fields)
    assert version_needed(Subject.user("a"), fields) == 2


@pytest.mark.parametrize("value", ["", "[]", GOOGLE.text])
def test_what_is_no_linked_identity_is_no_state(value: str) -> None:
    assert not is_state(SubjectKind.USER, {ACME.linked: value})


def test_those_that_go_go_first() -> None:
    seen: Fields = {GOOGLE.linked: GOOGLE.text}
    calls = calls_between(seen, {ACME.linked: ACME.text}, (LINKED,))
    assert [(call.about, dict(call.shows)) for call in calls] == [
        ((GOOGLE.linked,), {}),
        ((ACME.linked,), {ACME.linked: ACME.text}),
    ]


def _told(who: Identity) -> dict[str, object]:
    return {"userId": who.subject, "providerName": who.provider, "primary": False}


def test_a_pool_of_addresses_links_by_the_username_that_it_made() -> None:
    config = replace(PoolConfig(), username_attributes=("email",))
    at = _with_providers(stage(config), "Google", "Acme")
    ann = at.active.pool.admin_create_user("ann@example.org", {"email": "ann@example.org"})
    at.active.pool.admin_set_user_password(ann.username, "Aa1!aaaaaa", permanent=True)
    _link(at.active, GOOGLE, ann.username)
    at.settle(ann.sub)
    assert _there(at, ann.sub) == [GOOGLE]


def test_all_identities_are_told_and_what_cannot_be_read_tells_none() -> None:
    told = [
        {"providerName": "Google", "userId": "1029", "primary": "true"},
        {"providerName": "Acme", "userId": "s 1 é", "primary": False},
        {"providerName": "Acme"},
    ]
    assert identities_of({"identities": json.dumps(told)}) == (GOOGLE, ACME)
    for unreadable in ("", "{", "7", '["Google"]', "[" * 100_000):
        assert identities_of({"identities": unreadable}) == ()
