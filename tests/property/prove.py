"""Explore the bounds that are too big for every test run.

    python -m tests.property.prove [--seconds N] [--states N] [NAME ...]

NAME is a part of the names of bounds; without one all are explored, and then the mutants that
take long. Ends with 1 when something wrong was found.
"""

from __future__ import annotations

import argparse
import sys

from tests.property.bounds.binding import BINDING, DEEP_BINDING
from tests.property.bounds.doubts import DEEP_DOUBTS, DOUBTS
from tests.property.bounds.housework import DEEP_HOUSEWORK, HOUSEWORK
from tests.property.bounds.memberships import MEMBERSHIPS
from tests.property.bounds.on_demand import (
    ASKED,
    ASKED_TOO,
    DEEP_ASKED,
    DEEP_ON_DEMAND,
    ON_DEMAND,
)
from tests.property.bounds.planned import DEEP_PLANNED, PLANNED
from tests.property.bounds.restore import LARGER as DEEP_RESTORING
from tests.property.bounds.restore import RESTORING
from tests.property.bounds.standby import DEEP_STANDBY, STANDBY
from tests.property.bounds.sync import DEEP, QUICK
from tests.property.bounds.undelete import DEEP_UNDELETE, UNDELETING
from tests.property.broken.standby import MUTANTS as STANDBY_MUTANTS
from tests.property.explore import explore
from tests.property.mutants import MUTANTS


def main() -> int:
    """Explore, print one line each, and sum up."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=300, help="for each bounds")
    parser.add_argument("--states", type=int, default=4_000_000, help="for each bounds")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    wrong, states = 0, 0
    quick, deep = (
        (
            *QUICK,
            *HOUSEWORK,
            *STANDBY,
            *PLANNED,
            *DOUBTS,
            *UNDELETING,
            *BINDING,
            *MEMBERSHIPS,
            *RESTORING,
            *ON_DEMAND,
            *ASKED,
        ),
        (
            *DEEP,
            *DEEP_HOUSEWORK,
            *DEEP_STANDBY,
            *DEEP_PLANNED,
            *DEEP_UNDELETE,
            *DEEP_BINDING,
            *DEEP_RESTORING,
            *DEEP_ON_DEMAND,
            *ASKED_TOO,
            *DEEP_ASKED,
        ),
    )
    for bounds in (*quick, *deep, *DEEP_DOUBTS):
        if asked.names and not any(name in bounds.name for name in asked.names):
            continue
        report = explore(bounds, states=asked.states, seconds=asked.seconds)
        wrong += report.finding is not None
        states += report.states
        _say(str(report))
    for mutant in () if asked.names else (m for m in (*MUTANTS, *STANDBY_MUTANTS) if m.slow):
        found = mutant.explored(asked.seconds).finding
        wrong += found is None
        _say(f"{'caught' if found else 'NOT CAUGHT'}: {mutant.rule}")
    _say(f"{states:,} states, {wrong} findings")
    return 1 if wrong else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
