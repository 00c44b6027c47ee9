"""A Region whose records fill a pool outside of the installation, from its stack's outputs."""

from __future__ import annotations

import time

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.installation import Outputs
from cognito_standby.reconciliation.adapters.listing import CognitoPoolListing
from cognito_standby.reconciliation.adapters.pacing import SharePacer
from cognito_standby.recovery.adapters.transfer_installation import open_transfer
from cognito_standby.recovery.domain.rehearsal_cost import RATES
from cognito_standby.recovery.services.restore_foreign import ForeignContext

_LONG = 12 * 3600.0
"""Until when the pacer may wait."""


def open_foreign(
    connection: Connection, outputs: Outputs, other_region: str, pool_id: str
) -> ForeignContext:
    """With the rights of whoever runs it. MisconfiguredError: an output is missing."""
    source = open_transfer(connection, outputs, other_region)
    cognito = connection.client("cognito-idp", outputs["Region"])
    return ForeignContext(
        source=source,
        other=other_region,
        pool_id=pool_id,
        directory=CognitoUserDirectory(cognito, pool_id),
        listing=CognitoPoolListing(cognito, pool_id),
        pacer=SharePacer(
            RATES, deadline=time.monotonic() + _LONG, now=time.monotonic, sleep=time.sleep
        ),
    )
