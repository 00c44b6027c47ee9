"""Close Past Table: begins to remove the table of a time.

Input: {"as_of"}; {"restore_id"} of an execution that began with the definition of the release
before, which named its tables so.
"""

from __future__ import annotations

from typing import Any

from cognito_standby.recovery.domain.past_tables import key_of, to_the_second
from cognito_standby.recovery.services.past_tables import close_past
from tasks.past_table_step import past_tables, settings
from tasks.reporting import counted, report
from tasks.sync_step import text_of


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer whether it is gone."""
    former = "restore_id" in event
    key = text_of(event, "restore_id") if former else key_of(to_the_second(text_of(event, "as_of")))
    gone = close_past(past_tables(settings()), key)
    report("close_past_table: looked", {}, table=key, gone=gone)
    return {"gone": gone}
