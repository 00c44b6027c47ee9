"""An answer about a change tells its outcome; a user's attributes only with the right to read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.changes.admin_world import AdminWorld, Answer, event_of

ADA = {"username": "ada", "attributes": {"email": "ada@x.org"}, "verified": {"email": True}}
PATCH = {"attributes": {"name": "Ada"}}
WHOLE = {"attributes": {"email": "ada@x.org"}, "verified": {"email": True}} | {
    "enabled": True,
    "groups": [],
}


def _asked(world: AdminWorld, scopes: str, method: str, path: str, body: Any = None) -> Answer:
    """By a token with these scopes."""

    claims = {"sub": "s", "client_id": "c", "scope": scopes}
    context = {"path": f"/v1{path}", "stage": "v1", "authorizer": {"claims": claims}}
    text = None if body is None else json.dumps(body)
    headers = {"Idempotency-Key": "k"} if method in ("PATCH", "PUT") else {}
    return world.send(event_of(method, path, text, headers, context))


def test_a_change_read_again_tells_nothing_of_the_user_as_they_are_now() -> None:
    world = AdminWorld()
    made = world.call("POST", "/users", ADA)
    tag = made.json["entity_tag"]
    world.call("PATCH", "/users/ada", {"attributes": {"name": "Secret"}})
    told = world.call("GET", f"/changes/{made.json['id']}")
    assert told.json["status"] == "completed"
    assert told.json["entity_tag"] == tag, "of the change, not of the present"
    assert "user" not in told.json
    assert "ETag" not in told.headers
    assert "Secret" not in told.text and "ada@x.org" not in told.text


@pytest.mark.parametrize(("method", "body"), [("PATCH", PATCH), ("PUT", WHOLE)])
def test_who_may_only_change_is_not_shown_the_user(method: str, body: Any) -> None:
    world = AdminWorld()
    world.call("POST", "/users", ADA)
    for scopes, shown in (
        ("admin/users.update", False),
        ("admin/users.update admin/users.read", True),
        ("admin/users.update", False),  # the same key again, by the same caller with less
        ("admin/users.update x/not-users.read", False),
    ):
        answer = _asked(world, scopes, method, "/users/ada", body)
        assert answer.status == 200, answer.text
        assert ("user" in answer.json) is shown
        assert ("ada@x.org" in answer.text) is shown


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/users", {**ADA, "username": "bea"}),
        ("PATCH", "/users/ada", PATCH),
        ("PUT", "/users/ada", WHOLE),
    ],
)
def test_a_caller_known_by_iam_reads_a_user_only_by_reading(
    method: str, path: str, body: Any
) -> None:
    """The gateway tells no other right of an IAM caller than the one to this method."""
    world = AdminWorld()
    world.call("POST", "/users", ADA)
    answer = world.call(method, path, body)
    assert answer.status in (200, 201), answer.text
    assert "user" not in answer.json
    assert "ada@x.org" not in answer.text
    found = world.call("GET", f"/users/{answer.json['origin_sub']}", by="origin_sub")
    assert found.json["attributes"]["email"] == "ada@x.org"
    assert answer.headers["ETag"] == found.headers["ETag"], "who changes can go on by If-Match"
