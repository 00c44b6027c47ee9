"""The index of names, as it should be: by the records that a Region's replica shows."""

from __future__ import annotations

from cognito_standby.core.domain.names_index import NameHasher
from cognito_standby.core.domain.subjects import SubjectKind
from tests.twins.stores.records import GlobalTable

HASHER = NameHasher(b"a key of tests")


class InMemoryNames:
    """NameFinder."""

    def __init__(self, table: GlobalTable, region: str) -> None:
        self._table, self._region = table, region

    def find(self, name: str) -> tuple[str, ...]:
        """Keys of all users with that name in some record."""
        wanted = HASHER.of(name)
        found = [
            record.subject.key
            for record in self._table.records(self._region)
            if record.subject.kind is SubjectKind.USER and wanted in HASHER.all_of(record.fields)
        ]
        return tuple(dict.fromkeys(found))
