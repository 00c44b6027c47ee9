"""`python -m tests.rights NOTES`: what is granted and was never used, and why it stays.

NOTES is the folder that `RIGHTS_NOTES` named while the tests ran (`make rights` does both). Exit
status 1: something is granted, was not used and has no reason in `reasons.REASONS`. Reasons that
fit nothing are told.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from local.demo.command import synthesize
from tests.rights.granted import Grant, Place, granted
from tests.rights.reasons import REASONS, Reason


def main(notes: Path) -> int:
    """Compare, print, and say whether everything has its reason."""
    files = [json.loads(path.read_text()) for path in sorted(notes.glob("*.json"))]
    if not files:
        print(f"{notes} holds no notes: run the tests with RIGHTS_NOTES={notes}")  # noqa: T201
        return 2
    used: set[Place] = set()
    for one in files:
        used |= {_place(row) for row in one["used"]}
    with tempfile.TemporaryDirectory() as folder:
        everything = granted(synthesize("username", Path(folder)))
    unused = [grant for place, grant in sorted(everything.items()) if place not in used]
    judged = sum(one["evaluated"] for one in files)
    refused = sum(one["refused"] for one in files)
    lines = [f"{len(files)} stages: {judged} accesses judged, {refused} refused"]
    lines += [f"{len(everything)} grants, {len(unused)} never used"]
    unexplained, idle = explained(unused)
    lines += [f"  without a reason: {grant.text}" for grant in unexplained]
    lines += [f"  a reason for nothing: {reason}" for reason in idle]
    print("\n".join(lines))  # noqa: T201
    return 1 if unexplained else 0


def explained(unused: Iterable[Grant]) -> tuple[list[Grant], list[Reason]]:
    """What no reason fits, and the reasons that fit nothing."""
    unexplained, fitting = [], set()
    for grant in unused:
        found = [reason for reason in REASONS if reason.fits(grant)]
        fitting |= set(found)
        if not found:
            unexplained.append(grant)
    return unexplained, [reason for reason in REASONS if reason not in fitting]


def _place(row: dict[str, object]) -> Place:
    names = ("role", "policy", "statement", "action", "resource_number")
    role, policy, statement, action, resource = (row[name] for name in names)
    return str(role), str(policy), int(str(statement)), str(action), int(str(resource))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
