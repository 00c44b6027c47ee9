"""`sweep_failures`: one function, tried again where that can help."""

from __future__ import annotations

from tests.workflows.judges import returns
from tests.workflows.scenarios import Scenario, disturbances
from tests.workflows.scenarios.retries import PERMANENT, SOON_AGAIN, UNEXPECTED

FOUND = {"treated": 1, "woken": 0, "more": False}
STEP = "Sweep Failures"

SWEPT = Scenario(
    name="it answers what it found",
    given={},
    script={"sweep_failures": [returns(FOUND)]},
    path=[STEP],
    calls=[("sweep_failures", {})],
    output=FOUND,
)

SCENARIOS = [
    SWEPT,
    *disturbances(
        SWEPT,
        STEP,
        "sweep_failures",
        SOON_AGAIN,
        (*PERMANENT, *UNEXPECTED, "KeyError"),
    ),
]
