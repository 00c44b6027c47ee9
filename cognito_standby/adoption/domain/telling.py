"""How values are shown and steps are named. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Mapping
from typing import Any

from cognito_standby.adoption.domain.sides import Side

NOTHING = "none"


def listed(values: Collection[Any]) -> str:
    """In order, or that there are none."""
    return ", ".join(sorted(map(str, values))) or NOTHING


def shown(value: Any) -> str:
    """A value as JSON, a word as it is."""
    if value is None:
        return NOTHING
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


def console(side: Side, where: str) -> str:
    """A step in the console. UpdateUserPool and UpdateUserPoolClient reset what they are not sent
    (API reference), so the AWS CLI is no way to change one setting of a pool or client."""
    return (
        f"console, {side.region}, user pool {side.pool_id}: {where}; or in the stack that made the "
        "pool"
    )


def command(side: Side, service: str, operation: str, **options: str) -> str:
    """A command of the AWS CLI in a side's Region."""
    given = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in options.items())
    return by(side, f"aws {service} {operation} --region {side.region} {given}".rstrip())


def by(side: Side, line: str) -> str:
    """A command of the AWS CLI with the profile of a side's account, where there are two."""
    return f"{line} --profile {shlex.quote(side.profile)}" if side.profile else line


def of_pool(side: Side, operation: str, **options: str) -> str:
    """One of a pool's commands."""
    return command(side, "cognito-idp", operation, user_pool_id=side.pool_id, **options)


def differing(one: Mapping[str, Any], other: Mapping[str, Any], *keys: str) -> list[str]:
    """Of these keys, those whose values are not the same; absent and None are."""
    return [key for key in keys if one.get(key) != other.get(key)]


def of_keys(value: Mapping[str, Any], keys: Collection[str]) -> str:
    """These keys of it, for a person."""
    return ", ".join(f"{key}={shown(value.get(key))}" for key in keys)
