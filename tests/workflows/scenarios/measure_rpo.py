"""`measure_rpo`: one function, tried again where that can help at once."""

from __future__ import annotations

from tests.workflows.judges import returns
from tests.workflows.scenarios import Scenario, disturbances
from tests.workflows.scenarios.retries import PERMANENT, SOON_AGAIN, UNEXPECTED

SEEN = {"active": False, "lag_seconds": 1.5}
STEP = "Measure Rpo"

MEASURED = Scenario(
    name="it answers what it measured",
    given={},
    script={"measure_rpo": [returns(SEEN)]},
    path=[STEP],
    calls=[("measure_rpo", {})],
    output=SEEN,
)

SCENARIOS = [
    MEASURED,
    *disturbances(
        MEASURED,
        STEP,
        "measure_rpo",
        SOON_AGAIN,
        (*PERMANENT, *UNEXPECTED, "KeyError"),
    ),
]
