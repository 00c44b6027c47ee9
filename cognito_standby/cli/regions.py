"""Working in both Regions side by side: a dark one must not hold up the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from cognito_standby.cli.locate import Location
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.installation import Outputs, open_context, read_outputs
from cognito_standby.operator.services.context import OperatorContext, Unreachable, told

NO_RUNS = "its stack has no reconciliation: deploy this release first"
"""Why a Region can answer nothing about runs."""

T = TypeVar("T")
Opened = OperatorContext | Unreachable


def in_each(
    location: Location, regions: Sequence[str], task: Callable[[Opened], T], *, quick: bool = False
) -> list[T]:
    """Reach each Region and do something there, a thread a Region; results in their order.

    `quick`: one attempt and short time-outs.
    """
    connection = location.connection.quick() if quick else location.connection
    location = replace(location, connection=connection)
    with ThreadPoolExecutor(len(regions)) as pool:
        return list(pool.map(lambda region: task(open_region(location, region)), regions))


def open_region(location: Location, region: str) -> Opened:
    """A Region's operator context, or why there is none."""
    return opened_by(open_context, location, region)


def opened_by(
    way: Callable[[Connection, Outputs, str], T], location: Location, region: str
) -> T | Unreachable:
    """What `way` makes of a Region's stack, told also the other Region; or why there is nothing."""
    try:
        outputs = read_outputs(location.connection, region, location.installation)
        return way(location.connection, outputs, location.other(region))
    except StandbyError as error:
        return Unreachable(region, told(error))
