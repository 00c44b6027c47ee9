"""Tables of a time, and what lies in them, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zlib import crc32

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.records import Record
from cognito_standby.recovery.domain.past_tables import (
    TableLook,
    TableState,
    Window,
    key_of,
    past_prefix,
    past_table,
)
from cognito_standby.recovery.services.past_ports import PastPage
from tests.twins.clock import ManualClock


@dataclass
class InMemoryPastTables:
    """PastTables. A table takes `seconds` to come, and to go; the latest moment that the records
    can be restored to is `lag` seconds ago. Look at `tables` for what there is."""

    clock: ManualClock
    earliest: datetime | None
    """None: recovery is off."""
    seconds: float = 60.0
    lag: float = 300.0
    prefix: str = past_prefix("twin")
    tables: dict[str, tuple[TableLook, datetime]] = field(default_factory=dict)
    """Name -> the table, and when it has come or gone."""

    def name(self, key: str) -> str:
        """By its prefix."""
        return past_table(self.prefix, key)

    def look(self, key: str) -> TableLook | None:
        """As far as it is by now."""
        name = self.name(key)
        if name not in self.tables:
            return None
        look, due = self.tables[name]
        if self.clock.now() < due:
            return look
        if look.state is TableState.GOING:
            del self.tables[name]
            return None
        if look.state is TableState.OTHER:
            return look
        return replace(look, state=TableState.THERE, filled=True)

    def window(self) -> Window | None:
        """Up to `lag` seconds ago."""
        if self.earliest is None:
            return None
        return Window(self.earliest, self.clock.now() - timedelta(seconds=self.lag))

    def start(self, as_of: datetime) -> bool:
        """It comes."""
        window = self.window()
        if window is None or not window.earliest <= as_of <= window.latest:
            raise InvalidRecordError("outside of the window")
        key = key_of(as_of)
        if self.look(key) is not None:
            return False
        look = TableLook(TableState.COMING, self.clock.now(), as_of, filled=False)
        self.tables[self.name(key)] = (look, self._due())
        return True

    def remove(self, key: str) -> None:
        """It goes, if it is there."""
        look = self.look(key)
        if look is not None and look.state in (TableState.THERE, TableState.OTHER):
            gone = replace(look, state=TableState.GOING)
            self.tables[self.name(key)] = (gone, self._due())

    def known_keys(self) -> Sequence[str]:
        """By the names."""
        found = [name.removeprefix(self.prefix) for name in self.tables]
        return [one for one in found if self.look(one) is not None]

    def _due(self) -> datetime:
        return self.clock.now() + timedelta(seconds=self.seconds)


@dataclass
class InMemoryRecordSegments:
    """RecordSegments of whatever `records` gives, `page_items` a page. `unreadable`: key -> why."""

    records: Callable[[], Iterable[Record]]
    page_items: int = 100
    unreadable: dict[str, str] = field(default_factory=dict)
    items: int | None = None
    """As DynamoDB estimates it; None: as it is."""

    def estimated_items(self) -> int:
        """Exactly, where nothing else was said."""
        return len(list(self.records())) if self.items is None else self.items

    def page(self, segment: int, segments: int, after: str) -> PastPage:
        """A page by number; what cannot be read is on the first one of the first segment."""
        if after and not after.isdigit():
            raise InvalidRecordError("the segment cannot be continued from there")
        mine = [
            record
            for record in sorted(self.records(), key=lambda one: (one.subject.key, one.region))
            if crc32(record.subject.key.encode()) % segments == segment
        ]
        begin = int(after or 0)
        end = begin + self.page_items
        unreadable = self.unreadable if segment == begin == 0 else {}
        return PastPage(mine[begin:end], unreadable, str(end) if end < len(mine) else "")
