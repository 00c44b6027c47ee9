"""What the tasks about the table of a time share: settings -> adapter."""

from __future__ import annotations

from functools import cache

from cognito_standby.core.adapters import clients
from cognito_standby.recovery.adapters.past_tables import DynamoPastTables
from cognito_standby.recovery.services.past_ports import PastTables
from cognito_standby.recovery.settings import PastSettings, RestoreSettings


def past_tables(own: PastSettings | RestoreSettings) -> PastTables:
    """Those of this Region."""
    return DynamoPastTables(clients.dynamodb(), own.records_table, own.past_tables)


@cache
def settings() -> PastSettings:
    """The environment. MisconfiguredError."""
    return PastSettings.from_env()
