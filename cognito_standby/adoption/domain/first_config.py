"""The first configuration of an installation: the few keys without which nothing can be deployed.

Its shape is judged by the deployment's own model before it is written (`cli/config_file.py`); every
other key has a default (docs/configuration.md). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cognito_standby.adoption.domain.attachment import SLOTS
from cognito_standby.adoption.domain.sides import Case, Part
from cognito_standby.configuration.domain.differences import paired_clients

_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_TAKEN = ("post_confirmation", "pre_sign_up", "pre_token_generation")
_MOST = 32
"""Characters of a client's name in the configuration."""


@dataclass(frozen=True)
class Basics:
    """What a person says, and whose credentials they use. `backup_account`: of the standby, where
    it is another one; empty: it is not."""

    installation: str
    account: str
    primary_region: str
    backup_region: str
    alarm_email: str = ""
    backup_account: str = ""


def of_new_pools(basics: Basics, sign_in: str) -> dict[str, Any]:
    """Both pools are made by the stacks, alike."""
    return {**_basics(basics), "pools": {"create": True}, "sign_in": sign_in}


def of_existing(basics: Basics, case: Case) -> dict[str, Any]:
    """Two pools that are there: their clients in pairs, and what the doctor asked to be named."""
    pools: dict[str, Any] = {
        "primary_user_pool_id": case.primary.pool_id,
        "backup_user_pool_id": case.backup.pool_id,
    }
    if clients := _clients(case):
        pools["clients"] = clients
    told = {**_basics(basics), "pools": pools}
    if all(side.has(Part.GROUPS) for side in case.sides) and (roles := _roles(case)):
        told["group_roles"] = roles
    return told


def chained(installation: str, case: Case) -> dict[str, dict[str, str]]:
    """The key `triggers` by which ours ask the owner's functions, of those places that ours take in
    every installation. Whether they are chained at all is the owner's to decide
    (docs/runbooks/attach.md)."""
    found: dict[str, dict[str, str]] = {}
    for key, side in zip(("primary_function", "backup_function"), case.sides, strict=True):
        held = side[Part.TRIGGERS] if side.has(Part.TRIGGERS) else {}
        for task in _TAKEN:
            arn = str((held.get(SLOTS[task]) or {}).get("LambdaArn") or "")
            if arn and not arn.split(":", 6)[-1].startswith(f"{installation}-{task}"):
                found.setdefault(task, {})[key] = arn
    return found


def _basics(basics: Basics) -> dict[str, Any]:
    beside = {"backup_account": basics.backup_account} if basics.backup_account else {}
    told = {
        "installation": basics.installation,
        "account": basics.account,
        **beside,
        "primary_region": basics.primary_region,
        "backup_region": basics.backup_region,
    }
    return {**told, **({"alarm_email": basics.alarm_email} if basics.alarm_email else {})}


def _clients(case: Case) -> list[dict[str, str]]:
    if not all(side.has(Part.CLIENTS) for side in case.sides):
        return []
    ours, theirs = (side[Part.CLIENTS] for side in case.sides)
    pairs = sorted((one, other) for other, one in paired_clients(ours, theirs).items())
    names = _names({one: str(ours[one].get("ClientName") or "") for one, _ in pairs})
    return [{"name": names[one], "primary": one, "backup": other} for one, other in pairs]


def _names(said: Mapping[str, str]) -> dict[str, str]:
    """As the clients are called, in letters that the configuration takes, and each once."""
    told: dict[str, str] = {}
    for client, name in said.items():
        plain = _NAME.sub("-", name).strip("-_")
        plain = plain if plain[:1].isalpha() else f"app-{plain}".rstrip("-")
        short, number = plain[:_MOST], 2
        while short in told.values():
            short, number = f"{plain[: _MOST - 3]}-{number}", number + 1
        told[client] = short
    return told


def _roles(case: Case) -> list[dict[str, str]]:
    """Of groups that have a role in both pools."""
    theirs = case.backup[Part.GROUPS]
    pairs = {
        str(group["RoleArn"]): str(theirs[name]["RoleArn"])
        for name, group in sorted(case.primary[Part.GROUPS].items())
        if group.get("RoleArn") and (theirs.get(name) or {}).get("RoleArn")
    }
    return [{"primary": one, "backup": other} for one, other in pairs.items()]
