"""Snapshot Configuration: once a day, and after a deployment, the pool's whole configuration is
read, and kept in the global table where it changed. Started by the sweep; no input.

The figures are told by every sweep, whether it is time for a look or not, so that their alarms stay
on until somebody has decided.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from cognito_standby.configuration.adapters.deployments import StackDeployments
from cognito_standby.configuration.adapters.reading import reader_in
from cognito_standby.configuration.adapters.snapshots import DynamoSnapshots
from cognito_standby.configuration.services.looking import LookContext, look
from cognito_standby.configuration.settings import ConfigurationSettings
from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.configuration_notes import DynamoConfigurationNotes
from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.settings import region as own_region
from tasks.reporting import counted, report


@cache
def context() -> LookContext:
    """One context for the life of the process. MisconfiguredError."""
    settings, region, clock = ConfigurationSettings.from_env(), own_region(), SystemClock()
    dynamodb, table = clients.dynamodb(), settings.records_table
    return LookContext(
        region=region,
        other_region=settings.installation.other(region),
        user_pool_id=settings.user_pool_id,
        created=settings.created,
        reader=reader_in(region, clock.now),
        notes=DynamoConfigurationNotes(dynamodb, table, region),
        snapshots=DynamoSnapshots(dynamodb, table, region),
        deployments=StackDeployments(clients.of("cloudformation"), settings.stack_name),
        clock=clock,
    )


@counted
def handler(_: dict[str, Any], __: object) -> dict[str, Any]:
    """Look, and answer with what was made of it."""
    ctx = context()
    looked = look(ctx)
    note = looked.note
    report(
        f"snapshot_configuration: {looked.why}",
        _figures(note, ctx.clock.now()),
        latest=note.latest,
        unread=note.unread,
        trouble=note.trouble,
    )
    return {"looked": looked.why.value, "unexpected": note.unexpected, "drift": note.drift}


def _figures(note: ConfigurationNote, now: datetime) -> dict[str, float]:
    """A pool that is gone is a change that nobody asked for."""
    told: dict[str, float] = {
        Metric.CONFIGURATION_CHANGES: note.unexpected + bool(note.trouble),
    }
    if note.looked_at:
        age = now - datetime.fromisoformat(note.looked_at)
        told[Metric.CONFIGURATION_AGE] = max(0.0, age.total_seconds())
    if note.drift is not None:
        told[Metric.CONFIGURATION_DRIFT] = note.drift
    return told
