"""Replay Record: record -> pool, the user and the memberships; look again and confirm."""

from __future__ import annotations

from typing import Any

from tasks.reporting import counted
from tasks.sync_step import replayed


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer that pool and winner agree."""
    return replayed(event, "replay_record")
