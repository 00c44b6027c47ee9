"""The Admin API and somebody who is awaited: found, made first where they are changed, and never
made where they are removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.changes.services.asking import Taken, ask
from cognito_standby.changes.services.snapshot import snapshot_user
from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.records import Draft, resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.domain.on_demand import Comer, Coming, Made, Refusal
from cognito_standby.replication.services import on_demand
from cognito_standby.replication.services.replay import replay_record
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.unit.changes.admin_world import AdminWorld

ANN, ADDRESS = "sub-of-ann", "ann@example.org"
BODY = {"username": "ben", "attributes": {"email": "ben@x.org"}, "verified": {"email": False}}


class Awaiting(AdminWorld):
    """The active pool is filled on demand; the other Region's record tells of Ann."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.sync = replace(self.sync, on_demand=True)
        self.machine = replace(self.machine, sync=self.sync)
        self.api = replace(self.api, awaiting=self.sync)
        self.record("attr:name", "Ann")

    def record(self, field: str, value: str, sub: str = ANN) -> None:
        """As the other Region writes it, under the claim before this one's."""
        fields = {
            **{"present": "true", "enabled": "true", "username": "ann", "attr:name": "Ann"},
            **{"attr:email": ADDRESS, "attr:email_verified": "true", field: value},
        }
        other = self.table.store("us-west-2")
        own = other.read(Subject.user(sub))[0].own
        seen = own.revision if own else None
        draft = Draft(Subject.user(sub), 0, fields, False, seen, user_pool_id="theirs")
        assert other.put(draft, self.clock.now())
        self.table.replicate_all()

    @property
    def winner(self) -> Any:
        return resolve(self.sync.records.read(Subject.user(ANN))[0])

    @property
    def here(self) -> list[str]:
        return [user.username for user in self.pool.list_users().users]

    def meet(self) -> Made | Refusal:
        """What Cognito is answered about her."""
        return on_demand.meet(self.sync, Comer("ann", Coming.FORGOT), "q")


def awaiting(**settings: Any) -> Awaiting:
    attributes = {"custom:origin_sub": AttributeSpec()}
    return Awaiting(config=PoolConfig(pool_id="here", attributes=attributes, **settings))


WAYS = [
    ("/users/ann", {}),
    (f"/users/{ANN}", {"by": "origin_sub"}),
]


@pytest.mark.parametrize(("path", "query"), WAYS)
def test_reading_shows_what_is_going_to_be_and_makes_nobody(path: str, query: Any) -> None:
    world = awaiting()
    answer = world.call("GET", path, **query)
    assert answer.status == 200
    assert answer.json == {
        **{"username": "ann", "origin_sub": ANN, "status": "AWAITED", "enabled": True},
        "attributes": {"email": ADDRESS, "email_verified": "true", "name": "Ann"},
        "groups": [],
    }
    assert world.here == []


@pytest.mark.parametrize(("path", "query"), WAYS)
@pytest.mark.parametrize("tagged", [False, True])
def test_whoever_is_changed_is_made_first(path: str, query: Any, tagged: bool) -> None:
    world = awaiting()
    world.pool.create_group(PoolGroup("staff"))
    tag = world.call("GET", path, **query).headers["ETag"]
    headers = {"If-Match": tag} if tagged else {}
    body = {"enabled": False, "attributes": {"name": "Anna"}, "join": ["staff"]}
    answer = world.call("PATCH", path, body, headers=headers, **query)
    assert answer.status == 200, answer.json
    assert world.here == ["ann"]
    told = world.winner.fields
    assert (told["attr:name"], told["enabled"], told["group:staff"]) == ("Anna", "false", "true")
    assert (told["attr:email"], world.winner.region) == (ADDRESS, world.region)
    shown = world.call("GET", path, **query).json
    assert (shown["status"], shown["origin_sub"]) == ("CONFIRMED", ANN)


def test_a_replacement_removes_what_the_record_had() -> None:
    world = awaiting()
    body = {"attributes": {"email": ADDRESS}, "verified": {"email": True}}
    answer = world.call("PUT", "/users/ann", {**body, "enabled": True, "groups": []})
    assert answer.status == 200, answer.json
    assert "attr:name" not in world.winner.fields
    assert world.here == ["ann"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ({"attributes": {"custom:none": "x"}}, {}, 400),
        ({"attributes": {"name": "Anna"}}, {"If-Match": '"00"'}, 412),
    ],
)
def test_for_a_change_that_is_refused_nobody_is_made(
    body: Any, headers: Mapping[str, str], status: int
) -> None:
    world = awaiting()
    assert world.call("PATCH", "/users/ann", body, headers=headers).status == status
    assert world.here == []
    assert isinstance(world.meet(), Made)


def test_whoever_is_deleted_is_never_made_and_keeps_their_state() -> None:
    world = awaiting()
    assert world.call("DELETE", "/users/ann").status == 204
    assert (world.here, world.winner.deleted) == ([], True)
    assert world.winner.fields["attr:email"] == ADDRESS
    assert not isinstance(world.meet(), Made)
    assert world.call("GET", "/users/ann").status == 404
    assert world.sync.ledger.read(Subject.user(ANN)).lease is None


def test_whoever_is_erased_is_never_made_and_nothing_is_kept() -> None:
    world = awaiting()
    assert world.call("POST", "/users/ann/erase").status == 204
    assert (world.here, world.winner.erased) == ([], True)
    assert world.sync.erasures.has(Subject.user(ANN))
    assert not isinstance(world.meet(), Made)
    world.record("attr:name", "Ann")  # a late record, of before
    assert not isinstance(world.meet(), Made)


@pytest.mark.parametrize(("method", "path"), [("DELETE", ""), ("POST", "/erase")])
def test_a_removal_that_cannot_be_recorded_is_told_so(
    monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    """That she is in no pool does not say that she is gone."""
    world = awaiting()

    def fails(*_: Any) -> Any:
        raise ServiceUnavailableError("for good")

    monkeypatch.setattr("cognito_standby.changes.services.apply.put_own", fails)
    answer = world.call(method, f"/users/ann{path}")
    assert answer.status == 503
    assert not world.winner.deleted
    assert isinstance(world.meet(), Made)


def test_what_a_change_planned_dies_without_burying_anybody() -> None:
    """Between its plan and its tombstone a removal has changed nothing."""
    world = awaiting()
    world.busy = True
    assert world.call("DELETE", "/users/ann").status == 202
    change = world.bus.take()
    snapshot_user(world.machine, change, "arn:dies#0")
    world.clock.advance(1_000)  # the lease runs out
    replay_record(world.sync, Subject.user(ANN), "other#0")
    assert not world.winner.deleted
    assert isinstance(world.meet(), Made)


@pytest.mark.parametrize(
    ("settings", "body"),
    [
        ({}, {**BODY, "username": "ann"}),
        ({}, {**BODY, "username": "Ann"}),
        ({}, {**BODY, "attributes": {"email": ADDRESS}}),
        ({"alias_attributes": ("email",)}, {**BODY, "attributes": {"email": ADDRESS}}),
        (
            {"username_attributes": ("email",)},
            {"attributes": {"email": ADDRESS}, "verified": {"email": True}},
        ),
    ],
)
def test_nobody_is_made_by_a_name_or_address_of_theirs(settings: Any, body: Any) -> None:
    world = awaiting(**settings)
    answer = world.call("POST", "/users", body)
    assert (answer.status, answer.code) == (409, "name_taken")
    assert world.here == []


@pytest.mark.parametrize("aliases", [(), ("email",)])
def test_nobody_is_given_their_address(aliases: tuple[str, ...]) -> None:
    world = awaiting(alias_attributes=aliases)
    assert world.call("POST", "/users", BODY).status == 201
    body = {"attributes": {"email": ADDRESS}, "verified": {"email": True}}
    answer = world.call("PATCH", "/users/ben", body)
    assert (answer.status, answer.code) == (409, "name_taken")


@pytest.mark.parametrize(
    "body",
    [
        {**BODY, "attributes": {"preferred_username": "Annie"}, "verified": {}},
        {**BODY, "username": "annie"},
    ],
)
def test_a_preferred_username_of_theirs_is_kept_where_it_signs_them_in(body: Any) -> None:
    world = awaiting(alias_attributes=("preferred_username",))
    world.record("attr:preferred_username", "annie")
    answer = world.call("POST", "/users", body)
    assert (answer.status, answer.code) == (409, "name_taken")
    plain = awaiting()
    plain.record("attr:preferred_username", "annie")
    assert plain.call("POST", "/users", body).status == 201


def test_where_somebody_else_has_their_name_already_the_change_waits() -> None:
    world = awaiting()
    world.pool.admin_create_user("ann", {"email": "else@x.org"})
    body = {"attributes": {"name": "Anna"}}
    answer = world.call("PATCH", f"/users/{ANN}", body, by="origin_sub")
    assert (answer.status, answer.code) == (409, "behind")
    assert world.winner.fields["attr:name"] == "Ann"


@pytest.mark.parametrize("way", ["DELETE", "ERASE"])
def test_of_two_who_have_one_name_an_operator_removes_one_and_the_other_comes(way: str) -> None:
    """Both signed up by it while the Regions could not see each other."""
    world = awaiting()
    world.record("attr:email", "other@example.org", sub="sub-of-other")
    assert world.meet() is Refusal.SHARED
    one = "/users/sub-of-other"
    method, path = ("DELETE", one) if way == "DELETE" else ("POST", f"{one}/erase")
    assert world.call(method, path, by="origin_sub").status in (200, 202, 204)
    made = world.meet()
    assert isinstance(made, Made)
    assert made.subject == Subject.user(ANN)


def undeleted(world: Awaiting) -> Taken:
    """As `standby undelete` asks for it."""
    return ask(world.api, ChangeRequest(ChangeKind.UNDELETE, origin_sub=ANN), "operator")


def test_an_undelete_of_somebody_who_is_only_awaited_makes_them() -> None:
    world = awaiting()
    assert undeleted(world) == Taken(True)
    assert (world.here, world.winner.deleted) == (["ann"], False)


def test_whoever_was_deleted_before_they_came_comes_back_into_the_pool() -> None:
    world = awaiting()
    assert world.call("DELETE", "/users/ann").status == 204
    assert undeleted(world) == Taken(True)
    assert (world.here, world.winner.deleted) == (["ann"], False)
    assert world.call("GET", "/users/ann").json["origin_sub"] == ANN


def test_others_are_made_as_ever() -> None:
    world = awaiting()
    assert world.call("POST", "/users", BODY).status == 201
    assert world.call("GET", "/users/ben").json["status"] == "CONFIRMED"


def test_where_nobody_is_awaited_they_are_as_unknown_as_before() -> None:
    world = awaiting()
    world.sync = replace(world.sync, on_demand=False)
    world.machine = replace(world.machine, sync=world.sync)
    world.api = replace(world.api, awaiting=None)
    assert world.call("GET", "/users/ann").status == 404
    assert world.call("PATCH", "/users/ann", {"enabled": False}).status == 404
