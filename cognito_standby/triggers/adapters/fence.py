"""The fence, connected: for our functions, and for the owner's of an existing pool."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from cognito_standby.core.adapters import trigger_clients
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.roles import active_parameter
from cognito_standby.triggers.adapters.roles import (
    ClaimItems,
    LedgerIntents,
    PublishedRole,
    client,
)
from cognito_standby.triggers.services.fence import Fence
from cognito_standby.triggers.services.role import SECONDS, KnownRole, Told
from cognito_standby.triggers.services.slots import Call
from cognito_standby.triggers.settings import FenceSettings


def connected(
    settings: FenceSettings, region: str, told: Told, *, marked: bool, patience: float = 1.0
) -> Fence:
    """The fence of a Region's pool. Nothing is asked yet; clients are made when first needed.
    `patience` multiplies how long each look may take."""
    told_of = settings.fence
    installation = Installation(told_of.primary_region, told_of.backup_region)
    dynamodb = cache(lambda: trigger_clients.of("dynamodb", client(patience)))
    ssm = cache(lambda: trigger_clients.of("ssm", client(patience)))
    role = KnownRole(
        region=region,
        primary=installation.primary,
        claims=ClaimItems(dynamodb, told_of.records_table, installation),
        published=PublishedRole(ssm, active_parameter(told_of.installation), installation),
        now=time.time,
        told=told,
        keep_seconds=settings.role_seconds,
        look_seconds=SECONDS * patience,
    )
    intents = LedgerIntents(dynamodb, told_of.ledger_table, time.time)
    return Fence(region, role.door, intents, marked, SECONDS * patience)


def check(fence: Fence, event: Mapping[str, Any], seconds_left: Callable[[], float]) -> None:
    """For a function of your own. StandsByError: let it reach Cognito, which then refuses."""
    fence(Call(event, seconds_left), {})
