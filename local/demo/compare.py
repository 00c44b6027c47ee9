"""Compares both pools user by user, through the public Cognito API alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.outputs import RegionOutputs
from local.remote import Stage

_FLAGS = ("email_verified", "phone_number_verified")
_ORIGIN = "custom:origin_sub"
_OWN = frozenset({"sub", "identities", _ORIGIN})


@dataclass(frozen=True)
class SeenUser:
    """A user as any client of the pool sees them."""

    username: str
    enabled: bool
    status: str
    attributes: Mapping[str, str]
    groups: frozenset[str]

    @property
    def origin_sub(self) -> str:
        """The sub under which the person was first met."""
        return self.attributes.get(_ORIGIN) or self.attributes["sub"]

    def state(self, *, with_username: bool) -> dict[str, Any]:
        """What both pools must show alike."""
        # Cognito leaves out the flag of an address that was never verified: the same as false.
        shared = {
            name: v
            for name, v in self.attributes.items()
            if name not in _OWN and (name not in _FLAGS or v == "true")
        }
        state: dict[str, Any] = {**shared, "enabled": self.enabled, "groups": self.groups}
        return {**state, "username": self.username} if with_username else state


@dataclass(frozen=True)
class Row:
    """One person in both pools. `problem` is empty where they agree."""

    name: str
    active: SeenUser | None
    standby: SeenUser | None
    problem: str
    note: str = ""


@dataclass(frozen=True)
class Comparison:
    """Everybody, and the group definitions."""

    rows: list[Row] = field(default_factory=list)
    group_problems: list[str] = field(default_factory=list)

    @property
    def agree(self) -> bool:
        """Whether the pools agree on every user and every group."""
        return not self.group_problems and not any(row.problem for row in self.rows)

    @property
    def problems(self) -> list[str]:
        """One line for everything that differs."""
        return [f"{r.name}: {r.problem}" for r in self.rows if r.problem] + self.group_problems


def compare(stage: Stage) -> Comparison:
    """Read both pools whole and put the users side by side."""
    outputs = stage.outputs
    pools = [_pool(stage, region) for region in (outputs.primary, outputs.backup)]
    active, standby = ({user.origin_sub: user for user in users} for users, _ in pools)
    free_usernames = not _email_sign_in(stage, outputs.primary)
    rows = [
        _row(active.get(origin), standby.get(origin), free_usernames)
        for origin in {**active, **standby}
    ]
    groups = _compare_groups(pools[0][1], pools[1][1])
    return Comparison(sorted(rows, key=lambda row: row.name), groups)


def read_users(stage: Stage, region: RegionOutputs) -> list[SeenUser]:
    """All users of one pool, with their groups."""
    return _pool(stage, region)[0]


def _row(active: SeenUser | None, standby: SeenUser | None, with_username: bool) -> Row:
    known = active or standby
    assert known is not None  # noqa: S101 - one of both named the row
    name = known.username if with_username else known.attributes.get("email", known.username)
    if active is None and standby is not None:
        gone = not standby.enabled
        note = "deleted; disabled in the standby until the grace period ends"
        return Row(
            name, None, standby, "" if gone else "deleted, yet enabled", note if gone else ""
        )
    if standby is None or active is None:
        return Row(name, active, None, "missing in the standby")
    ours = active.state(with_username=with_username)
    theirs = standby.state(with_username=with_username)
    differing = sorted(k for k in {*ours, *theirs} if ours.get(k) != theirs.get(k))
    return Row(name, active, standby, f"differs in {', '.join(differing)}" if differing else "")


def _compare_groups(active: Mapping[str, Any], standby: Mapping[str, Any]) -> list[str]:
    return [
        f"group {name}: differs"
        for name in sorted({*active, *standby})
        if active.get(name) != standby.get(name)
    ]


def _pool(stage: Stage, region: RegionOutputs) -> tuple[list[SeenUser], dict[str, Any]]:
    client = stage.client("cognito-idp", region.region)
    pool = {"UserPoolId": region.user_pool_id}
    # A provider's group is Cognito's, and about one pool: `<pool id>_<provider>`.
    theirs = f"{region.user_pool_id}_"
    listed = _all(client, "list_groups", "Groups", pool)
    groups = {g["GroupName"]: g for g in listed if not g["GroupName"].startswith(theirs)}
    members: dict[str, set[str]] = {}
    for name in groups:
        for username in _members(client, {**pool, "GroupName": name}):
            members.setdefault(username, set()).add(name)
    users = [
        SeenUser(
            username=raw["Username"],
            enabled=raw["Enabled"],
            status=raw["UserStatus"],
            attributes={pair["Name"]: pair["Value"] for pair in raw["Attributes"]},
            groups=frozenset(members.get(raw["Username"], ())),
        )
        for raw in _all(client, "list_users", "Users", pool)
    ]
    definitions = {n: (g.get("Description", ""), g.get("Precedence")) for n, g in groups.items()}
    return users, definitions


def _members(client: Any, group: Mapping[str, str]) -> list[str]:
    """A group that was deleted since it was listed has none."""
    try:
        return [raw["Username"] for raw in _all(client, "list_users_in_group", "Users", group)]
    except client.exceptions.ResourceNotFoundException:
        return []


def _all(client: Any, operation: str, key: str, request: Mapping[str, Any]) -> Iterator[Any]:
    for page in client.get_paginator(operation).paginate(**request):
        yield from page[key]


def _email_sign_in(stage: Stage, region: RegionOutputs) -> bool:
    client = stage.client("cognito-idp", region.region)
    pool = client.describe_user_pool(UserPoolId=region.user_pool_id)["UserPool"]
    return bool(pool.get("UsernameAttributes"))
