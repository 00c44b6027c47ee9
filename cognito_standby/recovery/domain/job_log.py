"""The log of an import job: what became of each line. Pure.

Source: Cognito developer guide, "Viewing the results". Whether the header counts as line 1 is not
documented; where a log tells of a line 1 that cannot be the header's, the first user's is meant.
Nothing is decided by these outcomes: each user's replay looks for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_TOLD = re.compile(r"\[(SUCCEEDED|SKIPPED|FAILED)\] Line Number ([0-9]+) - (.*)", re.DOTALL)
SUCCEEDED = "SUCCEEDED"
UNTOLD = "UNTOLD"
"""The log says nothing of the line."""


def outcomes_of(users: Sequence[str], log: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Origin sub -> outcome and reason, for the users of a job in the order of its file."""
    told = {int(found[2]): (found[1], found[3]) for found in map(_TOLD.fullmatch, log) if found}
    first = 1 if 1 in told else 2
    numbered = enumerate(users, start=first)
    return {user: told.get(number, (UNTOLD, "")) for number, user in numbered}
