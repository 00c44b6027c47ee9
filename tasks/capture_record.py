"""Capture Record: pool -> record, then look again and confirm."""

from __future__ import annotations

from typing import Any

from cognito_standby.replication.services.sync import capture_record
from tasks.reporting import counted
from tasks.sync_step import answer, context, subject_of, text_of


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer that the record is written and confirmed."""
    outcome = capture_record(
        context(), subject_of(event), text_of(event, "holder"), text_of(event, "change_id")
    )
    return answer(event, "capture_record", outcome)
