"""The pool or table that a Region knows, and the one that is there instead, which an operator has
to accept. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Replacement:
    """Ids of the thing that a Region knows, "" for none yet, and of the one that is there."""

    known: str
    present: str

    @property
    def differ(self) -> bool:
        """Whether there is something to accept."""
        return self.known not in ("", self.present)
