"""The handler under generated requests, in process; the machine works while it waits."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
import requests

from cognito_standby.core.domain.pools import PoolGroup
from tests.fuzz.harness import Raw, fuzz, operations, target_of
from tests.unit.changes.admin_world import AdminWorld, event_of

EXAMPLES = (
    [int(os.environ["FUZZ_EXAMPLES"])]
    if "FUZZ_EXAMPLES" in os.environ
    else [5, pytest.param(40, marks=pytest.mark.full)]
)
"""Of each operation, valid ones and invalid ones; `make fuzz` sends more."""

SEED = int(os.environ.get("FUZZ_SEED", "0"))
BASE = "http://admin.example"
USERS = ("ada", "bob", "cy")


@pytest.fixture(scope="module")
def world() -> AdminWorld:
    world = AdminWorld()
    world.pool.create_group(PoolGroup("staff"))
    return world


def _keep_users(world: AdminWorld) -> None:
    """Whom the last request removed is made again, so that the next one finds somebody."""
    for name in USERS:
        if world.sync.directory.get_user(name) is None:
            answer = world.call("POST", "/users", {"username": name, "groups": ["staff"]})
            assert answer.status == 201, answer.text


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("operation", operations(), ids=lambda one: str(one.label))
def test_every_answer_is_as_documented(
    world: AdminWorld, operation: Any, examples: int, capfd: pytest.CaptureFixture[str]
) -> None:
    def send(request: requests.PreparedRequest) -> Raw:
        _keep_users(world)
        assert request.body is None or isinstance(request.body, bytes)
        body = request.body.decode(errors="surrogateescape") if request.body else None
        headers: Any = request.headers
        event = event_of(str(request.method), target_of(request), body, dict(headers))
        answer = world.send(event)
        return answer.status, answer.headers, answer.text.encode()

    seen = fuzz(send, BASE, operation, examples, USERS, SEED)
    capfd.readouterr()
    assert not [status for status in seen if status >= 500], seen
    _told(operation.label, seen)


def _told(label: str, seen: Counter[int]) -> None:
    if SEED or "FUZZ_EXAMPLES" in os.environ:
        print(f"{label}: {sum(seen.values())} requests, {dict(sorted(seen.items()))}")  # noqa: T201
