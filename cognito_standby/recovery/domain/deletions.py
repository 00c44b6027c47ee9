"""When somebody was deleted, by their tombstones. Pure."""

from __future__ import annotations

from datetime import datetime

from cognito_standby.core.domain.records import Partition, Record, resolve


def deleted_before(partition: Partition, time: str) -> bool:
    """Whether the deletion that counts was seen before a time (ISO 8601, with a zone). False, too:
    nobody is deleted, or no tombstone tells a time.

    A Region that replays a deletion writes a tombstone of its own, which may win: then its time is
    that of the replay, which after an outage comes hours after the deletion.
    """
    winner = resolve(partition)
    if winner is None or not winner.deleted:
        return False
    copied = (each for each in partition.records if _is_copy(winner, each))
    times = [each.written_at for each in (winner, *copied)]
    return any(at is not None and at < datetime.fromisoformat(time) for at in times)


def _is_copy(tombstone: Record, former: Record) -> bool:
    """Whether one tombstone says again what the other Region's said: a deletion of its own tells
    another change."""
    return (
        former.deleted
        and former.region != tombstone.region
        and former.revision == tombstone.seen
        and former.change_id == tombstone.change_id
        and former.fields == tombstone.fields
    )
