"""Whether a Region's door is open: may people sign up, sign in and recover there? Pure.

The claims decide (`epochs`), and one thing beside them: a Region that stands down for a planned
failover makes way before the other one has claimed. Its claim is still the highest, so replication
goes on as in an active Region; its door is closed. Where the claims cannot be read, what was last
known counts, and where nothing is known, the deployment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto

from cognito_standby.core.domain.epochs import Claims, Epoch

STOOD_DOWN = "stood_down"
"""Field of a claim item and of the published document: the Region that this one makes way for; ""
or absent: it makes way for nobody."""
VERSION = 1
"""Of the published document."""


def active_parameter(installation: str) -> str:
    """Name of the SSM parameter, in each Region, that says who was last known to be active."""
    return f"/{installation}/active"


@dataclass(frozen=True)
class Active:
    """Who is active, as far as somebody knows.

    epoch       the highest claim; its Region is the active one
    stood_down  the Region that the active one makes way for; "": it does not
    numbers     Region -> number of its claim, where this was told by claims
    """

    epoch: Epoch
    stood_down: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict, compare=False)


class DoorState(Enum):
    """May people come in?"""

    OPEN = auto()
    CLOSED = auto()


class Reason(StrEnum):
    """Why a door is open or closed."""

    ACTIVE = "this Region is active"
    STANDBY = "this Region stands by"
    STOOD_DOWN = "this Region stood down"
    LAST_KNOWN_ACTIVE = "this Region was active when the claims were last known"
    LAST_KNOWN_STANDBY = "this Region stood by when the claims were last known"
    LAST_KNOWN_STOOD_DOWN = "this Region had stood down when the claims were last known"
    UNKNOWN_ACTIVE_AT_DEPLOYMENT = "nothing is known, and this Region was deployed as the primary"
    UNKNOWN_STANDBY_AT_DEPLOYMENT = "nothing is known, and this Region was deployed as the backup"


@dataclass(frozen=True)
class Door:
    """A Region's door, with the reason."""

    state: DoorState
    reason: Reason

    @property
    def is_open(self) -> bool:
        """People may come in."""
        return self.state is DoorState.OPEN


def active_of(claims: Claims, stood_down: Mapping[str, str]) -> Active:
    """Who is active by both claims; `stood_down`: Region -> the Region that it makes way for."""
    epoch = claims.highest()
    return Active(epoch, stood_down.get(epoch.region, ""), claims.numbers)


def latest(*known: Active | None) -> Active | None:
    """The one of the highest epoch; of two of one epoch the first given. None: nothing is known."""
    told = [each for each in known if each is not None]
    return max(told, key=lambda each: each.epoch, default=None)


def door_of(
    region: str, claims: Active | None, last_known: Active | None, active_at_deployment: str
) -> Door:
    """The door of `region`.

    claims                as read now; None: they could not be read
    last_known            as they were when last read or published; asked only without claims
    active_at_deployment  the primary Region
    """
    if claims is not None:
        reasons = (Reason.ACTIVE, Reason.STANDBY, Reason.STOOD_DOWN)
        return _by(region, claims, *reasons)
    if last_known is not None:
        reasons = (
            Reason.LAST_KNOWN_ACTIVE,
            Reason.LAST_KNOWN_STANDBY,
            Reason.LAST_KNOWN_STOOD_DOWN,
        )
        return _by(region, last_known, *reasons)
    if region == active_at_deployment:
        return Door(DoorState.OPEN, Reason.UNKNOWN_ACTIVE_AT_DEPLOYMENT)
    return Door(DoorState.CLOSED, Reason.UNKNOWN_STANDBY_AT_DEPLOYMENT)


def _by(region: str, known: Active, active: Reason, standby: Reason, stood_down: Reason) -> Door:
    if known.epoch.region != region:
        return Door(DoorState.CLOSED, standby)
    if known.stood_down:
        return Door(DoorState.CLOSED, stood_down)
    return Door(DoorState.OPEN, active)


def published_active(document: str) -> Active:
    """Who is active by the text of the published document.

    `{"version": 1, "epoch": [2, "eu-west-1"], "stood_down": "", ...}`; what else it says is for
    apps. ValueError: not that shape, or of another version.
    """
    told = json.loads(document)
    try:
        version, (number, region) = told["version"], told["epoch"]
        active = Active(Epoch(int(number), str(region)), str(told.get(STOOD_DOWN) or ""))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("the published document does not have the documented shape") from error
    if version != VERSION:
        raise ValueError(f"the published document is of version {version}, not {VERSION}")
    return active
