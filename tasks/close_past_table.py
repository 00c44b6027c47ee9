"""Close Past Table: removes the table of a restore; asked until it is gone.

Input: {"restore_id"}.
"""

from __future__ import annotations

from typing import Any

from cognito_standby.recovery.services.past_tables import close_past
from tasks.past_table_step import past_tables
from tasks.reporting import counted, report
from tasks.sync_step import text_of


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer whether it is gone."""
    restore_id = text_of(event, "restore_id")
    gone = close_past(past_tables(), restore_id)
    report("close_past_table: looked", {}, restore=restore_id, gone=gone)
    return {"gone": gone}
