"""`sweep_failures`: two functions, one after the other, tried again where that can help."""

from __future__ import annotations

from tests.workflows.judges import returns
from tests.workflows.scenarios import Scenario, disturbances
from tests.workflows.scenarios.retries import PERMANENT, SOON_AGAIN, UNEXPECTED

FOUND = {"treated": 1, "woken": 0, "more": False}
LOOKED = {"looked": "not due", "unexpected": 0, "drift": 0}
SWEEP, SNAPSHOT = "Sweep Failures", "Snapshot Configuration"

SWEPT = Scenario(
    name="it sweeps, and answers what it made of the configuration",
    given={},
    script={"sweep_failures": [returns(FOUND)], "snapshot_configuration": [returns(LOOKED)]},
    path=[SWEEP, SNAPSHOT],
    calls=[("sweep_failures", {}), ("snapshot_configuration", {})],
    output=LOOKED,
)

SCENARIOS = [
    SWEPT,
    *(
        each
        for step, function in ((SWEEP, "sweep_failures"), (SNAPSHOT, "snapshot_configuration"))
        for each in disturbances(
            SWEPT,
            step,
            function,
            SOON_AGAIN,
            (*PERMANENT, *UNEXPECTED, "KeyError"),
        )
    ),
]
