"""The table "step of the saga x what is injected -> what the caller learns", made by running it.

`python -m tests.saga.outcomes` writes it into docs/admin-changes.md; a test keeps it fresh.
"""

from __future__ import annotations

import logging
import re
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from tests.saga.faults import FAULTS
from tests.saga.machine import DEFINITION
from tests.saga.test_faults import calls_of, play

PAGE = Path(__file__).parents[2] / "docs" / "admin-changes.md"
_BEGIN, _END = "<!-- outcomes -->\n", "<!-- /outcomes -->\n"
_KINDS = ("update", "delete")


def table() -> str:
    """A row for each fault, a column for each step in which it strikes an update or a deletion."""
    found: dict[tuple[str, str], set[str]] = {}
    for kind in _KINDS:
        for place in range(calls_of(kind)):
            for fault in FAULTS:
                _, change, execution = play(kind, fault.name, place)
                told = change.status.value
                told = f"failed; redriven: {told}" if execution.redrives else told
                found.setdefault((fault.name, execution.struck_in), set()).add(told)
    steps = [name for name in DEFINITION["States"] if any(step == name for _, step in found)]
    lines = [f"| injected | {' | '.join(steps)} |", f"|---{'|---' * len(steps)}|"]
    for fault in FAULTS:
        cells = [" or ".join(sorted(found.get((fault.name, step), ()))) for step in steps]
        lines.append(f"| {fault.name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def written() -> str:
    """The table as the page has it."""
    match = re.search(f"{_BEGIN}(.*?){_END}", PAGE.read_text("utf-8"), re.DOTALL)
    assert match, f"{PAGE.name} has no place for the table"
    return match[1]


def write() -> None:
    """Put the table into the page."""
    with redirect_stdout(StringIO()):
        fresh = table()
    begin, end = _BEGIN + written() + _END, _BEGIN + fresh + _END
    PAGE.write_text(PAGE.read_text("utf-8").replace(begin, end), "utf-8")


if __name__ == "__main__":
    logging.disable()
    write()
    sys.stdout.write(f"wrote the table to docs/{PAGE.name}\n")
