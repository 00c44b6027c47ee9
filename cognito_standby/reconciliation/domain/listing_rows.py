"""Rows of a listing as they lie in files: one line each, tabs in between, sorted by shard.

Tabs, not JSON: a comparison reads millions of them, and `str.split` is five times faster. Nothing
in them can hold a tab: subs are Cognito's, group names have no control characters (API,
GroupNameType), and an origin with one is not taken (`Subject.user`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cognito_standby.core.domain.pools import PoolGroup, group_fields
from cognito_standby.core.domain.subjects import Subject, shard_of_key
from cognito_standby.core.domain.summaries import profile_digest

_SEPARATOR = "\t"


def user_row(
    local_sub: str, origin: str, profile: str, *, enabled: bool, status: str, marks: str = ""
) -> str:
    """A user. Read it with `split_rows`: [local sub, origin, profile, flag, status, marks].

    `origin` decides the shard that the row is compared in, and is checked there; `profile` is the
    digest of all attributes (and of the username where it is free); `marks`: `standings`, which
    rows of earlier releases lack.
    """
    return _SEPARATOR.join((local_sub, origin, profile, "1" if enabled else "0", status, marks))


def group_row(group: PoolGroup) -> str:
    """A group definition: a row like a user's, without a local sub, a status and marks."""
    key = Subject.group(group.name).key
    return _SEPARATOR.join(("", key, profile_digest(group_fields(group)), "1", ""))


def member_row(local_sub: str, origin: str, group: str) -> str:
    """A membership: [local sub, origin, group]."""
    return _SEPARATOR.join((local_sub, origin, group))


def split_rows(body: bytes) -> list[tuple[str, ...]]:
    """The rows of some bytes of a file. Tuples: the garbage collector does not follow them."""
    return [tuple(line.split(_SEPARATOR)) for line in body.decode().split("\n") if line]


@dataclass
class RowBuffer:
    """Rows that wait to be written as one file."""

    size: int = 0
    """In bytes, nearly."""
    rows: int = 0
    _by_shard: dict[str, list[str]] = field(default_factory=dict)

    def add(self, key: str, row: str) -> None:
        """Add a row of the subject with this key."""
        self._by_shard.setdefault(shard_of_key(key), []).append(row)
        self.size += len(row) + 1
        self.rows += 1

    def body(self) -> tuple[bytes, Mapping[str, tuple[int, int]]]:
        """The file, and for each shard in it where it begins and how long it is."""
        chunks: list[bytes] = []
        ranges: dict[str, tuple[int, int]] = {}
        offset = 0
        for shard in sorted(self._by_shard):
            chunk = ("\n".join(self._by_shard[shard]) + "\n").encode()
            ranges[shard] = (offset, len(chunk))
            chunks.append(chunk)
            offset += len(chunk)
        return b"".join(chunks), ranges
