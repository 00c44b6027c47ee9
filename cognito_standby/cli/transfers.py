"""A Region, opened for an export or an import."""

from __future__ import annotations

from pathlib import Path

from cognito_standby.cli.arguments import refuse
from cognito_standby.cli.locate import Location
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.adapters.installation import read_outputs
from cognito_standby.operator.services.context import told
from cognito_standby.recovery.adapters.transfer_installation import open_transfer
from cognito_standby.recovery.services.transfer_ports import TransferContext


def opened(location: Location, region: str, folder: Path | None) -> TransferContext:
    """The Region's context; exits where it cannot be reached. `folder`: the files lie there."""
    if region not in location.regions:
        refuse(f"--region: one of {', '.join(location.regions)}, whose pool is meant")
    try:
        outputs = read_outputs(location.connection, region, location.installation)
        return open_transfer(location.connection, outputs, location.other(region), folder)
    except StandbyError as error:
        refuse(f"{region}: {told(error)}")
