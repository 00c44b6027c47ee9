"""What it takes to hint the members of a group that is gone, and to keep the index of names whole,
as Protocols.

Every method may raise ThrottledError, ServiceUnavailableError or MisconfiguredError.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.names_index import NameHasher
from cognito_standby.core.domain.records import Record


@dataclass(frozen=True)
class MemberPage:
    """Part of a search. `origin_subs`: each once; `after` leads on, "" ends it."""

    origin_subs: Sequence[str]
    after: str = ""


class MemberRecords(Protocol):
    """The records table, searched by a membership."""

    def members(self, group: str, after: str) -> MemberPage:
        """Users with a living record, of either Region, that is in the group; strongly consistent,
        a part of the table at a time. InvalidRecordError: `after` does not come from here."""


class HintBatches(Protocol):
    """Where many hints are published."""

    def publish_all(self, hints: Sequence[Hint]) -> None:
        """Put all of them on this Region's bus. ServiceUnavailableError, ThrottledError: some may
        not have been taken; publishing all again is safe."""


@dataclass(frozen=True)
class NameEntry:
    """An own entry of the index of names: a hash, whose it is, and when it was written (epoch
    seconds)."""

    name_hash: str
    key: str
    at: int


@dataclass(frozen=True)
class NamePage:
    """Part of the table: own records of users, own entries, and the own records of those whose
    entries they are; None: there is one that cannot be read. `token` leads on; "" ends it."""

    records: Sequence[Record] = ()
    entries: Sequence[NameEntry] = ()
    bearers: Mapping[str, Record | None] = field(default_factory=dict)
    token: str = ""


class NameTable(Protocol):
    """This Region's part of the records table, for the index of names."""

    def hasher(self) -> NameHasher:
        """By the installation's key."""

    def page(self, token: str) -> NamePage:
        """One page. InvalidRecordError: the token is none."""

    def name(self, records: Sequence[Record]) -> int:
        """Put the records' names into the index and mark each, whose revision stays; nothing is
        started by it. How many: one that has moved is left out."""

    def drop(self, entry: NameEntry) -> bool:
        """Take an entry away; False: it was written anew."""


class Cursors(Protocol):
    """Where a long walk is remembered, for a day."""

    def cursor(self, name: str) -> str:
        """Where it was left; "": it has not begun, or that is long ago."""

    def keep_cursor(self, name: str, token: str) -> None:
        """Remember where it was left."""


class Turns(Protocol):
    """The line in which the replays of this Region wait, where there are many."""

    def take(self, seconds: float) -> float:
        """Take the next turn, which is that long: the seconds until it begins, 0 for at once.
        ThrottledError."""
