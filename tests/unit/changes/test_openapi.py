"""docs/openapi.json is what the handler's own table and models say now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cognito_standby.changes.api import openapi
from cognito_standby.changes.api.operations import OPERATIONS, SCOPES
from cognito_standby.changes.api.replies import ALL_PROBLEMS

ROOT = Path(__file__).parents[3]


def test_the_committed_document_is_fresh() -> None:
    written = (ROOT / openapi.DOCUMENT).read_text(encoding="utf-8")
    assert written == openapi.text(), "run: python -m cognito_standby.changes.api.openapi"


def test_every_operation_is_in_it_with_its_scope() -> None:
    paths = json.loads(openapi.text())["paths"]
    found = {
        (method.upper(), path): one
        for path, methods in paths.items()
        for method, one in methods.items()
    }
    assert set(found) == {(one.method, one.path) for one in OPERATIONS}
    for one in OPERATIONS:
        told = found[one.method, one.path]
        assert told["operationId"] == one.id
        assert {"token": [one.scope]} in told["security"]
        assert {} not in told["security"], "no operation is open"
    assert len(SCOPES) == 6


def test_every_problem_has_a_status_that_is_documented() -> None:
    paths = json.loads(openapi.text())["paths"].values()
    told = {status for methods in paths for one in methods.values() for status in one["responses"]}
    assert {str(problem.status) for problem in ALL_PROBLEMS} <= told
    codes = [problem.code for problem in ALL_PROBLEMS]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("name", ["CreateUser", "UpdateUser", "ReplaceUser"])
def test_bodies_are_closed(name: str) -> None:
    schema = json.loads(openapi.text())["components"]["schemas"][name]
    assert schema["additionalProperties"] is False
