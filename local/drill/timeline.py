"""What happened when, for the drawing and for the words beside it."""

from __future__ import annotations

import string
import threading
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Band(StrEnum):
    """What a Region is in for a while."""

    ACTIVE = "active"
    DARK = "dark"
    PARTED = "cut off from the other Region, and taking changes"
    CLOSED = "both Regions closed: a planned failover"


@dataclass(frozen=True)
class Span:
    """A Region's state from `start` to `end`; None: to the end of the drill."""

    band: Band
    region: str
    start: float
    end: float | None = None


@dataclass(frozen=True)
class Moment:
    """Something that happened, with the letter by which the drawing names it."""

    letter: str
    at: float
    region: str
    text: str


@dataclass(frozen=True)
class Command:
    """One command: as it was typed, when, for how many seconds, and its exit code."""

    typed: str
    at: float
    seconds: float
    code: int


@dataclass
class Timeline:
    """Written while the drill runs, from any thread."""

    spans: list[Span] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    refused: list[tuple[str, float]] = field(default_factory=list)
    """Calls of people that a Region refused: Region, when."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def begin(self, band: Band, region: str, at: float) -> None:
        """A state begins."""
        with self._lock:
            self.spans.append(Span(band, region, at))

    def end(self, band: Band, region: str, at: float) -> None:
        """The Region's open span of this kind ends; none is no error."""
        with self._lock:
            for number, span in enumerate(self.spans):
                if (span.band, span.region, span.end) == (band, region, None):
                    self.spans[number] = replace(span, end=at)

    def mark(self, at: float, region: str, text: str) -> Moment:
        """Something happened."""
        with self._lock:
            letter = string.ascii_uppercase[len(self.moments) % len(string.ascii_uppercase)]
            self.moments.append(moment := Moment(letter, at, region, text))
            return moment

    def refuse(self, region: str, at: float) -> None:
        """Somebody was refused."""
        with self._lock:
            self.refused.append((region, at))
