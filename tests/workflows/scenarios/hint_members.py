"""`hint_members`: round after round until the table was searched."""

from __future__ import annotations

from tests.workflows.judges import returns
from tests.workflows.scenarios import Scenario, disturbances
from tests.workflows.scenarios.retries import CALLED, PERMANENT, UNEXPECTED

HINT = {"group": "staff", "cause": "DeleteGroup", "change_id": "c-1"}
STEP = "Hint Members"
PLACE = '{"origin_sub": "u-1", "region": "us-east-1"}'


def _round(after: str) -> tuple[str, dict[str, object]]:
    return ("hint_members", {"hint": HINT, "after": after})


LAST = Scenario(
    name="one round finds everybody",
    given=HINT,
    script={"hint_members": [returns({"after": "", "hinted": 3})]},
    path=[STEP, "Route", "All Hinted"],
    calls=[_round("")],
    output={"after": "", "hinted": 3},
)

SEVERAL = Scenario(
    name="it goes on where the round before stopped",
    given=HINT,
    script={
        "hint_members": [
            returns({"after": PLACE, "hinted": 200}),
            returns({"after": "", "hinted": 1}),
        ]
    },
    path=[STEP, "Route", "Pause", STEP, "Route", "All Hinted"],
    calls=[_round(""), _round(PLACE)],
    output={"after": "", "hinted": 1},
)

SCENARIOS = [
    LAST,
    SEVERAL,
    *disturbances(
        LAST,
        STEP,
        "hint_members",
        CALLED,
        (*PERMANENT, *UNEXPECTED, "KeyError"),
    ),
]
