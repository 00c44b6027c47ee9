"""What a Region knows, and what is there instead: an operator has to say that it is right. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Replacement:
    """Ids of the thing that a Region knows, "" for none yet, and of the one that is there."""

    known: str
    present: str

    @property
    def differ(self) -> bool:
        """Whether something waits for somebody's word."""
        return self.known not in ("", self.present)
