"""`measure_rpo`: one function, tried again where that can help at once."""

from __future__ import annotations

from tests.workflows.judges import returns
from tests.workflows.scenarios import Scenario, disturbances
from tests.workflows.scenarios.contain_failure import NEVER
from tests.workflows.scenarios.sync_user import PERMANENT, SERVICE, THROTTLED, UNSURE

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
        {SERVICE: 8, UNSURE: 6, THROTTLED: 10},
        (*PERMANENT, *NEVER, "KeyError"),
    ),
]
