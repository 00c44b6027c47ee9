"""Pools in files, and in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.former import today

PRIMARY, BACKUP = "us-east-1", "ap-northeast-1"


def pool_config(region: str) -> today.PoolConfig:
    """The backup's pool cannot hold one of the attributes, so it is skipped there."""
    own = ["custom:origin_sub", "custom:plan", *(["custom:badge"] if region == PRIMARY else [])]
    attributes = {name: today.AttributeSpec() for name in own}
    return today.PoolConfig(pool_id=f"{region}_Invented", attributes=attributes)


def state_of(pool: today.StrictPool) -> dict[str, Any]:
    """A pool as it stands in a file."""
    seen = pool.snapshot()
    users = [
        {
            "sub": each.sub,
            "username": each.username,
            "status": each.status.value,
            "enabled": each.enabled,
            "attributes": dict(each.attributes),
            "groups": list(each.groups),
        }
        for each in sorted(seen.accounts, key=lambda each: each.sub)
    ]
    groups = [
        {"name": each.name, "description": each.description, "precedence": each.precedence}
        for each in sorted(seen.groups, key=lambda each: each.name)
    ]
    return {"made": seen.counter, "users": users, "groups": groups}


def fill(pool: today.StrictPool, state: Mapping[str, Any]) -> None:
    """Make a pool what a file says."""
    users = frozenset(
        today.Account(
            sub=each["sub"],
            username=each["username"],
            status=today.UserStatus(each["status"]),
            attributes=today.FrozenMap(each["attributes"]),
            enabled=each["enabled"],
            groups=tuple(each["groups"]),
        )
        for each in state["users"]
    )
    groups = frozenset(
        today.PoolGroup(each["name"], each["description"], each["precedence"])
        for each in state["groups"]
    )
    pool.restore(today.Snapshot(users, groups, state["made"], None))
