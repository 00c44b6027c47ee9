"""Replay Memberships: a state of the release before, for executions that began then.

They keep their definition, redriven or not. Whatever they had written, all that is left is replayed
here, and the states after this one find that nothing is. It goes with the next release.
"""

from __future__ import annotations

from typing import Any

from tasks.reporting import counted
from tasks.sync_step import replayed


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer as it did: more states follow."""
    return {**replayed(event, "replay_memberships"), "decision": "apply"}
