"""Opening the desks of both Regions, side by side: a dark one must not hold up the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from cognito_standby.adapters.operations.installation import open_desk, read_outputs
from cognito_standby.cli.locate import Location
from cognito_standby.domain.errors import StandbyError
from cognito_standby.services.desk import Desk, Unreachable

T = TypeVar("T")
Opened = Desk | Unreachable


def desks(location: Location, *, quick: bool = False) -> list[Opened]:
    """Both Regions' desks, the primary's first. `quick`: one attempt and short time-outs."""
    connection = location.connection.quick() if quick else location.connection
    location = replace(location, connection=connection)
    return side_by_side(lambda region: _desk(location, region), location.regions)


def side_by_side(task: Callable[[str], T], regions: Sequence[str]) -> list[T]:
    """One thread a Region; results in the Regions' order."""
    with ThreadPoolExecutor(len(regions)) as pool:
        return list(pool.map(task, regions))


def _desk(location: Location, region: str) -> Opened:
    try:
        outputs = read_outputs(location.connection, region, location.installation)
        return open_desk(location.connection, outputs, location.other(region))
    except StandbyError as error:
        return Unreachable(region, f"{type(error).__name__}: {error}")
