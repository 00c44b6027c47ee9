"""What it takes to hint the members of a group that is gone, as Protocols.

Every method may raise ThrottledError, ServiceUnavailableError or MisconfiguredError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cognito_standby.core.domain.hints import Hint


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
