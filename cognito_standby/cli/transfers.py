"""A Region, opened for an export or an import."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from cognito_standby.cli.arguments import refuse
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import opened_by
from cognito_standby.operator.services.context import Unreachable
from cognito_standby.recovery.adapters.transfer_installation import open_transfer
from cognito_standby.recovery.services.transfer_ports import TransferContext


def opened(location: Location, region: str, folder: Path | None) -> TransferContext:
    """The Region's context; exits where it cannot be reached. `folder`: the files lie there."""
    if region not in location.regions:
        refuse(f"--region: one of {', '.join(location.regions)}, whose pool is meant")
    found = opened_by(partial(open_transfer, folder=folder), location, region)
    if isinstance(found, Unreachable):
        refuse(f"{region}: {found.reason}")
    return found
