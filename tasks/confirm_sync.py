"""Confirm Sync: look again, confirm, give the lease back."""

from __future__ import annotations

from typing import Any

from cognito_standby.replication.services.sync import confirm_sync
from tasks.reporting import counted
from tasks.sync_step import answer, context, subject_of, text_of


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer that pool and winner agree."""
    outcome = confirm_sync(context(), subject_of(event), text_of(event, "holder"))
    return answer(event, "confirm_sync", outcome)
