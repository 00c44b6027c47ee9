"""Reading every record once: for the highest epoch, and for whether all that the other Region wrote
has arrived here.

Records are evidence of claims: one can arrive before the claim under which it was written, and in
an outage that claim may never come. And no order of arrival tells that all records are here; their
number and revisions do.
"""

from __future__ import annotations

from collections.abc import Callable

from cognito_standby.recovery.domain.standing import Tally
from cognito_standby.recovery.domain.surveys import Seen
from cognito_standby.recovery.ports import RecordSurvey


def survey(
    records: RecordSurvey,
    region: str,
    after: str,
    seen: Seen,
    *,
    left: Callable[[], float],
) -> tuple[Seen, str]:
    """Go on from `after` while time is left (seconds; negative: none). Answers what was seen by
    then of `region`'s records, and where to go on, "" at the end."""
    while True:
        page = records.page(after)
        seen = seen.more(page.tallies.get(region, Tally(0, 0)), page.highest)
        after = page.after
        if not after or left() < 0:
            return seen, after


def has_arrived(seen: Seen, wanted: Tally | None) -> bool:
    """Whether everything is here that has to be; None: nothing has to."""
    return wanted is None or seen.tally.covers(wanted)
