"""The Admin API's handler: one event of the gateway in, one answer out.

The gateway has matched the path and authorized the caller; everything else is checked here again
(`cognito_standby.changes.api`). Powertools' resolver is left out on purpose: its import alone takes
0.15 s of a cold start, and what it would do, match a path, the gateway has done.
"""

from __future__ import annotations

import time
import uuid
from functools import cache
from typing import Any

from cognito_standby.changes.adapters.changes import DynamoChangeStore
from cognito_standby.changes.adapters.events import EventBridgeChangeBus
from cognito_standby.changes.api.handle import handle
from cognito_standby.changes.api.replies import Reply
from cognito_standby.changes.api.requests import ApiCall
from cognito_standby.changes.services.submit import ApiContext
from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.addresses import DynamoAddresses
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.settings import ApiSettings
from tasks.composition import sync_context_on
from tasks.reporting import report

_COUNTED = {2: Metric.API_ANSWERED, 4: Metric.API_REFUSED, 5: Metric.API_FAILED}
"""By the first digit of the status."""


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer the gateway."""
    return handle(context(), settings().wait_seconds, event, _tell).to_proxy()


@cache
def settings() -> ApiSettings:
    """What the environment says. MisconfiguredError."""
    return ApiSettings.from_env()


@cache
def context() -> ApiContext:
    """One context for the life of the process."""
    told, dynamodb, events = settings(), clients.dynamodb(), clients.events()
    sync = sync_context_on(told, dynamodb, events)
    return ApiContext(
        region=sync.region,
        directory=sync.directory,
        records=sync.records,
        ledger=sync.ledger,
        changes=DynamoChangeStore(dynamodb, told.changes_table, sync.clock),
        bus=EventBridgeChangeBus(events, told.bus_name),
        clock=sync.clock,
        addresses=DynamoAddresses(dynamodb, told.records_table, told.installation),
        new_id=lambda: str(uuid.uuid4()),
        pause=time.sleep,
        awaiting=sync if sync.on_demand else None,
    )


def _tell(error: str, call: ApiCall | None, reply: Reply) -> None:
    """Log one line for each answer, and one before it that names the error, if there was one.
    Neither the path nor a query is logged, because they name people."""
    counted = _COUNTED.get(reply.status // 100)
    report(
        f"admin_api: {call.operation.id if call else 'no call'}",
        {counted: 1} if counted and not error else {},
        status=reply.status,
        problem=reply.code,
        error=error,
        change_id=reply.change_id,
        caller=call.caller if call else "",
    )
