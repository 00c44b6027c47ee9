"""`python -m tests.rights NOTES`: what is granted and was never used, and why it stays.

NOTES is the folder that `RIGHTS_NOTES` named while the tests ran (`make rights` does both). Exit
status 1: a right was not used and has no reason in `reasons.REASONS`, or a reason explains nothing
any more; 2: there are no notes.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from local.demo.command import synthesize
from tests.rights.granted import Grant, Place, granted, told
from tests.rights.reason import Reason, explained
from tests.rights.reasons import REASONS


def main(notes: Path) -> int:
    """Compare, print, and say whether everything has its reason."""
    files = [json.loads(path.read_text()) for path in sorted(notes.glob("*.json"))]
    if not files:
        print(f"{notes} holds no notes: run the tests with RIGHTS_NOTES={notes}")  # noqa: T201
        return 2
    with tempfile.TemporaryDirectory() as folder:
        everything = granted(synthesize("username", Path(folder)))
    lines, holds = compared(everything, files, REASONS)
    print("\n".join(lines))  # noqa: T201
    return 0 if holds else 1


def compared(
    everything: Mapping[Place, Grant],
    files: Collection[Mapping[str, Any]],
    reasons: Collection[Reason],
) -> tuple[list[str], bool]:
    """What is to be told of a run, and whether it holds. `files` are the notes of its stages."""
    used = {_place(row) for one in files for row in one["used"]}
    spared = [grant for place, grant in everything.items() if place not in used]
    unused = frozenset(grant.right for grant in spared)
    found = explained(frozenset(grant.right for grant in everything.values()), unused, reasons)
    bare = _count(spared, found.without)
    judged, refused = (sum(one[name] for one in files) for name in ("evaluated", "refused"))
    lines = [
        f"{len(files)} stages: {judged} accesses judged, {refused} refused",
        f"{len(everything)} grants: {len(everything) - len(spared)} used,"
        f" {len(spared) - bare} unused with a reason, {bare} unexplained",
    ]
    lines += [f"  without a reason: {told(right)}" for right in sorted(found.without)]
    lines += [f"  explains nothing any more: {one}" for one in found.idle]
    return lines, found.holds


def _count(grants: Iterable[Grant], rights: Collection[tuple[str, str, str, str]]) -> int:
    return sum(grant.right in rights for grant in grants)


def _place(row: Mapping[str, Any]) -> Place:
    names = ("role", "policy", "statement", "action", "resource_number")
    role, policy, statement, action, resource = (row[name] for name in names)
    return str(role), str(policy), int(statement), str(action), int(resource)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
