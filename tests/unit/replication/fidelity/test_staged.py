"""People of an identity provider who are staged: there before their first sign-in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.identities import FederatedWay, Identity
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import (
    ORIGIN_SUB_ATTRIBUTE,
    PoolGroup,
    PoolUser,
    UserStatus,
)
from cognito_standby.core.domain.subjects import FEDERATED
from local.cognito_rules import federation as rules
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.pool.errors import CognitoError
from tests.unit.replication.fidelity.stage import LEASE, MODES, Stage, own_record, pool_with, stage

GOOGLE, ACME = Identity("Google", "1029"), Identity("Acme", "s1")
ANN = {"email": "ann@example.org", "email_verified": "true", "given_name": "Ann"}
NAMED = [name for name, mode in MODES.items() if not mode.username_attributes]


def _with_providers(
    at: Stage, *there: str, way: FederatedWay = FederatedWay.STAGED, pairwise: str = ""
) -> Stage:
    for side, names in ((at.active, ("Google", "Acme")), (at.standby, there)):
        for name in names:
            side.pool.create_identity_provider(name)
        side.context.directory.pairwise = frozenset({pairwise})  # type: ignore[attr-defined]
    return _under(at, way)


def _under(at: Stage, way: FederatedWay) -> Stage:
    for side in (at.active, at.standby):
        side.context = replace(side.context, federated=way)
    return at


def _staging(active: PoolConfig | None = None, standby: PoolConfig | None = None) -> Stage:
    return _with_providers(stage(active, standby), "Google", "Acme")


def _enter(at: Stage, **more: str) -> str:
    """A sign-in in the active pool. The local sub."""
    user = at.active.pool.federated_sign_in("Google", "1029", {**ANN, **more})
    at.settle(user.sub)
    return user.sub


def _come(at: Stage, **more: str) -> PoolUser:
    """A sign-in in the standby's pool."""
    return at.standby.pool.federated_sign_in("Google", "1029", {**ANN, **more})


def _profile(at: Stage, sub: str) -> PoolUser:
    twin = at.twin(sub)
    assert twin is not None
    return twin


def _linked(user: PoolUser) -> set[tuple[str, str, bool]]:
    told = json.loads(user.attributes.get("identities", "[]"))
    return {(each["providerName"], each["userId"], each["primary"]) for each in told}


def _names(at: Stage) -> list[str]:
    return [user.username for user in at.standby.pool.list_users().users]


def _is_settled(at: Stage) -> None:
    """Nothing gave up, and no hint finds anything to write."""
    assert at.failed == []
    for side in (at.active, at.standby):
        for row in side.ledger.rows():
            before = side.pool.meter.calls.copy()
            outcome = side.run({"origin_sub": row.subject.key})
            assert outcome["decision"] == "done"
            wrote = side.pool.meter.calls - before
            assert not any(name.startswith(("AdminCreate", "AdminUpdate")) for name in wrote)


@pytest.mark.parametrize("mode", NAMED)
def test_somebody_is_there_before_they_come(mode: str) -> None:
    at = _staging(MODES[mode])
    ann = _enter(at)
    made = _profile(at, ann)
    assert (made.username, made.status) == (f"staged-{ann}", UserStatus.FORCE_CHANGE_PASSWORD)
    assert _linked(made) == {("Google", "1029", False)}
    assert made.attributes["given_name"] == "Ann"
    assert made.attributes[ORIGIN_SUB_ATTRIBUTE] == ann
    own = (FEDERATED, "username", GOOGLE.linked)
    assert at.not_held(ann).items() >= dict.fromkeys(own, NotHeld.STAGED).items()
    assert at.standby.pool.messages == []
    come = _come(at)
    assert (come.sub, come.username) == (made.sub, made.username)
    assert at.standby.ledger.origin_of(come.sub) == ann, "so the first token claims it"
    assert len(_names(at)) == 1
    _is_settled(at)


@pytest.mark.parametrize("act", ["password", "forgot"])
def test_only_the_provider_lets_them_in(act: str) -> None:
    """Before they came, and after: what the provider says is verified is no way to a password."""
    at = _staging()
    made = _profile(at, _enter(at))
    for _ in range(2):
        with pytest.raises(CognitoError, match="NotAuthorized"):
            if act == "password":
                at.standby.pool.sign_in(made.username, "Aa1!aaaaaa")
            else:
                at.standby.pool.forgot_password(made.username)
        _come(at)
    assert at.standby.pool.messages == []


def test_a_password_that_an_administrator_sets_is_theirs() -> None:
    at = _staging()
    ann = _enter(at)
    at.standby.pool.admin_set_user_password(f"staged-{ann}", "Aa1!aaaaaa", permanent=True)
    _enter(at, given_name="Anna")
    assert _profile(at, ann).status is UserStatus.CONFIRMED
    assert at.shown(ann)["given_name"] == "Anna"
    _is_settled(at)


def test_changes_groups_locks_and_links_travel() -> None:
    at = _staging()
    at.active.pool.create_group(PoolGroup("staff"))
    at.group("staff")
    ann = _enter(at)
    name = "google_1029"
    at.active.pool.admin_add_user_to_group(name, "staff")
    at.active.pool.admin_link_provider_for_user(name, ACME.provider, ACME.subject)
    at.active.pool.admin_disable_user(name)
    at.settle(ann)
    made = _profile(at, ann)
    assert _linked(made) == {("Google", "1029", False), ("Acme", "s1", False)}
    assert (made.groups, made.enabled) == (("staff",), False)
    at.active.pool.admin_disable_provider_for_user(ACME.provider, ACME.subject)
    at.active.pool.admin_enable_user(name)
    at.settle(ann)
    assert _linked(_profile(at, ann)) == {("Google", "1029", False)}
    _is_settled(at)


def test_their_own_identity_is_linked_before_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five are the most, and a replay can be cut off after any of them."""
    at = _staging()
    ann = at.active.pool.federated_sign_in("Google", "1029", ANN).sub
    others = [Identity("Acme", str(number)) for number in range(rules.MAX_IDENTITIES - 1)]
    assert min(each.linked for each in others) < GOOGLE.linked
    for each in others:
        at.active.pool.admin_link_provider_for_user("google_1029", each.provider, each.subject)
    directory = at.standby.context.directory
    link = directory.link_identity

    def once(*given: str) -> None:
        if _linked(_profile(at, ann)):
            raise ServiceUnavailableError("cut")
        link(*given)

    monkeypatch.setattr(directory, "link_identity", once)
    at.settle(ann)
    assert _linked(_profile(at, ann)) == {("Google", "1029", False)}
    monkeypatch.undo()
    at.standby.clock.advance(LEASE)
    at.standby.run({"origin_sub": ann})
    assert len(_linked(_profile(at, ann))) == rules.MAX_IDENTITIES


def test_what_they_change_after_a_failover_goes_home_and_makes_nobody_native() -> None:
    at = _staging()
    at.active.pool.create_group(PoolGroup("staff"))
    at.group("staff")
    ann = _enter(at)
    at.fail_over()
    come = _come(at, given_name="Anna")
    at.standby.pool.admin_add_user_to_group(come.username, "staff")
    at.standby.run({"local_sub": come.sub})
    at.settle()
    record = own_record(at.standby, ann)
    assert record.fields[FEDERATED] == GOOGLE.text
    assert record.fields["username"] == "google_1029"
    assert GOOGLE.linked not in record.fields
    home = at.active.pool.admin_get_user("google_1029")
    assert home.status is UserStatus.EXTERNAL_PROVIDER
    assert home.attributes["given_name"] == "Anna"
    assert "staff" in at.active.pool.admin_list_groups_for_user("google_1029")
    assert len(at.active.pool.list_users().users) == 1
    assert _linked(home) == {("Google", "1029", True)}
    _is_settled(at)
    at.claim_home()
    at.settle()
    _enter(at, given_name="Ann")
    assert at.shown(ann)["given_name"] == "Ann"
    _is_settled(at)


def test_who_was_not_staged_before_a_failover_is_staged_after_it() -> None:
    at = _under(_staging(), FederatedWay.SKIP)
    ann = _enter(at)
    assert at.not_held(ann) == {"present": NotHeld.FEDERATED}
    _under(at, FederatedWay.STAGED).fail_over()
    at.standby.run({"origin_sub": ann})
    at.settle()
    assert _come(at).sub == _profile(at, ann).sub
    assert not own_record(at.active, ann).deleted
    _is_settled(at)


def _came_before(at: Stage) -> None:
    _come(at)


def _of_another(at: Stage) -> None:
    at.standby.pool.admin_create_user("eve", {})
    at.standby.pool.admin_link_provider_for_user("eve", "Google", "1029")


@pytest.mark.parametrize("before", [_came_before, _of_another])
def test_an_identity_that_cannot_be_linked_leaves_nobody_half_made(
    before: Callable[[Stage], None],
) -> None:
    at = _staging()
    before(at)
    there = _names(at)
    ann = _enter(at)
    assert _names(at) == there
    assert at.not_held(ann) == {"present": NotHeld.LINK_REFUSED}
    tried = at.standby.pool.meter.calls["AdminCreateUser"]
    _enter(at, given_name="Anna")
    assert at.standby.pool.meter.calls["AdminCreateUser"] == tried, "it is not tried again"
    assert not own_record(at.active, ann).deleted
    _is_settled(at)


ADDRESSES = replace(PoolConfig(), username_attributes=("email",))


@pytest.mark.parametrize(
    ("standby", "providers", "pairwise", "why"),
    [
        (None, ("Acme",), "", NotHeld.NO_PROVIDER),
        (None, ("Google", "Acme"), "Google", NotHeld.PAIRWISE),
        (ADDRESSES, ("Google", "Acme"), "", NotHeld.NOT_STAGED),
    ],
)
def test_who_cannot_be_staged_is_named_with_the_reason(
    standby: PoolConfig | None, providers: tuple[str, ...], pairwise: str, why: NotHeld
) -> None:
    at = _with_providers(stage(None, standby), *providers, pairwise=pairwise)
    ann = _enter(at)
    ben = at.world.sign_up("ben", {"email": "ben@example.org"})
    at.settle(ben)
    assert at.not_held(ann) == {"present": why}
    assert len(_names(at)) == 1, "and everybody else is there"
    _is_settled(at)


def test_no_identity_of_a_pairwise_provider_is_linked_to_anybody() -> None:
    at = _with_providers(stage(), "Google", "Acme", pairwise="Acme")
    ben = at.world.sign_up("ben", {})
    at.active.pool.admin_link_provider_for_user("ben", ACME.provider, ACME.subject)
    at.settle(ben)
    assert _linked(_profile(at, ben)) == set()
    assert at.not_held(ben) == {ACME.linked: NotHeld.PAIRWISE}
    assert at.failed == []


def test_what_would_forbid_the_link_is_left_out() -> None:
    born = pool_with(custom__born=AttributeSpec(mutable=False))
    at = _with_providers(stage(born), "Google")
    ann = _enter(at, **{"custom:born": "2000"})
    assert "custom:born" not in at.shown(ann)
    assert at.not_held(ann)["attr:custom:born"] == NotHeld.IMMUTABLE
    assert _linked(_profile(at, ann)) == {("Google", "1029", False)}
    _is_settled(at)


def test_an_alias_is_left_to_the_sign_in_and_to_native_users() -> None:
    at = _staging(MODES["aliases"])
    ann = _enter(at)
    assert "email" not in at.shown(ann)
    assert at.not_held(ann)["attr:email"] == NotHeld.LEFT_TO_SIGN_IN
    at.fail_over()
    come = _come(at)
    at.standby.run({"local_sub": come.sub})
    at.settle()
    assert at.shown(ann)["email"] == ANN["email"]
    _is_settled(at)


def test_a_deletion_ends_the_link_so_that_whoever_comes_next_is_new() -> None:
    at = _staging()
    ann = _enter(at)
    at.active.pool.admin_delete_user("google_1029")
    at.settle(ann)
    left = _profile(at, ann)
    assert (left.enabled, _linked(left)) == (False, set())
    assert own_record(at.standby, ann).deleted
    again = _enter(at)
    assert again != ann
    assert _come(at).username == f"staged-{again}"
    _is_settled(at)


@pytest.mark.parametrize("failed_over", [False, True])
def test_whoever_is_deleted_is_linked_to_nothing_any_more(*, failed_over: bool) -> None:
    """Nor to a further identity, in whichever pool; whoever signs in by it next is somebody new."""
    at = _staging()
    ann = _enter(at)
    at.active.pool.admin_link_provider_for_user("google_1029", ACME.provider, ACME.subject)
    at.settle(ann)
    assert len(_linked(_profile(at, ann))) == 2
    at.active.pool.admin_delete_user("google_1029")
    at.active.run({"local_sub": ann})
    if failed_over:
        at.fail_over()
    at.settle()
    left = _profile(at, ann)
    assert (left.enabled, _linked(left)) == (False, set())
    again = _come(at)
    assert again.sub != left.sub
    assert own_record(at.standby, ann).deleted
    _is_settled(at)


def test_a_staged_profile_that_somebody_removes_from_the_standby_is_made_again() -> None:
    at = _staging()
    ann = _enter(at)
    at.standby.pool.admin_delete_user(f"staged-{ann}")
    at.standby.run({"origin_sub": ann})
    at.settle()
    assert _linked(_profile(at, ann)) == {("Google", "1029", False)}
    assert at.active.pool.admin_get_user("google_1029").enabled
    _is_settled(at)


def test_a_staged_profile_that_is_deleted_after_a_failover_is_deleted_at_home() -> None:
    at = _staging()
    ann = _enter(at)
    at.fail_over()
    at.standby.pool.admin_delete_user(f"staged-{ann}")
    at.standby.run({"origin_sub": ann})
    at.settle()
    assert own_record(at.standby, ann).deleted
    assert not at.active.pool.admin_get_user("google_1029").enabled
    _is_settled(at)


def test_a_link_that_is_taken_away_in_the_standby_is_made_again() -> None:
    at = _staging()
    ann = _enter(at)
    at.standby.pool.admin_disable_provider_for_user("Google", "1029")
    at.standby.run({"origin_sub": ann})
    assert _linked(_profile(at, ann)) == {("Google", "1029", False)}
    _is_settled(at)


def test_a_profile_whose_identity_went_elsewhere_is_no_bait() -> None:
    """Somebody may have used it, so it is not removed."""
    at = _staging()
    ann = _enter(at)
    at.standby.pool.admin_disable_provider_for_user("Google", "1029")
    _come(at)
    at.settle()
    for _ in range(3):
        at.standby.run({"origin_sub": ann})
    made = _profile(at, ann)
    assert (made.enabled, _linked(made)) == (False, set())
    assert at.not_held(ann)[GOOGLE.linked] == NotHeld.LINK_REFUSED
    assert at.active.pool.admin_get_user("google_1029").enabled
    at.fail_over()
    at.standby.run({"origin_sub": ann})
    assert not _profile(at, ann).enabled
    _is_settled(at)


def test_a_link_that_is_taken_away_in_the_active_pool_stays_away() -> None:
    at = _staging()
    ann = _enter(at)
    at.fail_over()
    at.standby.pool.admin_disable_provider_for_user("Google", "1029")
    at.standby.run({"origin_sub": ann})
    at.settle()
    _is_settled(at)
    assert _linked(_profile(at, ann)) == set()
    assert at.active.pool.admin_get_user("google_1029").status is UserStatus.EXTERNAL_PROVIDER
    _is_settled(at)


@pytest.mark.parametrize("way", [FederatedWay.ON_SIGN_IN, FederatedWay.SKIP])
def test_who_is_staged_stays_so_under_another_way(way: FederatedWay) -> None:
    at = _staging()
    ann = _enter(at)
    _under(at, way)
    _enter(at, given_name="Anna")
    assert at.shown(ann)["given_name"] == "Anna"
    assert at.not_held(ann)[FEDERATED] == NotHeld.STAGED, "and is told"
    assert _come(at, given_name="Anna").username == f"staged-{ann}"
    _is_settled(at)


CUTS = ["create_user", "link_identity"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", CUTS)
def test_a_staging_that_is_cut_off_is_gone_on_with(
    call: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the call, and after it took effect and nobody heard."""
    at = _staging()
    directory = at.standby.context.directory
    real = getattr(directory, call)
    cut: list[str] = []

    def once(*given: object) -> object:
        if cut:
            return real(*given)
        cut.append(call)
        if after:
            real(*given)
        raise ServiceUnavailableError("cut")

    monkeypatch.setattr(directory, call, once)
    ann = _enter(at)
    assert cut == [call]
    assert _names(at) == [f"staged-{ann}"]
    assert _linked(_profile(at, ann)) == {("Google", "1029", False)}
    assert _profile(at, ann).status is UserStatus.FORCE_CHANGE_PASSWORD
    _is_settled(at)
