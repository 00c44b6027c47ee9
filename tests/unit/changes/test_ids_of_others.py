"""A local sub is no origin sub: nobody is born, shown or erased under the other's id."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services.sync import plan_sync
from tests.unit.changes.admin_world import AdminWorld

ADA = {"username": "ada", "attributes": {"email": "ada@x.org"}, "verified": {"email": True}}
WHOLE = {"attributes": {"name": "Other"}, "enabled": True, "groups": []}


def _made() -> tuple[AdminWorld, str, str]:
    """Ada's world, her origin sub and the sub that the pool gave her."""
    world = AdminWorld()
    origin = world.call("POST", "/users", ADA).json["origin_sub"]
    local = world.pool.admin_get_user("ada").sub
    assert origin != local
    return world, origin, local


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"enabled": False}),
        ("PUT", "", WHOLE),
        ("DELETE", "", None),
        ("POST", "/erase", None),
    ],
)
def test_a_local_sub_is_not_taken_for_an_origin_sub(method: str, path: str, body: Any) -> None:
    world, origin, local = _made()
    before = world.pool.admin_get_user("ada")
    answer = world.call(method, f"/users/{local}{path}", body, by="origin_sub")
    assert (answer.status, answer.code) == (404, "user_not_found")
    assert world.pool.admin_get_user("ada") == before
    partition, _ = world.sync.records.read(Subject.user(local))
    assert not partition.records, "nobody is born"
    real, _ = world.sync.records.read(Subject.user(origin))
    assert [record.deleted for record in real.records] == [False]


def test_the_origin_sub_still_names_them() -> None:
    world, origin, _ = _made()
    assert world.call("POST", f"/users/{origin}/erase", by="origin_sub").status == 204
    assert world.call("GET", "/users/ada").status == 404


def test_a_hint_with_a_local_sub_as_origin_gives_birth_to_nobody() -> None:
    world, _, local = _made()
    outcome = plan_sync(world.sync, Hint(origin_sub=local), "run#0")
    assert outcome.decision == "done"
    partition, _ = world.sync.records.read(Subject.user(local))
    assert not partition.records
