"""A right that is missing fails as on AWS: seen from outside, as a caller of the Admin API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from local.remote import RemoteStage
from tests.e2e.admin_client import AdminClient
from tests.e2e.conftest import ON_AWS, until, until_equal
from tests.rights.notes import roles_of

pytestmark = [
    pytest.mark.local_aws,
    pytest.mark.skipif(ON_AWS, reason="takes a right away from an installation that others use"),
]
BATCH = "dynamodb:BatchGetItem"


@contextmanager
def without_the_look_at_the_ledger(stage: RemoteStage) -> Iterator[None]:
    """The Admin API's role in the primary Region, less one action on one table."""
    region = stage.outputs.primary.region
    iam, roles = stage.client("iam", region), roles_of(stage, region)
    (role,) = [name for name, logical in roles.items() if logical.startswith("adminapiRole")]
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    whole = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    table = f"table/{stage.outputs.primary.ledger_table}"
    less = [_without(one) if table in str(one["Resource"]) else one for one in whole["Statement"]]
    assert less != whole["Statement"]
    _put(iam, role, policy, {**whole, "Statement": less})
    try:
        yield
    finally:
        _put(iam, role, policy, whole)


def _without(statement: dict[str, Any]) -> dict[str, Any]:
    actions = statement["Action"]
    listed = [actions] if isinstance(actions, str) else actions
    rest = [action for action in listed if action != BATCH]
    return {**statement, "Action": rest or ["dynamodb:ListStreams"]}


def _put(iam: Any, role: str, policy: str, document: dict[str, Any]) -> None:
    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))


def test_without_its_look_at_the_ledger_the_api_answers_500(stage: RemoteStage) -> None:
    api = AdminClient(stage, stage.outputs.primary)
    body = {
        "username": "rita",
        "attributes": {"email": "success+rita@simulator.amazonses.com"},
        "verified": {"email": True},
    }
    assert api.call("POST", "/users", body).status in (201, 202)
    until("she is there", lambda: api.call("GET", "/users/rita").status == 200)
    with without_the_look_at_the_ledger(stage):
        assert api.call("GET", "/users/rita").status == 500
    assert api.call("GET", "/users/rita").status == 200
    until_equal(stage)
