"""The composition root of the sync tasks: settings -> adapters -> context."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from cognito_standby.changes.adapters.changes import DynamoChangeStore
from cognito_standby.changes.services.context import ChangeContext
from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.adapters.erasures import DynamoErasureList
from cognito_standby.core.adapters.events import EventBridgeHintBus
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.name_items import NameItems, SecretHasher
from cognito_standby.core.adapters.password_items import DynamoPasswordNotes
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.adapters.system import RandomPasswords, SystemClock
from cognito_standby.core.settings import (
    ChangeSettings,
    FilledSettings,
    PlanSettings,
    SyncSettings,
)
from cognito_standby.core.settings import region as own_region
from cognito_standby.replication.adapters.turns import DynamoTurns
from cognito_standby.replication.services.context import SyncContext

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient


def sync_context() -> SyncContext:
    """Everything a sync task needs, from the environment. MisconfiguredError."""
    return sync_context_on(SyncSettings.from_env(), clients.dynamodb(), clients.events())


def sync_context_on(
    settings: SyncSettings, dynamodb: DynamoDBClient, events: EventBridgeClient
) -> SyncContext:
    """The same for a function that needs these clients besides: each client has connections of its
    own, which a cold start waits for. MisconfiguredError."""
    region, clock = own_region(), SystemClock()
    return SyncContext(
        region=region,
        user_pool_id=settings.user_pool_id,
        directory=CognitoUserDirectory(
            clients.cognito(),
            settings.user_pool_id,
            roles=settings.group_roles,
            carries_factors=settings.carries_factors(region),
            pairwise=settings.pairwise,
        ),
        records=DynamoRecordStore(
            dynamodb,
            settings.records_table,
            region,
            settings.installation,
            names=name_items(dynamodb, settings.records_table, settings.names_secret),
        ),
        ledger=DynamoLedger(
            dynamodb, settings.ledger_table, clock, settings.lease_seconds, settings.user_pool_id
        ),
        bus=EventBridgeHintBus(events, settings.bus_name),
        clock=clock,
        passwords=RandomPasswords(),
        federated=settings.federated,
        erasures=DynamoErasureList(
            dynamodb,
            (settings.records_table, settings.ledger_table),
            region,
            settings.installation,
            clock,
        ),
        on_demand=FilledSettings.on_demand(),
    )


def arrival_context(user_pool_id: str) -> SyncContext:
    """The same for UserMigration, which is told no pool, for the pool is made after it: Cognito
    names it. Of any other pool it may read nothing. MisconfiguredError."""
    settings = SyncSettings.from_env({**os.environ, "USER_POOL_ID": user_pool_id})
    dynamodb = clients.dynamodb()
    ctx = sync_context_on(settings, dynamodb, clients.events())
    notes = DynamoPasswordNotes(dynamodb, settings.records_table, ctx.region, settings.installation)
    return replace(ctx, password_notes=notes)


def name_items(dynamodb: DynamoDBClient, records_table: str, secret: str) -> NameItems:
    """This Region's part of the index of names."""
    hasher = SecretHasher(clients.secrets, secret)
    return NameItems(dynamodb, records_table, own_region(), hasher)


def plan_context() -> SyncContext:
    """The same for Plan Sync, which gives replays their turns and notes that passwords were set.

    MisconfiguredError.
    """
    settings, dynamodb = PlanSettings.from_env(), clients.dynamodb()
    ctx = sync_context_on(settings, dynamodb, clients.events())
    turns = DynamoTurns(dynamodb, settings.ledger_table, ctx.clock)
    notes = DynamoPasswordNotes(dynamodb, settings.records_table, ctx.region, settings.installation)
    early = timedelta(seconds=settings.early_seconds)
    rates = settings.replay_rates
    return replace(ctx, turns=turns, rates=rates, early=early, password_notes=notes)


def change_context() -> ChangeContext:
    """Everything a task of apply_admin_change needs, from the environment. MisconfiguredError."""
    settings, dynamodb = ChangeSettings.from_env(), clients.dynamodb()
    sync = sync_context_on(settings, dynamodb, clients.events())
    return ChangeContext(
        sync=sync,
        changes=DynamoChangeStore(dynamodb, settings.changes_table, sync.clock),
    )
