"""Every attribute name that Cognito takes can be written, kept and replicated."""

from __future__ import annotations

import pytest

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.changes.domain.rules import spelled_out
from cognito_standby.changes.domain.saga import wanted_state
from cognito_standby.core.adapters.cognito import schema_from
from cognito_standby.core.domain.attribute_limits import AttributeRule, AttributeType, misfit
from cognito_standby.core.domain.pools import PoolSchema, PoolUser, UserStatus, user_fields
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.unit.changes.admin_world import AdminWorld

NAMES = ["custom:a:b", "dev:custom:x", "dev:custom:a:b", "custom:dev:x", "custom::"]


def _world(*names: str) -> AdminWorld:
    specs = {name: AttributeSpec() for name in ("custom:origin_sub", *names)}
    return AdminWorld(config=PoolConfig(pool_id="us-east-1_Pool", attributes=specs))


def test_a_type_of_a_later_cognito_says_nothing_of_values() -> None:
    odd = {"Name": "custom:x", "AttributeDataType": "Json", "JsonConstraints": {"MaxDepth": "3"}}
    no_number = {"MinLength": "none", "MaxLength": None}
    bare = {"Name": "custom:y", "StringAttributeConstraints": no_number, "Mutable": False}
    schema = schema_from({"SchemaAttributes": [odd, bare]})
    assert schema.attributes == {
        "custom:x": AttributeRule(type=AttributeType.UNKNOWN),
        "custom:y": AttributeRule(mutable=False),
    }
    assert misfit(schema.attributes["custom:x"], "{") is None


@pytest.mark.parametrize("name", NAMES)
def test_such_a_name_is_created_changed_replaced_and_removed(name: str) -> None:
    world = _world(name)
    body = {"username": "ada", "attributes": {"name": "Ada", name: "1"}}
    assert world.call("POST", "/users", body).status == 201
    assert world.call("PATCH", "/users/ada", {"attributes": {name: "2"}}).status == 200
    assert world.pool.admin_get_user("ada").attributes[name] == "2"
    whole = {"attributes": {"name": "Ada", name: "3"}, "enabled": True, "groups": []}
    assert world.call("PUT", "/users/ada", whole).status == 200
    assert world.pool.admin_get_user("ada").attributes[name] == "3"
    assert world.call("PATCH", "/users/ada", {"attributes": {name: None}}).status == 200
    assert name not in world.pool.admin_get_user("ada").attributes


def test_a_replacement_leaves_alone_what_nobody_can_name() -> None:
    name = "custom:" + "x" * 21
    schema = PoolSchema({name: AttributeRule(), "name": AttributeRule()})
    user = PoolUser("s", "ada", UserStatus.CONFIRMED, True, {name: "1", "name": "Ada"})
    whole = ChangeRequest(ChangeKind.UPDATE, username="ada", enabled=True, replace=True)
    seen = user_fields(user, schema)
    told = spelled_out(whole, schema, user.attributes)
    assert dict(told.attributes) == {"name": None}
    assert wanted_state(told, seen)[f"attr:{name}"] == "1"
