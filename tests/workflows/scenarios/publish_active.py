"""`publish_active`: one function, tried again where that can help at once."""

from __future__ import annotations

from tests.workflows.judges import returns
from tests.workflows.scenarios import Scenario, disturbances
from tests.workflows.scenarios.retries import (
    DOUBTED,
    PERMANENT,
    REPLAN,
    SOON_AGAIN,
    TURN,
    UPGRADE,
)

PUBLISHED = {"published": True, "epoch": [2, "us-west-2"], "written": ["document"]}
STEP = "Publish Active"

DONE = Scenario(
    name="it answers what it published",
    given={},
    script={"publish_active": [returns(PUBLISHED)]},
    path=[STEP],
    calls=[("publish_active", {})],
    output=PUBLISHED,
)

SCENARIOS = [
    DONE,
    *disturbances(
        DONE,
        STEP,
        "publish_active",
        SOON_AGAIN | {TURN: 30},
        (
            *(*PERMANENT, *UPGRADE, *REPLAN, *DOUBTED),
            *("NameHeldError", "DependencyMissingError", "KeyError"),
        ),
    ),
]
