"""`sweep_failures`: one function, tried again where that can help."""

from __future__ import annotations

from tests.workflows.judges import returns
from tests.workflows.scenarios import Scenario, disturbances
from tests.workflows.scenarios.contain_failure import NEVER
from tests.workflows.scenarios.sync_user import PERMANENT, SERVICE, THROTTLED, UNSURE

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
        {SERVICE: 8, UNSURE: 6, THROTTLED: 10},
        (*PERMANENT, *NEVER, "KeyError"),
    ),
]
