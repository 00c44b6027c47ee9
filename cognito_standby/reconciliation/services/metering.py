"""Ports that count what is asked of them, and a pool that is asked no faster than its quotas allow.

Repairs run the steps of SYNC as they are; what these spend is seen at the ports.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any, cast

from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.core.domain.pools import PoolSchema
from cognito_standby.core.domain.quotas import (
    USER_ACCOUNT_RECOVERY,
    USER_CREATION,
    USER_LIST,
    USER_POOL_READ,
    USER_READ,
    USER_RESOURCE_READ,
    USER_UPDATE,
)
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.ports import Clock, Ledger, RecordStore, UserDirectory
from cognito_standby.reconciliation.domain.usage import Usage
from cognito_standby.reconciliation.ports import Pacer

STEP_SECONDS = 45.0
"""How long a step may go on calling after it renewed its lease of 90 s: with the longest call
(15 s) it is over before the lease is. A step that waited longer for its pace begins again."""

SCHEMA_FOR = timedelta(minutes=5)
"""How long a schema is believed, so how often DescribeUserPool is asked at most."""

_READS = {
    "schema": (USER_POOL_READ,),
    "get_user": (USER_READ, USER_RESOURCE_READ),
    "get_user_by_sub": (USER_READ, USER_RESOURCE_READ),
    "listed_by_sub": (USER_LIST,),
    "recoveries": ("UserPoolRead",),
    "get_group": ("UserPoolResourceRead",),
}
_WRITES = {
    "create_user": (USER_CREATION,),
    "set_permanent_password": (USER_ACCOUNT_RECOVERY,),
    "put_group": ("UserPoolResourceUpdate",),
    "delete_group": ("UserPoolResourceUpdate",),
    **dict.fromkeys(
        (
            *("set_attributes", "delete_attributes", "set_enabled", "delete_user"),
            *("join_group", "leave_group"),
        ),
        (USER_UPDATE,),
    ),
}
_CATEGORIES: Mapping[str, tuple[str, ...]] = {**_READS, **_WRITES}
_FREE_OF_CHARGE = frozenset({"set_enabled", "delete_user", "listed_by_sub", "schema", "recoveries"})
"""Calls about a user that make nobody a monthly active user (developer guide, "Monthly active
users"); those about groups never do."""

_LEDGER_UNITS = {
    **{"read": (1.0, 0.0), "origin_of": (2.0, 0.0), "note_created": (0.0, 8.0)},
    **{"region_notes": (2.0, 0.0), "note_table": (0.0, 1.0)},
}
"""Reads and writes of a row of up to 1 KB with its entries in the two indexes; a transaction costs
twice. Everything that is not named writes the row once: a unit, and one for an index."""


@dataclass
class Meter:
    """What was asked of the ports so far."""

    calls: Counter[str] = field(default_factory=Counter)
    throttled: Counter[str] = field(default_factory=Counter)
    read_units: float = 0.0
    write_units: float = 0.0
    billed: int = 0
    """Calls that made somebody a monthly active user."""
    pool_writes: int = 0
    records_put: int = 0

    def taken(self, began_at: datetime, ended_at: datetime) -> Usage:
        """What the file of a part tells; the next one begins from nothing."""
        usage = Usage(
            dict(self.calls),
            dict(self.throttled),
            self.read_units,
            self.write_units,
            began_at=began_at,
            ended_at=ended_at,
        )
        self.calls, self.throttled = Counter(), Counter()
        self.read_units = self.write_units = 0.0
        return usage


class PacedPool:
    """A UserDirectory, each of whose calls waits for its turn and is counted.

    Where the turn came too late for the lease it raises ThrottledError instead: see STEP_SECONDS.
    """

    def __init__(self, directory: UserDirectory, pacer: Pacer, clock: Clock, meter: Meter) -> None:
        self._directory, self._pacer, self._clock, self.meter = directory, pacer, clock, meter
        self._began = clock.now()
        self._schema: tuple[datetime, PoolSchema] | None = None
        self._saved: Counter[str] = Counter()
        """Turns that were waited for and came too late: the next attempt has them at once, or
        at a slow pace it would never come further."""

    def begin_step(self) -> None:
        """A step is about to renew its lease."""
        self._began = self._clock.now()

    def schema(self) -> PoolSchema:
        """Paced when it may be asked for; every step looks at it, and Cognito allows 15 a second
        to the whole account."""
        now = self._clock.now()
        if self._schema is None or now - self._schema[0] > SCHEMA_FOR:
            found = self._paced("schema", _CATEGORIES["schema"], self._directory.schema, ())
            self._schema = (now, found)
        return self._schema[1]

    def __getattr__(self, method: str) -> Callable[..., Any]:
        call = getattr(self._directory, method)
        categories = _CATEGORIES.get(method, ())
        if not categories:
            return cast(Callable[..., Any], call)
        return lambda *args: self._paced(method, categories, call, args)

    def _paced(
        self, method: str, categories: tuple[str, ...], call: Callable[..., Any], args: Any
    ) -> Any:
        for category in categories:
            if self._saved[category]:
                self._saved[category] -= 1
            else:
                self._pacer.wait(category)
        if (self._clock.now() - self._began).total_seconds() > STEP_SECONDS:
            self._saved.update(categories)
            raise ThrottledError("the turn came too late for the lease")
        self.meter.calls[categories[0]] += 1
        try:
            answer = call(*args)
        except ThrottledError:
            self._refused(categories)
            raise
        self._count(method, categories, answer)
        return answer

    def _refused(self, categories: tuple[str, ...]) -> None:
        for category in categories:
            self.meter.throttled[category] += 1
            self._pacer.throttled(category)

    def _count(self, method: str, categories: tuple[str, ...], answer: Any) -> None:
        if method in _WRITES:
            self.meter.pool_writes += 1
        missed = method in _READS and answer is None
        if not missed:
            self.meter.calls.update(categories[1:])
            about_a_user = not method.endswith("_group") or method in ("join_group", "leave_group")
            self.meter.billed += about_a_user and method not in _FREE_OF_CHARGE


class _Counted:
    """A port that tells after each call what was asked and answered."""

    def __init__(self, port: Any, tell: Callable[[str, tuple[Any, ...], Any], None]) -> None:
        self._port, self._tell = port, tell

    def __getattr__(self, method: str) -> Callable[..., Any]:
        call = getattr(self._port, method)

        def counted(*args: Any) -> Any:
            answer = call(*args)
            self._tell(method, args, answer)
            return answer

        return counted


def counted_records(records: RecordStore, meter: Meter) -> RecordStore:
    """The same store; its units go to the meter."""

    def tell(method: str, args: tuple[Any, ...], answer: Any) -> None:
        match method:
            case "read" | "read_claims" | "known_groups":
                found = answer[0].records if method == "read" else []
                sizes = [_size(record.fields) for record in found]
                meter.read_units += 2 + sum(ceil(size / 4096) for size in sizes)
            case "put":
                draft: Draft = args[0]
                # In both replicas, and an entry of the index in each.
                meter.write_units += 2 * (ceil(_size(draft.fields) / 1024) + 1)
                meter.records_put += answer is not None
            case "table_id":
                pass  # DescribeTable costs nothing
            case _:
                meter.write_units += 4

    return cast(RecordStore, _Counted(records, tell))


def counted_ledger(ledger: Ledger, meter: Meter) -> Ledger:
    """The same ledger; its units go to the meter."""

    def tell(method: str, _: tuple[Any, ...], __: Any) -> None:
        reads, writes = _LEDGER_UNITS.get(method, (0.0, 2.0))
        meter.read_units += reads
        meter.write_units += writes

    return cast(Ledger, _Counted(ledger, tell))


def _size(fields: Mapping[str, str]) -> int:
    """About the bytes of an item with these fields (developer guide, "Item sizes and formats")."""
    return 400 + len(json.dumps(dict(fields), ensure_ascii=False).encode(errors="replace"))
