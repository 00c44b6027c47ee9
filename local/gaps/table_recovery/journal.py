"""What is noted of tables that can be restored to a time, and the tables that came of it."""

from __future__ import annotations

import copy
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_KEPT = 50_000
_DAYS = 35
"""How long AWS keeps what it restores from."""
CREATING, ACTIVE, DELETING = "CREATING", "ACTIVE", "DELETING"
SUMMARY = "RestoreSummary"
_DUE = "_restored_due"


@dataclass(frozen=True)
class _Before:
    """What a write replaced; None: nothing was there."""

    when: float
    partition: Any
    sort: Any
    item: Any


@dataclass
class Journal:
    """The writes of one table since a moment, oldest first."""

    since: float
    writes: list[_Before] = field(default_factory=list)

    def note(self, entry: _Before, kept: int = _KEPT) -> None:
        """Remember one more, and forget the oldest beyond `kept`: the window begins later then."""
        self.writes.append(entry)
        if len(self.writes) > kept:
            self.since = self.writes[-kept - 1].when
            del self.writes[:-kept]

    def as_of(self, items: Mapping[Any, Mapping[Any, Any]], when: float) -> dict[Any, Any]:
        """The items as they were at that time: later writes undone, the newest first."""
        found: dict[Any, dict[Any, Any]] = defaultdict(dict)
        for partition, sorted_items in items.items():
            found[partition].update(sorted_items)
        for write in reversed(self.writes):
            if write.when <= when:
                break
            if write.item is None:
                found[write.partition].pop(write.sort, None)
            else:
                found[write.partition][write.sort] = write.item
        return defaultdict(dict, {one: copy.deepcopy(of) for one, of in found.items() if of})


class TableRecovery:
    """What is noted of every table, and the tables that are on their way or going."""

    def __init__(self, dynamodb: Any, restore_seconds: float, lag: float) -> None:
        self._dynamodb, self._seconds, self._lag = dynamodb, restore_seconds, lag
        self._journals: dict[str, Journal] = {}
        self._lock = threading.Lock()

    def before_write(self, table: Mapping[str, Any], partition: Any, sort: Any) -> None:
        """Note what stands where something is about to be written or removed."""
        now = time.time()
        with self._lock:
            if journal := self._journal(table, now):
                old = table["items"].get(partition, {}).get(sort)
                journal.note(_Before(now, partition, sort, old))

    def window(self, table: Mapping[str, Any]) -> tuple[float, float] | None:
        """The moments between which the table can be restored; None: its recovery is off."""
        now = time.time()
        with self._lock:
            journal = self._journal(table, now)
        if journal is None:
            return None
        earliest = max(journal.since, now - _DAYS * 86_400)
        return earliest, max(earliest, now - self._lag)

    def content(self, table: Mapping[str, Any], when: float) -> dict[Any, Any]:
        """What it held at a moment of the window."""
        with self._lock:
            return self._journals[table["TableId"]].as_of(table["items"], when)

    def _journal(self, table: Mapping[str, Any], now: float) -> Journal | None:
        """The table's; it begins when it is first asked for, and ends when recovery is off."""
        _, _, _, region, account, _ = str(table["TableArn"]).split(":", 5)
        on = self._dynamodb._pitr_settings.get_scoped(account, region, table["TableName"])
        if not on:
            self._journals.pop(table["TableId"], None)
            return None
        return self._journals.setdefault(table["TableId"], Journal(since=now))

    def begin(self, table: dict[str, Any], source: Mapping[str, Any], when: float) -> None:
        """It was made, and is not there yet."""
        table["TableStatus"], table[_DUE] = CREATING, time.time() + self._seconds
        table[SUMMARY] = {
            "SourceTableArn": source["TableArn"],
            "RestoreDateTime": when,
            "RestoreInProgress": True,
        }

    def end(self, table: dict[str, Any]) -> None:
        """It goes, and is still seen for a while."""
        table["TableStatus"], table[_DUE] = DELETING, time.time() + self._seconds

    def settle(self) -> None:
        """Let those come and go whose time has come; in this Region."""
        for name, table in list(self._dynamodb._tables.items()):
            if table.get(_DUE, float("inf")) > time.time():
                continue
            del table[_DUE]
            if table["TableStatus"] == DELETING:
                table["TableStatus"] = ACTIVE
                self._dynamodb._delete_table({"TableName": name})
            else:
                table["TableStatus"] = ACTIVE
                table[SUMMARY]["RestoreInProgress"] = False
