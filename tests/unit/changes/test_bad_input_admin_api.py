"""What nobody should send to the Admin API: a clear 4xx, and nothing is changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cognito_standby.changes.api.operations import MAX_BODY_BYTES
from tests.unit.changes.admin_world import AdminWorld, Answer, event_of
from tests.unit.changes.test_admin_api import ADA, is_problem, made, world

__all__ = ["world"]

NAME = "/users/{username}"


def _nothing_changed(world: AdminWorld) -> bool:
    """No change was even stored."""
    return not world.changes.recent(10).changes and not world.bus.waiting


def _pointers(answer: Answer) -> set[str]:
    return {one.get("pointer", one.get("parameter")) for one in answer.json["errors"]}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"username": 3}, "/username"),
        ({"username": ""}, "/username"),
        ({"username": "a" * 129}, "/username"),
        ({"username": "a b"}, "/username"),
        ({"username": "a\u0000b"}, "/username"),
        ({"username": "a\u202eb"}, "/username"),
        ({"username": "a\ud800"}, "/username"),
        ({"username": "\u0430da"}, "/username"),  # a Cyrillic letter among Latin ones
        ({"username": "\uff41\uff44\uff41"}, "/username"),  # full width
        ({"attributes": {"name": 3}}, "/attributes/name"),
        ({"attributes": {"name": True}}, "/attributes/name"),
        ({"attributes": {"name": ["x"]}}, "/attributes/name"),
        ({"attributes": {"name": None}}, "/attributes/name"),
        ({"attributes": {"name": "  "}}, "/attributes/name"),
        ({"attributes": {"name": "a\u0007"}}, "/attributes/name"),
        ({"attributes": {"name": "x" * 2049}}, "/attributes/name"),
        ({"attributes": {"name": "\N{PILE OF POO}" * 600}}, "/attributes/name"),
        ({"attributes": {"sub": "x"}}, "/attributes/sub"),
        ({"attributes": {"custom:origin_sub": "x"}}, "/attributes/custom:origin_sub"),
        ({"attributes": {"email_verified": "true"}}, "/attributes/email_verified"),
        ({"attributes": {"dev:custom:x": "y"}}, "/attributes/dev:custom:x"),
        ({"attributes": {"a/b~c\u0001": "y"}}, "/attributes/a~1b~0c\u0001"),
        ({"attributes": {"no_such_attribute": "y"}}, "/attributes/no_such_attribute"),
        ({"attributes": {f"custom:{n}": "y" for n in range(71)}}, "/attributes"),
        ({"attributes": []}, "/attributes"),
        ({"verified": {"email": "yes"}}, "/verified/email"),
        ({"verified": {"fax": True}}, "/verified/fax"),
        ({"enabled": 1}, "/enabled"),
        ({"enabled": None}, "/enabled"),
        ({"groups": "staff"}, "/groups"),
        ({"groups": ["a"] * 101}, "/groups"),
        ({"groups": ["a", "a"]}, "/groups"),
        ({"groups": ["a\nb"]}, "/groups/0"),
        ({"groups": [None]}, "/groups/0"),
        ({"password": "Secret-1"}, "/password"),
        ({"is_admin": True}, "/is_admin"),
    ],
)
def test_bodies_that_are_refused(world: AdminWorld, body: dict[str, Any], pointer: str) -> None:
    answer = world.call("POST", "/users", {**ADA, "attributes": {}, "verified": {}, **body})
    assert is_problem(answer, 400, "invalid")
    assert pointer in _pointers(answer)
    assert is_problem(world.call("GET", "/users/ada"), 404, "user_not_found")


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "[]", "3", '"text"', "{", "\ufeff{}", "{'a': 1}", "a=b", "\x00"),
        *('{"enabled": true, "enabled": false}', '{"attributes": {"name": "a", "name": "b"}}'),
        *('{"enabled": NaN}', '{"enabled": Infinity}', "[" * 100_000, '{"a":' * 40_000),
        '{"enabled": true} {"enabled": false}',
    ],
    ids=lambda text: str(text)[:12],
)
def test_bodies_that_are_no_object(world: AdminWorld, text: str) -> None:
    for method, path in (("POST", "/users"), ("PATCH", "/users/ada"), ("PUT", "/users/ada")):
        assert is_problem(world.call(method, path, raw=text), 400, "invalid")
    assert _nothing_changed(world)


def test_an_empty_patch_changes_nothing(world: AdminWorld) -> None:
    assert is_problem(world.call("PATCH", "/users/ada", {}), 400, "invalid")
    assert _nothing_changed(world)


def test_oversized_bodies(world: AdminWorld) -> None:
    big = json.dumps({"attributes": {"name": "x" * MAX_BODY_BYTES}})
    assert is_problem(world.call("PATCH", "/users/ada", raw=big), 413, "too_large")
    wide = json.dumps({"attributes": {"name": "\N{PILE OF POO}" * 70_000}}, ensure_ascii=False)
    assert is_problem(world.call("PATCH", "/users/ada", raw=wide), 413, "too_large")
    assert is_problem(world.call("DELETE", "/users/ada", raw="x" * 300_000), 413, "too_large")
    assert _nothing_changed(world)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data", "json", ""]
)
def test_other_media_types(world: AdminWorld, kind: str) -> None:
    headers = {"content-type": kind}
    assert is_problem(world.call("POST", "/users", ADA, headers=headers), 415, "media_type")
    assert _nothing_changed(world)


def test_media_types_that_are_taken(world: AdminWorld) -> None:
    charset = {"Content-Type": "application/json; charset=utf-8"}
    assert world.call("POST", "/users", ADA, headers=charset).status == 201
    patch = {"CONTENT-TYPE": "Application/Merge-Patch+JSON"}
    assert world.call("PATCH", "/users/ada", {"enabled": True}, headers=patch).status == 200


def test_a_base64_body(world: AdminWorld) -> None:
    event = event_of("POST", "/users", "bm9uc2Vuc2U", {}) | {"isBase64Encoded": True}
    assert is_problem(world.send(event), 400, "invalid")
    event |= {"body": "//79"}
    assert is_problem(world.send(event), 400, "invalid")


@pytest.mark.parametrize(
    "raw",
    [
        *("..", ".", "%2e%2e", "%2E", "..%2f..%2fchanges", "a%2Fb", "a%5cb", "%2F", "a%252Fb"),
        *("50%25", "a%00b", "a%0d%0aSet-Cookie:x", "%1b%5b31m", "a%20b", "%20", "%c2%a0"),
        *("%ff", "%c3", "%ed%a0%80", "%e2%80%ae", "a" * 129, "%f0%9f%92%a9" * 129),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
def test_names_that_no_path_may_have(world: AdminWorld, raw: str, method: str) -> None:
    bodies = {"PATCH": {"enabled": True}, "PUT": {"attributes": {}, "enabled": True, "groups": []}}
    body = json.dumps(bodies[method]) if method in bodies else None
    answer = world.send(event_of(method, f"/users/{raw}", body, {}))
    assert is_problem(answer, 400, "invalid")
    assert answer.json["errors"][0]["parameter"] == "username"
    assert _nothing_changed(world)


@pytest.mark.parametrize(
    "name", ["\u0430da", "\uff41da", "ADA\u0301", "ada\N{PILE OF POO}", "ada'--"]
)
def test_a_name_that_looks_alike_is_another_one(world: AdminWorld, name: str) -> None:
    made(world)
    for method, body in (("GET", None), ("PATCH", {"enabled": False}), ("DELETE", None)):
        assert is_problem(world.call(method, f"/users/{{{name}}}", body), 404, "user_not_found")
    assert world.call("GET", "/users/ada").json["enabled"] is True


def test_a_decoded_slash_reaches_no_other_operation(world: AdminWorld) -> None:
    """A gateway that decoded the path would hand over more parts than the template has."""
    made(world)
    for path, matched in (("/users/x/../ada", None), ("/users/x/users/ada", "x/users/ada")):
        event = event_of("DELETE", "/users/ada", None, {}) | {"path": path}
        event["pathParameters"] = {"username": matched} if matched else None
        assert is_problem(world.send(event), 400, "invalid")
    assert world.call("GET", "/users/ada").status == 200


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        ("/users/ada", {"by": "email"}, "by"),
        ("/users/ada", {"admin": "true"}, "admin"),
        ("/changes", {"limit": "0"}, "limit"),
        ("/changes", {"limit": "101"}, "limit"),
        ("/changes", {"limit": "1e1"}, "limit"),
        ("/changes", {"limit": "\u0661"}, "limit"),
        ("/changes", {"page": "{}"}, "page"),
        ("/users/{#group#staff}", {"by": "origin_sub"}, "username"),
    ],
)
def test_queries_that_are_refused(
    world: AdminWorld, path: str, query: dict[str, Any], parameter: str
) -> None:
    answer = world.call("GET", path, **query)
    assert is_problem(answer, 400, "invalid")
    assert _pointers(answer) == {parameter}


def test_a_parameter_given_twice(world: AdminWorld) -> None:
    event = event_of("GET", "/users/ada?by=username&by=origin_sub", None, {})
    assert is_problem(world.send(event), 400, "invalid")


@pytest.mark.parametrize(
    "tag", ["abc", 'W/"abc"', '"a", "b"', '"zz"', '""', "''", '"' + "a" * 65 + '"']
)
def test_tags_that_are_none_of_ours(world: AdminWorld, tag: str) -> None:
    made(world)
    answer = world.call("DELETE", "/users/ada", headers={"If-Match": tag})
    assert is_problem(answer, 400, "invalid")
    assert _pointers(answer) == {"If-Match"}
    assert world.call("GET", "/users/ada").status == 200


@pytest.mark.parametrize("key", [" ", "a b", "a" * 256, "\u00e9", "a\nb"])
def test_keys_that_are_refused(world: AdminWorld, key: str) -> None:
    answer = world.call("POST", "/users", ADA, headers={"Idempotency-Key": key})
    assert is_problem(answer, 400, "invalid")
    assert _pointers(answer) == {"Idempotency-Key"}
    assert _nothing_changed(world)


def test_a_body_where_none_is_taken(world: AdminWorld) -> None:
    made(world)
    answer = world.call("DELETE", "/users/ada", {"username": "bob"})
    assert is_problem(answer, 400, "invalid")
    assert world.call("GET", "/users/ada").status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/users"), ("DELETE", "/users"), ("PUT", "/changes/x"), ("HEAD", NAME)],
)
def test_operations_that_do_not_exist(world: AdminWorld, method: str, path: str) -> None:
    assert is_problem(world.send(event_of(method, path, None, {})), 404, "no_operation")


@pytest.mark.parametrize("identity", [{}, {"user": ""}, {"user": None, "accessKey": None}])
def test_nobody_in_particular_is_refused(world: AdminWorld, identity: dict[str, Any]) -> None:
    context = {"path": "/v1/users", "identity": identity}
    answer = world.send(event_of("POST", "/users", json.dumps(ADA), {}, context))
    assert is_problem(answer, 401, "unauthenticated")
    assert _nothing_changed(world)


def test_nothing_of_a_request_is_quoted_or_logged(
    world: AdminWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    made(world)
    capsys.readouterr()
    secret = "Secret-Value-77"
    bad = {"attributes": {"name": secret + "\u0007", "email": secret}, "username": [secret]}
    answers = [
        world.call("POST", "/users", bad),
        world.call("PATCH", "/users/ada", {"attributes": {"name": secret, "nope": secret}}),
        world.call("PATCH", f"/users/{{{secret}}}", {"enabled": True}),
        world.call("GET", f"/users/{{{secret}}}"),
    ]
    assert all(400 <= answer.status < 500 for answer in answers)
    assert not [answer.text for answer in answers if secret in answer.text]
    logged = capsys.readouterr().out
    assert secret not in logged
    assert "ada@example.org" not in logged, "the caller's session is hashed"
    assert "/users" not in logged
