"""What a caller of the Admin API gets, and what is underneath afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.domain.standing import ClaimItem
from tests.twins.pool.config import AttributeSpec
from tests.twins.stores.claims import InMemoryClaimItems, stood_down
from tests.unit.changes.admin_world import ADDRESSES, BACKUP, PRIMARY, AdminWorld, Answer, event_of

ADA = {
    "username": "ada",
    "attributes": {"email": "ada@example.org", "name": "Ada", "custom:plan": "gold"},
    "verified": {"email": True},
    "groups": ["staff"],
}


@pytest.fixture
def world() -> AdminWorld:
    world = AdminWorld()
    world.pool.create_group(PoolGroup("staff"))
    world.pool.create_group(PoolGroup("crew"))
    return world


def made(world: AdminWorld, **more: Any) -> Answer:
    answer = world.call("POST", "/users", {**ADA, **more})
    assert answer.status == 201, answer.text
    return answer


def shown(world: AdminWorld, answer: Answer) -> Any:
    """The user behind an answer: a caller known by IAM is shown them only by reading."""
    found = world.call("GET", f"/users/{answer.json['origin_sub']}", by="origin_sub")
    assert found.status == 200, found.text
    return found.json


def is_problem(answer: Answer, status: int, code: str) -> bool:
    assert (answer.status, answer.code) == (status, code), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == status
    return True


def test_a_user_is_created_and_found(world: AdminWorld) -> None:
    answer = made(world)
    user = shown(world, answer)
    assert user["username"] == "ada"
    assert user["attributes"]["email_verified"] == "true"
    assert (user["groups"], user["enabled"]) == (["staff"], True)
    place = answer.headers["Location"]
    assert place == f"/v1/users/{user['origin_sub']}?by=origin_sub"
    found = world.call("GET", "/users/ada")
    assert found.status == 200
    assert found.json == user
    assert found.headers["ETag"] == answer.headers["ETag"]
    again = world.call("GET", f"/users/{user['origin_sub']}", by="origin_sub")
    assert again.json == user
    assert world.pool.messages == []


def test_a_user_is_changed_in_parts(world: AdminWorld) -> None:
    made(world)
    patch = {"attributes": {"name": "Ada L.", "custom:plan": None}, "join": ["crew"]}
    answer = world.call("PATCH", "/users/ada", patch)
    assert answer.status == 200, answer.text
    attributes = shown(world, answer)["attributes"]
    assert attributes["name"] == "Ada L."
    assert "custom:plan" not in attributes
    assert attributes["email"] == "ada@example.org"
    assert shown(world, answer)["groups"] == ["crew", "staff"]
    off = world.call("PATCH", "/users/ada", {"enabled": False})
    assert shown(world, off)["enabled"] is False


def test_a_user_is_replaced_whole(world: AdminWorld) -> None:
    made(world, attributes={**ADA["attributes"], "custom:fixed": "for ever", "nickname": "A"})  # type: ignore[dict-item]
    whole = {"attributes": {"name": "Other"}, "enabled": True, "groups": ["crew"]}
    answer = world.call("PUT", "/users/ada", whole)
    assert answer.status == 200, answer.text
    attributes = shown(world, answer)["attributes"]
    kept = {name for name in attributes if name not in ("sub", "custom:origin_sub")}
    assert kept == {"name", "custom:fixed"}, "what nobody can change stays"
    assert shown(world, answer)["groups"] == ["crew"]
    same = world.call("PUT", "/users/ada", whole, headers={"Idempotency-Key": "k"})
    assert same.status == 200
    assert (
        world.call("PUT", "/users/ada", whole, headers={"Idempotency-Key": "k"}).json["id"]
        == (same.json["id"])
    )


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/users/ada"), ("POST", "/users/ada/erase")]
)
def test_a_user_is_removed(world: AdminWorld, method: str, path: str) -> None:
    made(world)
    answer = world.call(method, path)
    assert (answer.status, answer.text) == (204, "")
    assert is_problem(world.call("GET", "/users/ada"), 404, "user_not_found")
    assert is_problem(world.call(method, path), 404, "user_not_found")


@pytest.mark.parametrize("removal", [("DELETE", "/users/ada"), ("POST", "/users/ada/erase")])
def test_beside_another_records_table_nobody_is_made_or_removed(
    world: AdminWorld, removal: tuple[str, str]
) -> None:
    made(world)
    world.sync.ledger.note_table("", world.table.ids[PRIMARY])
    world.table.ids[PRIMARY] = "restored"
    assert is_problem(world.call(*removal), 503, "records_in_doubt")
    ben = {**ADA, "username": "ben", "attributes": {}, "verified": {}}
    assert is_problem(world.call("POST", "/users", ben), 503, "records_in_doubt")
    assert world.call("PATCH", "/users/ada", {"attributes": {"name": "A."}}).status == 200
    assert [user.username for user in world.pool.list_users().users] == ["ada"]


def test_who_waits_too_short_is_told_where_to_ask(world: AdminWorld) -> None:
    world.busy = True
    answer = world.call("POST", "/users", ADA)
    assert answer.status == 202
    assert answer.headers["Retry-After"] == "2"
    place = answer.headers["Location"].removeprefix("/v1")
    assert world.call("GET", place).json["status"] == "accepted"
    world.busy = False
    world.work()
    done = world.call("GET", place)
    assert done.json["status"] == "completed"
    assert "user" not in done.json
    assert world.call("GET", "/users/ada").json["origin_sub"] == done.json["origin_sub"]


def test_a_refused_change_stays_readable(world: AdminWorld) -> None:
    made(world)
    answer = world.call("POST", "/users", ADA)
    assert is_problem(answer, 409, "name_taken")
    change = world.call("GET", f"/changes/{answer.json['change_id']}")
    assert change.status == 200
    assert change.json["status"] == "refused"
    assert change.json["problem"]["title"] == answer.json["title"]


def test_changes_are_listed_in_pages_and_without_what_they_hold(world: AdminWorld) -> None:
    for number in range(5):
        made(world, username=f"u{number}", attributes={}, verified={}, groups=[])
    seen: list[str] = []
    page: dict[str, Any] = {}
    while True:
        answer = world.call("GET", "/changes", limit="2", **page)
        assert answer.status == 200
        assert "u1" not in answer.text
        seen += [one["id"] for one in answer.json["changes"]]
        if "next" not in answer.json:
            break
        page = {"page": answer.json["next"]}
    assert len(seen) == len(set(seen)) == 5
    assert is_problem(world.call("GET", "/changes", page="nonsense"), 400, "invalid")


def test_the_same_key_is_the_same_change(world: AdminWorld) -> None:
    key = {"Idempotency-Key": "order-66"}
    first = world.call("POST", "/users", ADA, headers=key)
    reordered = json.dumps(dict(reversed(ADA.items())))
    second = world.call("POST", "/users", raw=reordered, headers=key)
    assert (first.status, second.status) == (201, 201)
    assert first.json["id"] == second.json["id"]
    assert world.runs == 1
    other = world.call("POST", "/users", {**ADA, "username": "bob"}, headers=key)
    assert is_problem(other, 422, "key_reused")
    assert is_problem(world.call("GET", "/users/bob"), 404, "user_not_found")


@pytest.mark.parametrize("number", [300, pytest.param(10_000, marks=pytest.mark.full)])
def test_many_requests_with_one_key_are_one_change(world: AdminWorld, number: int) -> None:
    key = {"Idempotency-Key": "again"}
    with world.deployed():
        answers = {
            (answer.status, answer.json["id"])
            for answer in (world.call("POST", "/users", ADA, headers=key) for _ in range(number))
        }
    assert len(answers) == 1
    assert world.runs == 1
    assert len(world.call("GET", "/changes").json["changes"]) == 1


def test_keys_of_different_callers_do_not_meet(world: AdminWorld) -> None:
    made(world)
    body, ids = json.dumps({"enabled": True}), set()
    for identity in (
        {"user": "AROAONE:x", "accountId": "1"},
        {"user": "AROAONE:y", "accountId": "1"},
        {"user": "AIDATWO", "accountId": "1"},
    ):
        context = {"path": "/v1/users/ada", "identity": identity}
        event = event_of("PATCH", "/users/ada", body, {"Idempotency-Key": "k"}, context)
        ids.add(world.send(event).json["id"])
    assert len(ids) == 3


def test_an_entity_tag_prevents_lost_updates(world: AdminWorld) -> None:
    tag = made(world).headers["ETag"]
    first = world.call("PATCH", "/users/ada", {"enabled": False}, headers={"If-Match": tag})
    assert first.status == 200
    late = world.call("PATCH", "/users/ada", {"enabled": True}, headers={"If-Match": tag})
    assert is_problem(late, 412, "changed")
    assert is_problem(world.call("DELETE", "/users/ada", headers={"If-Match": tag}), 412, "changed")
    new = first.headers["ETag"]
    assert world.call("DELETE", "/users/ada", headers={"If-Match": new}).status == 204


def test_an_address_comes_with_its_verification(world: AdminWorld) -> None:
    made(world)
    silent = world.call("PATCH", "/users/ada", {"attributes": {"email": "new@example.org"}})
    assert is_problem(silent, 400, "invalid")
    assert silent.json["errors"][0]["pointer"] == "/verified/email"
    said = world.call(
        "PATCH",
        "/users/ada",
        {"attributes": {"email": "new@example.org"}, "verified": {"email": False}},
    )
    assert said.status == 200
    attributes = shown(world, said)["attributes"]
    assert (attributes["email"], attributes["email_verified"]) == ("new@example.org", "false")


def test_the_flag_of_an_immutable_address_can_be_changed() -> None:
    """The address is not sent again, not even by a replacement that repeats it."""
    config = AdminWorld().config
    fixed = {**config.attributes, "email": AttributeSpec(mutable=False)}
    world = AdminWorld(config=replace(config, attributes=fixed))
    world.pool.create_group(PoolGroup("staff"))
    made(world)
    off = world.call("PATCH", "/users/ada", {"verified": {"email": False}})
    assert off.status == 200, off.text
    assert shown(world, off)["attributes"]["email_verified"] == "false"
    whole = {"attributes": {"email": "ada@example.org"}, "verified": {"email": True}}
    on = world.call("PUT", "/users/ada", {**whole, "groups": [], "enabled": True})
    assert on.status == 200, on.text
    assert shown(world, on)["attributes"]["email_verified"] == "true"


def test_a_refusal_names_the_field_that_cognito_named(world: AdminWorld) -> None:
    made(world)
    patch = {"attributes": {"name": "Ada L.", "birthdate": "tomorrow"}}
    answer = world.call("PATCH", "/users/ada", patch)
    assert answer.json["errors"] == [
        {"pointer": "/attributes/birthdate", "detail": "the user pool refuses this value"}
    ]
    assert "tomorrow" not in answer.text


def test_a_provider_s_group_is_not_joined(world: AdminWorld) -> None:
    made(world)
    answer = world.call("PATCH", "/users/ada", {"join": [f"{PRIMARY}_AbCdEf123_Google"]})
    assert is_problem(answer, 400, "invalid")
    assert answer.json["errors"][0]["pointer"] == "/join/0"


def test_the_standby_answers_where_the_active_region_is() -> None:
    world = AdminWorld(region=BACKUP)
    calls = [
        ("POST", "/users", ADA),
        ("GET", "/users/ada", None),
        ("PATCH", "/users/ada", {"enabled": True}),
        ("DELETE", "/users/ada", None),
        ("GET", "/changes", None),
        ("GET", "/changes/c-1", None),
    ]
    for method, path, body in calls:
        answer = world.call(method, path, body)
        assert is_problem(answer, 409, "not_active")
        assert (answer.json["region"], answer.json["address"]) == (PRIMARY, ADDRESSES[PRIMARY])
    assert world.bus.waiting == ()
    assert not world.changes.recent(10).changes


CHANGES = (
    ("POST", "/users", {**ADA, "username": "bob"}),
    ("PATCH", "/users/ada", {"enabled": False}),
    ("PUT", "/users/ada", {**{key: ADA[key] for key in ADA if key != "username"}, "enabled": True}),
    ("DELETE", "/users/ada", None),
    ("POST", "/users/ada/erase", None),
)


def test_a_region_that_stood_down_takes_no_change_and_is_read_on(world: AdminWorld) -> None:
    """What it took now would reach the other Region after its claim, and could lose."""
    before = made(world)
    stood_down(world.table, PRIMARY, BACKUP)
    for method, path, body in CHANGES:
        answer = world.call(method, path, body)
        assert is_problem(answer, 503, "stood_down")
        assert int(answer.headers["Retry-After"]) >= 10, "a failover takes minutes"
        assert (answer.json["region"], answer.json["address"]) == (BACKUP, ADDRESSES[BACKUP])
    assert len(world.changes.recent(10).changes) == 1
    assert world.bus.waiting == ()
    assert shown(world, before)["enabled"] is True
    assert world.call("GET", "/users/ada").status == 200
    assert world.call("GET", "/changes").status == 200
    assert world.call("GET", f"/changes/{before.json['id']}").status == 200


def test_changes_go_on_once_it_opens_again_or_the_other_region_serves(world: AdminWorld) -> None:
    made(world)
    stood_down(world.table, PRIMARY, BACKUP)
    stood_down(world.table, PRIMARY, "")
    assert world.call(*CHANGES[1]).status == 200
    stood_down(world.table, PRIMARY, BACKUP)
    there = InMemoryClaimItems(world.table, BACKUP)
    assert there.put(ClaimItem(2), None)
    world.table.replicate_all()
    assert is_problem(world.call(*CHANGES[1]), 409, "not_active")


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_service_that_does_not_answer_is_503_and_says_nothing(
    world: AdminWorld, method: str
) -> None:
    made(world)

    def failing(*_: Any) -> Any:
        raise ServiceUnavailableError("dynamodb-internal-host")

    world.sync.records.read_active = failing  # type: ignore[method-assign]
    answer = world.call(method, "/users/ada", {"enabled": True} if method == "PATCH" else None)
    assert is_problem(answer, 503, "unavailable")
    assert answer.headers["Retry-After"]
    assert "internal" not in answer.text


def test_a_fault_of_ours_is_500_and_says_nothing(world: AdminWorld) -> None:
    def failing(*_: Any) -> Any:
        raise KeyError("secret-table-name")

    world.sync.records.read_active = failing  # type: ignore[method-assign]
    answer = world.call("GET", "/users/ada")
    assert is_problem(answer, 500, "internal")
    assert "secret" not in answer.text


def test_a_bus_that_fails_loses_nothing(world: AdminWorld) -> None:
    key = {"Idempotency-Key": "k"}
    world.bus.fail(1)
    assert is_problem(world.call("POST", "/users", ADA, headers=key), 503, "unavailable")
    world.clock.advance(60)
    assert world.call("POST", "/users", ADA, headers=key).status == 201
    assert world.runs == 1


def test_a_custom_domain_puts_something_before_the_path(world: AdminWorld) -> None:
    """Both paths of the event then begin with the mapping's base path."""
    made(world)
    identity = {"user": "AIDAEXAMPLE", "accountId": "111111111111"}
    context = {"path": "/admin/users/ada", "identity": identity}
    event = event_of("PATCH", "/users/ada", json.dumps({"enabled": False}), {}, context)
    answer = world.send(event | {"path": "/admin/users/ada"})
    assert answer.status == 200
    assert answer.headers["Location"].startswith("/admin/changes/")


def test_nobody_is_made_with_the_name_of_one_of_a_provider_s() -> None:
    world = AdminWorld()
    world.pool.create_identity_provider("Google")
    answer = world.call("POST", "/users", {"username": "GOOGLE_1029"})
    assert is_problem(answer, 400, "invalid")
    (problem,) = answer.json["errors"]
    assert problem["pointer"] == "/username"
    assert "identity provider Google" in problem["detail"]
    assert world.call("POST", "/users", {"username": "googler"}).status == 201


def test_a_federated_user_is_changed_and_removed_like_any_other() -> None:
    world = AdminWorld()
    world.pool.create_identity_provider("Google")
    ann = world.pool.federated_sign_in("Google", "1029", {"email": "ann@example.org"})
    answer = world.call("PATCH", "/users/google_1029", {"attributes": {"custom:plan": "gold"}})
    assert answer.status == 200, answer.text
    assert world.pool.admin_get_user("google_1029").attributes["custom:plan"] == "gold"
    (record,) = world.table.records(PRIMARY)
    assert record.fields["federated"] == '["Google", "1029"]'
    assert world.call("DELETE", f"/users/{ann.sub}", by="origin_sub").status in (200, 204)
    assert world.pool.list_users().users == ()
    assert world.table.records(PRIMARY)[0].deleted


def test_one_who_never_signed_in_in_this_pool_can_only_be_erased() -> None:
    """The other Region recorded them before this one became active."""
    world = AdminWorld()
    there = Subject.user("6d1c9f2e-0000-4000-8000-000000000001")
    fields = {"present": "true", "enabled": "true", "federated": '["Google", "1029"]'}
    draft = Draft(there, 0, {**fields, "username": "google_1029"}, False, None)
    world.table.store(BACKUP).put(draft, world.clock.now())
    world.table.replicate_all()
    path = f"/users/{there.id}"
    change = {"attributes": {"name": "Ann"}}
    assert is_problem(world.call("PATCH", path, change, by="origin_sub"), 404, "user_not_found")
    assert is_problem(world.call("DELETE", path, by="origin_sub"), 404, "user_not_found")
    assert world.call("POST", f"{path}/erase", by="origin_sub").status == 204
    partition, _ = world.sync.records.read(there)
    assert partition.own is not None
    assert partition.own.erased
    assert world.pool.list_users().users == ()
