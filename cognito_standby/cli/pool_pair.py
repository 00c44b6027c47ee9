"""Which two pools a command compares, and what is meant to become of them.

--pools PRIMARY,BACKUP    ids of two pools; their Regions are in the ids
otherwise                 those of the installation (`locate`): by its stacks' outputs, or, before
                          there are any, by the ids in cdk.json
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cognito_standby.adoption.domain.sides import Plan
from cognito_standby.adoption.services.looking import Whereabouts
from cognito_standby.cli.locate import (
    LOCAL,
    Location,
    LocationOptions,
    NotLocatedError,
    by_profiles,
    config_in,
)
from cognito_standby.cli.locate import locate as locate_installation
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.installation import Outputs, read_outputs
from cognito_standby.operator.services.context import told

_POOL = re.compile(r"([a-z]{2}(?:-[a-z]+)+-[0-9])_[0-9A-Za-z]+")
"""CreateUserPool, UserPoolIdType."""
_SIDES = ("primary", "backup")


class NoPairError(ValueError):
    """It is not known which two pools are meant; the text says what to give."""


@dataclass(frozen=True)
class PoolPair:
    """`notice`: what to tell about the choice."""

    connection: Connection
    primary: Whereabouts
    backup: Whereabouts
    plan: Plan
    notice: str = ""


def where_is(pool_id: str) -> Whereabouts:
    """NoPairError: it is no pool's id."""
    found = _POOL.fullmatch(pool_id)
    if found is None:
        raise NoPairError(f"{pool_id!r} is no user pool's id, like us-east-1_aB3dE5fG7")
    return Whereabouts(found[1], pool_id)


def pair_named(
    asked: LocationOptions, pools: str, folder: Path, environ: Mapping[str, str]
) -> PoolPair:
    """Of the pools that were named. NoPairError, NotLocatedError."""
    ids = [each.strip() for each in pools.split(",") if each.strip()]
    if len(ids) != len(_SIDES):
        raise NoPairError("--pools takes two ids: that of the primary's pool, and the backup's")
    primary, backup = map(where_is, ids)
    _look_at(primary, backup, [each.strip() for each in asked.regions.split(",") if each.strip()])
    context = config_in(folder, environ)
    named = (_pool_in(context, "primary"), _pool_in(context, "backup"))
    ours = named == (primary.pool_id, backup.pool_id)
    context = context if ours else {}
    plan = _plan(context) if ours else Plan()
    connection, notice = connection_for(asked, folder, environ, backup.region, context)
    return PoolPair(connection, primary, backup, plan, notice)


def connection_for(
    asked: LocationOptions,
    folder: Path,
    environ: Mapping[str, str],
    backup_region: str,
    context: Mapping[str, Any],
) -> tuple[Connection, str]:
    """As `locate` chooses it: the local AWS where one is named, or runs in this folder.
    NotLocatedError."""
    local = asked.outputs or (folder / LOCAL if (folder / LOCAL).exists() else None)
    if local is None or (asked.outputs is None and (asked.profile or asked.regions)):
        return by_profiles(asked, environ, backup_region, context), ""
    found = locate_installation(LocationOptions(outputs=local), folder, {})
    return found.connection, found.notice


def _look_at(primary: Whereabouts, backup: Whereabouts, regions: list[str]) -> None:
    if primary.region == backup.region:
        raise NoPairError(
            f"both pools are in {primary.region}: a standby is in another Region than its pool"
        )
    if regions and regions != [primary.region, backup.region]:
        raise NoPairError(
            f"the pools are of {primary.region} and {backup.region}, and --regions says "
            f"{','.join(regions)}"
        )


def pair_of_installation(location: Location, folder: Path, environ: Mapping[str, str]) -> PoolPair:
    """NoPairError: a Region's pool is not known."""
    context = config_in(folder, environ) if not location.connection.endpoint else {}
    if context.get("installation") != location.installation:
        context = {}
    found: list[Outputs] = []
    ids: list[str] = []
    for side, region in zip(_SIDES, location.regions, strict=True):
        outputs, trouble = _outputs(location, region)
        found += [outputs] if outputs else []
        pool = outputs.get("UserPoolId") or _pool_in(context, side)
        if not pool:
            raise NoPairError(_no_pool(context, region, trouble))
        ids.append(pool)
    primary, backup = map(where_is, ids)
    for place, region in zip((primary, backup), location.regions, strict=True):
        if place.region != region:
            raise NoPairError(f"the pool {place.pool_id} is not in {region}")
    return PoolPair(location.connection, primary, backup, _plan(context, found), location.notice)


def _outputs(location: Location, region: str) -> tuple[Outputs, str]:
    try:
        return read_outputs(location.connection, region, location.installation), ""
    except StandbyError as error:
        return {}, told(error)


def _no_pool(context: Mapping[str, Any], region: str, trouble: str) -> str:
    if _pools(context).get("create"):
        return (
            f"{region}: {trouble}. cdk.json has both pools made by the deployment, alike: there is "
            "nothing to compare yet. `make preflight` looks at the account"
        )
    return f"{region}: {trouble}. Give --pools PRIMARY,BACKUP, or name the pools in cdk.json"


def _pool_in(context: Mapping[str, Any], side: str) -> str:
    return str(_pools(context).get(f"{side}_user_pool_id") or "")


def _pools(context: Mapping[str, Any]) -> Mapping[str, Any]:
    found = context.get("pools")
    return found if isinstance(found, dict) else {}


def _plan(context: Mapping[str, Any], found: list[Outputs] | None = None) -> Plan:
    """What cdk.json says, and the stacks. NoPairError: it does not have the shape that the
    deployment asks for."""
    try:
        return _planned(context, found or [])
    except (AttributeError, KeyError, TypeError) as error:
        raise NoPairError(
            f"cdk.json cannot be used ({type(error).__name__}): `make preflight` says what is wrong"
        ) from None


def _planned(context: Mapping[str, Any], stacks: list[Outputs]) -> Plan:
    pools = context.get("pools") or {}
    named = [*(pools.get("clients") or ()), {s: pools.get(f"{s}_client_id") for s in _SIDES}]
    pairs = {str(each["primary"]): str(each["backup"]) for each in named if _both(each)}
    roles = {str(e["primary"]): str(e["backup"]) for e in context.get("group_roles") or ()}
    installation = stacks[0].get("Installation") if stacks else context.get("installation")
    return Plan(
        installation=str(installation or ""),
        account=str(context.get("account") or ""),
        standby=str(context.get("backup_account") or ""),
        deployed=len(stacks) == len(_SIDES),
        fenced=bool(stacks) and all(each.get("Fence") == "on" for each in stacks),
        roles=roles if context else None,
        pairwise=frozenset(map(str, context.get("pairwise_providers") or ())),
        clients=pairs,
    )


def _both(pair: Mapping[str, Any]) -> bool:
    return bool(pair.get("primary") and pair.get("backup"))


__all__ = [
    "NoPairError",
    "NotLocatedError",
    "PoolPair",
    "pair_named",
    "pair_of_installation",
]
