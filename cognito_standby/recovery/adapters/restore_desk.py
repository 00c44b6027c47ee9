"""A Region's desk for restores, from its stack's outputs."""

from __future__ import annotations

import time
from collections.abc import Callable

from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.installation import Outputs, machines_of
from cognito_standby.reconciliation.adapters.run_files import S3RunFiles
from cognito_standby.recovery.adapters.machines import SfnMachine
from cognito_standby.recovery.domain.past_tables import RESTORE_POOL
from cognito_standby.recovery.services.restore_desk import RestoreDesk


def open_restore_desk(
    connection: Connection,
    outputs: Outputs,
    _other_region: str,
    pause: Callable[[float], None] = time.sleep,
) -> RestoreDesk:
    """MisconfiguredError: the stack is of a release without this machine."""
    machines, region = machines_of(outputs), outputs["Region"]
    if RESTORE_POOL not in machines or "ReconcileBucket" not in outputs:
        raise MisconfiguredError("its stack cannot restore: deploy this release first")
    return RestoreDesk(
        region,
        SfnMachine(connection.client("stepfunctions", region), machines[RESTORE_POOL]),
        S3RunFiles(connection.client("s3", region), outputs["ReconcileBucket"]),
        SystemClock(),
        pause,
    )
