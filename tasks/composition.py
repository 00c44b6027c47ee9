"""The composition root of the sync tasks: settings -> adapters -> context."""

from __future__ import annotations

from cognito_standby.changes.adapters.changes import DynamoChangeStore
from cognito_standby.changes.adapters.erasures import DynamoErasureList
from cognito_standby.changes.services.context import ChangeContext
from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.adapters.events import EventBridgeHintBus
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.adapters.system import RandomPasswords, SystemClock
from cognito_standby.core.settings import ChangeSettings, SyncSettings
from cognito_standby.core.settings import region as own_region
from cognito_standby.replication.services.context import SyncContext


def sync_context() -> SyncContext:
    """Everything a sync task needs, from the environment. MisconfiguredError."""
    settings = SyncSettings.from_env()
    region = own_region()
    dynamodb, clock = clients.dynamodb(), SystemClock()
    return SyncContext(
        region=region,
        user_pool_id=settings.user_pool_id,
        directory=CognitoUserDirectory(clients.cognito(), settings.user_pool_id),
        records=DynamoRecordStore(dynamodb, settings.records_table, region, settings.installation),
        ledger=DynamoLedger(
            dynamodb, settings.ledger_table, clock, settings.lease_seconds, settings.user_pool_id
        ),
        bus=EventBridgeHintBus(clients.events(), settings.bus_name),
        clock=clock,
        passwords=RandomPasswords(),
    )


def change_context() -> ChangeContext:
    """Everything a task of apply_admin_change needs, from the environment. MisconfiguredError."""
    settings = ChangeSettings.from_env()
    dynamodb, clock = clients.dynamodb(), SystemClock()
    region, installation = own_region(), settings.installation
    return ChangeContext(
        sync=sync_context(),
        changes=DynamoChangeStore(dynamodb, settings.changes_table, clock),
        erasures=DynamoErasureList(dynamodb, settings.records_table, region, installation, clock),
    )
