"""What a drill leaves: everything that its report shows, and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from local.drill.figures import Change, Fate, People, Rpo, Rto, UnknownSince
from local.drill.scene import Played
from local.drill.timeline import Command, Moment, Span


@dataclass(frozen=True)
class Surroundings:
    """On what it was played. `settings`: name -> value, what the local AWS was told."""

    version: str
    commit: str
    python: str
    emulator: str
    seed: int
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Drill:
    """One drill, from `started` to `ended`. `conflicts`: None, the list was not read."""

    on: Surroundings
    started: float
    ended: float
    home: str
    away: str
    played: Sequence[Played]
    changes: Sequence[Change]
    fate: Mapping[int, Fate]
    people: People
    rpo: Rpo | UnknownSince
    rto: Rto | UnknownSince
    cut: float | None = None
    healed: float | None = None
    spans: Sequence[Span] = ()
    moments: Sequence[Moment] = ()
    refused: Sequence[tuple[str, float]] = ()
    commands: Sequence[Command] = ()
    unknown: Sequence[tuple[str, str, str]] = ()
    losses: Sequence[str] = ()
    conflicts: Sequence[tuple[str, str, str]] | None = None
    written_off: int = 0
    not_shown: Sequence[str] = ()

    @property
    def held(self) -> bool:
        """Whether all is as it claims, and nothing is lost."""
        lost = any(each is Fate.LOST for each in self.fate.values())
        return bool(self.played) and all(each.held for each in self.played) and not lost

    @property
    def before(self) -> list[Change]:
        """Changes acknowledged up to the cut."""
        return [each for each in self.changes if self.cut is None or each.at <= self.cut]

    @property
    def cut_off(self) -> list[Change]:
        """Changes made in the returning Region while it was cut off."""
        start, end = self.cut, self.healed
        if start is None:
            return []
        return [
            each
            for each in self.changes
            if each.region == self.home and each.at > start and (end is None or each.at <= end)
        ]
