"""The search for a group's members on the in-memory global table, and hints in batches."""

from __future__ import annotations

from collections.abc import Sequence

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.subjects import GROUP, TRUE
from cognito_standby.replication.ports import MemberPage
from tests.twins.stores.events import InMemoryHintBus
from tests.twins.stores.records import GlobalTable


class InMemoryMemberRecords:
    """MemberRecords: one Region's replica, `page_items` at a time."""

    def __init__(self, table: GlobalTable, region: str, page_items: int = 1000) -> None:
        self._table, self._region, self._page_items = table, region, page_items

    def members(self, group: str, after: str) -> MemberPage:
        """A part of the table, in the order of its keys."""
        if after and "\n" not in after:
            raise InvalidRecordError("the search cannot be continued from there")
        records = self._table.records(self._region)
        keys = [f"{record.subject.key}\n{record.region}" for record in records]
        rest = [pair for pair in zip(keys, records, strict=True) if pair[0] > after]
        page = rest[: self._page_items]
        found = [
            record.subject.id
            for _, record in page
            if not record.deleted and record.fields.get(GROUP + group) == TRUE
        ]
        more = len(rest) > len(page)
        return MemberPage(tuple(dict.fromkeys(found)), page[-1][0] if more else "")


class InMemoryHintBatches:
    """HintBatches: each hint goes to the bus's twin, which may fail in between."""

    def __init__(self, bus: InMemoryHintBus) -> None:
        self._bus = bus

    def publish_all(self, hints: Sequence[Hint]) -> None:
        """One after another."""
        for hint in hints:
            self._bus.publish(hint)
