"""Ports that count what is asked of them. There is one meter and one way to count, for all steps:
listing and comparison (`spending`) and repairs, which run the steps of SYNC as they are.

Counted is by the rules of domain/request_costs.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from cognito_standby.core.ports import Ledger, RecordStore
from cognito_standby.reconciliation.domain import request_costs as costs
from cognito_standby.reconciliation.domain.usage import Usage
from cognito_standby.reconciliation.ports import (
    LedgerIndex,
    Pacer,
    RecordIndex,
    RunFiles,
    WholeRecords,
)

P = TypeVar("P")
Tell = Callable[[str, tuple[Any, ...], Any], None]
"""Method, arguments, answer."""


@dataclass
class Meter:
    """What was asked of the ports so far."""

    calls: Counter[str] = field(default_factory=Counter)
    throttled: Counter[str] = field(default_factory=Counter)
    read_units: float = 0.0
    write_units: float = 0.0
    puts: int = 0
    gets: int = 0
    billed: int = 0
    """Calls that made somebody a monthly active user."""
    pool_writes: int = 0
    records_put: int = 0

    def taken(self, began_at: datetime, ended_at: datetime) -> Usage:
        """What a file tells of it; the next one begins from nothing."""
        usage = Usage(
            dict(self.calls),
            dict(self.throttled),
            self.read_units,
            self.write_units,
            self.puts,
            self.gets,
            began_at,
            ended_at,
        )
        self.calls, self.throttled = Counter(), Counter()
        self.read_units = self.write_units = 0.0
        self.puts = self.gets = 0
        return usage


class _Counted:
    """A port that reports what was asked. It reports before the call if a failed call costs as much
    as a successful one, and otherwise after it, with the answer."""

    def __init__(self, port: Any, *, asked: Tell | None = None, answered: Tell | None = None):
        self._port, self._asked, self._answered = port, asked, answered

    def __getattr__(self, method: str) -> Callable[..., Any]:
        call = getattr(self._port, method)

        def counted(*args: Any) -> Any:
            if self._asked:
                self._asked(method, args, None)
            answer = call(*args)
            if self._answered:
                self._answered(method, args, answer)
            return answer

        return counted


def _counted(port: P, *, asked: Tell | None = None, answered: Tell | None = None) -> P:
    """The counted port, of the same type for its user."""
    return cast(P, _Counted(port, asked=asked, answered=answered))


def counted_records(records: RecordStore, meter: Meter) -> RecordStore:
    """The same store; its units go to the meter."""

    def tell(method: str, args: tuple[Any, ...], answer: Any) -> None:
        match method:
            case "read" | "read_claims" | "read_active" | "known_groups" | "named":
                found = answer[0].records if method == "read" else []
                meter.read_units += 2 + sum(costs.record_read(record.fields) for record in found)
            case "put":
                meter.write_units += costs.record_put(args[0].fields)
                meter.records_put += answer is not None
            case "table_id":
                pass  # DescribeTable costs nothing
            case _:
                meter.write_units += 4

    return _counted(records, answered=tell)


def counted_ledger(ledger: Ledger, meter: Meter) -> Ledger:
    """The same ledger; its units go to the meter."""

    def tell(method: str, _: tuple[Any, ...], __: Any) -> None:
        reads, writes = costs.ledger_units(method)
        meter.read_units += reads
        meter.write_units += writes

    return _counted(ledger, answered=tell)


def counted_record_index(index: RecordIndex, meter: Meter) -> RecordIndex:
    """The same index; its units go to the meter."""

    def tell(_: str, __: tuple[Any, ...], page: Any) -> None:
        entries = len(page.records) + len(page.unreadable)
        meter.read_units += costs.index_page(entries, costs.RECORD_ENTRY_BYTES)

    return _counted(index, answered=tell)


def counted_whole_records(whole: WholeRecords, meter: Meter) -> WholeRecords:
    """The same records; their units go to the meter."""

    def tell(_: str, __: tuple[Any, ...], found: Any) -> None:
        meter.read_units += costs.batch_read(2 * len(found))

    return _counted(whole, answered=tell)


def counted_ledger_index(index: LedgerIndex, meter: Meter) -> LedgerIndex:
    """The same index and reverse map; their units go to the meter."""

    def asked(method: str, args: tuple[Any, ...], _: Any) -> None:
        if method == "origins_of":
            meter.read_units += costs.batch_read(len(args[0]))

    def answered(method: str, _: tuple[Any, ...], page: Any) -> None:
        if method == "page":
            meter.read_units += costs.index_page(len(page.rows), costs.ROW_ENTRY_BYTES)
        elif method == "not_held":
            meter.read_units += costs.index_page(len(page), costs.ROW_ENTRY_BYTES)
            meter.read_units += costs.batch_read(len(page))

    return _counted(index, asked=asked, answered=answered)


def counted_files(files: RunFiles, meter: Meter) -> RunFiles:
    """The same files; requests go to the meter. A listing is billed like a write."""

    def tell(method: str, _: tuple[Any, ...], __: Any) -> None:
        if method in ("write", "names"):
            meter.puts += 1
        else:
            meter.gets += 1

    return _counted(files, asked=tell)


def counted_turns(pacer: Pacer, meter: Meter) -> Pacer:
    """The same pacer; each turn that was had counts as a call, of those that have a category."""

    def tell(method: str, args: tuple[Any, ...], _: Any) -> None:
        if method == "wait" and args[0]:
            meter.calls[args[0]] += 1
        elif method == "throttled" and args[0]:
            meter.throttled[args[0]] += 1

    return _counted(pacer, answered=tell)
