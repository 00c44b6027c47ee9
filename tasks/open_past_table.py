"""Open Past Table: the records as of a time, in a table of its own; asked until it is ready.

Input: {"as_of": ISO 8601 with a zone}.
"""

from __future__ import annotations

from typing import Any

from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.recovery.domain.past_tables import to_the_second
from cognito_standby.recovery.services.past_tables import open_past
from tasks.past_table_step import past_tables, settings
from tasks.reporting import counted, report
from tasks.sync_step import text_of


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with the table's name, and whether all of it is there."""
    as_of = to_the_second(text_of(event, "as_of"))
    opened = open_past(past_tables(settings()), SystemClock(), as_of)
    told = {"table": opened.table, "ready": opened.ready}
    report("open_past_table: looked", {}, as_of=as_of.isoformat(), why=opened.reason, **told)
    return told
