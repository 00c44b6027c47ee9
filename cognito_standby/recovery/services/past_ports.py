"""What restoring from the records, and from the table as of a time, needs of the world.

Every method may raise ThrottledError, ServiceUnavailableError or MisconfiguredError; the others
are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cognito_standby.core.domain.records import Record
from cognito_standby.recovery.domain.past_tables import TableLook, Window


class PastTables(Protocol):
    """Tables of a time of this Region's records, by their keys (`key_of`).

    InvalidRecordError, of those that are told a key: it is none.
    """

    def name(self, key: str) -> str:
        """What the table is called."""

    def look(self, key: str) -> TableLook | None:
        """The table as it is now; None: there is none."""

    def window(self) -> Window | None:
        """The moments that the records can be restored to; None: their recovery is off."""

    def start(self, as_of: datetime) -> bool:
        """Begin to restore, without the index. False: somebody else began it meanwhile.
        InvalidRecordError: the time left the window meanwhile."""

    def remove(self, key: str) -> None:
        """Begin to remove it. Gone, going, or not yet there is success: look again."""

    def known_keys(self) -> Sequence[str]:
        """Keys of the tables that are here."""


class Restores(Protocol):
    """The machine `restore_pool` of this Region."""

    def any_running(self) -> bool:
        """Whether an execution runs, or waits to be redriven."""


@dataclass(frozen=True)
class PastPage:
    """Records of a segment, both Regions', tombstones included.

    unreadable  key -> why, of items not of a known shape or of a newer schema
    after       where to go on; "": that was the segment's last
    """

    records: Sequence[Record]
    unreadable: Mapping[str, str]
    after: str = ""


class RecordSegments(Protocol):
    """All records of one table, which may lack the index, divided into segments: both records of a
    subject are in one segment (developer guide, "Scanning tables": by the partition key's hash), in
    order of the Region, and a page may end between them."""

    def estimated_items(self) -> int:
        """Items of any kind in the table, hours ago perhaps (DescribeTable, ItemCount: "updates
        this value approximately every six hours")."""

    def page(self, segment: int, segments: int, after: str) -> PastPage:
        """One part of segment number `segment` of `segments`, strongly consistent.
        InvalidRecordError: nothing can go on from `after`."""
