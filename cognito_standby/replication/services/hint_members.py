"""Hint Members: a group was deleted, so everybody who was in it has changed.

The event of a deleted group names no member, and the pool cannot list them any more. The records
can: they hold the membership until the member is captured again. The search reads the table part by
part. The machine keeps the place that it has reached, so a crash repeats one part and loses nobody.
A hint that was not needed does no harm: the group may exist again, the member may have been
captured meanwhile, or the record may be one that lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.ports import Clock
from cognito_standby.replication.ports import HintBatches, MemberRecords

AT_LEAST = 200
"""Hints after which a round ends: with the machine's pause of 5 s about 40 executions of sync_user
a second, which is below Cognito's default quota of 50 user resource reads a second."""

SEARCH_FOR = timedelta(seconds=20)
"""How long a round searches where members are rare; the task has 60 s."""


@dataclass(frozen=True)
class MembersContext:
    """What it takes to hint members."""

    records: MemberRecords
    bus: HintBatches
    clock: Clock


@dataclass(frozen=True)
class Round:
    """What a round did. `after`: where the next one goes on; "": there is nothing left."""

    hinted: int
    after: str


def hint_members(ctx: MembersContext, hint: Hint, after: str) -> Round:
    """One round. InvalidRecordError: the hint names no group, or `after` is not a round's."""
    if not hint.group:
        raise InvalidRecordError("the hint names no group")
    began, hinted = ctx.clock.now(), 0
    while True:
        page = ctx.records.members(hint.group, after)
        ctx.bus.publish_all([_hint(sub, hint, ctx.clock) for sub in page.origin_subs])
        hinted, after = hinted + len(page.origin_subs), page.after
        enough = hinted >= AT_LEAST or ctx.clock.now() - began >= SEARCH_FOR
        if not after or enough:
            return Round(hinted, after)


def _hint(origin_sub: str, about: Hint, clock: Clock) -> Hint:
    return Hint(
        origin_sub=origin_sub,
        cause=f"{about.cause}: member",
        change_id=about.change_id,
        hinted_at=clock.now().isoformat(),
    )
