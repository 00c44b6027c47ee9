"""Survey Records: reads every record once, a part of the table at a time.

Input: {"of": the Region whose records are added up, "after": where the last round stopped, "" at
the beginning, "seen": what it had seen, "wanted": what must have arrived, {} for nothing}.
"""

from __future__ import annotations

import time
from typing import Any

from cognito_standby.recovery.domain.surveys import seen_from, tally_from
from cognito_standby.recovery.services.surveying import has_arrived, survey
from tasks.failover_step import records
from tasks.reporting import counted, report
from tasks.sync_step import text_of

RESERVE_SECONDS = 20.0
"""Kept of the function's time for a page that hangs, with its repetition."""


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer with where the machine goes on, and with what was seen."""
    milliseconds: float = context.get_remaining_time_in_millis()  # type: ignore[attr-defined]
    until = time.monotonic() + milliseconds / 1000 - RESERVE_SECONDS
    seen, after = survey(
        records(),
        text_of(event, "of"),
        text_of(event, "after"),
        seen_from(event.get("seen")),
        left=lambda: until - time.monotonic(),
    )
    arrived = not after and has_arrived(seen, tally_from(event.get("wanted")))
    told = {"records": seen.tally.records, "arrived": arrived, "more": bool(after)}
    report("survey_records: round done", {}, **told)
    return {"after": after, "seen": seen.to_dict(), "arrived": arrived}
