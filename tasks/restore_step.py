"""What the tasks of `restore_pool` share: a restore's world.

Input of every step but the first: {"run": run_to_dict(...)}; of the children of the map also
{"item": one of the round's file, "width": how many children work at once}. Answers are tiny.
"""

from __future__ import annotations

import time
import uuid
from functools import cache
from typing import Any

from cognito_standby.changes.adapters.changes import DynamoChangeStore
from cognito_standby.changes.adapters.events import EventBridgeChangeBus
from cognito_standby.changes.services.submit import ApiContext
from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.settings import region as own_region
from cognito_standby.recovery.adapters.past_tables import DynamoRecordSegments
from cognito_standby.recovery.domain.past_tables import key_of, past_table, to_the_second
from cognito_standby.recovery.services.restore_context import PastRecords, RestoreContext
from cognito_standby.recovery.settings import RestoreSettings
from cognito_standby.replication.services.context import SyncContext
from tasks.composition import sync_context
from tasks.past_table_step import past_tables
from tasks.reconcile_step import world as region_world


def world(event: dict[str, Any], context: object) -> RestoreContext:
    """Everything a step needs, with its share of the quotas and its deadline.

    MisconfiguredError.
    """
    sync = _sync()
    source = DynamoRecordSegments(clients.dynamodb(), settings().records_table)
    admin, tables = _admin(sync), past_tables(settings())
    return RestoreContext(region_world(event, context), sync, source, _past, admin, tables)


@cache
def settings() -> RestoreSettings:
    """The environment. MisconfiguredError."""
    return RestoreSettings.from_env()


@cache
def _sync() -> SyncContext:
    return sync_context()


def _past(as_of: str) -> PastRecords:
    """What Open Past Table has opened."""
    own, dynamodb = settings(), clients.dynamodb()
    table = past_table(own.past_tables, key_of(to_the_second(as_of)))
    store = DynamoRecordStore(dynamodb, table, own_region(), own.installation)
    return PastRecords(DynamoRecordSegments(dynamodb, table), store)


def _admin(sync: SyncContext) -> ApiContext:
    """As the Admin API's handler has it: undeletes and reverts are changes that somebody asks
    for."""
    own = settings()
    return ApiContext(
        region=sync.region,
        directory=sync.directory,
        records=sync.records,
        ledger=sync.ledger,
        changes=DynamoChangeStore(clients.dynamodb(), own.changes_table, sync.clock),
        bus=EventBridgeChangeBus(clients.events(), own.bus_name),
        clock=sync.clock,
        addresses={},
        new_id=lambda: str(uuid.uuid4()),
        pause=time.sleep,
    )
