"""A scene of the drill: it does something to the installation, and claims what must be seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

World_contra = TypeVar("World_contra", contravariant=True)


class SceneError(Exception):
    """A scene cannot go on; the text says what it waited for or what was refused."""


@dataclass(frozen=True)
class Claim:
    """One thing that must be so. `seen`: what was, with figures."""

    text: str
    held: bool
    seen: str = ""


class Scene(Protocol[World_contra]):
    """`name`: a few words; `shows`: what it claims, in a sentence."""

    @property
    def name(self) -> str:
        """A few words."""

    @property
    def shows(self) -> str:
        """What it claims, in a sentence or two."""

    def run(self, world: World_contra) -> Iterable[Claim]:
        """Play it; each claim as soon as it is known. SceneError: it cannot go on."""


@dataclass(frozen=True)
class Played:
    """What came of a scene. `broke`: why it could not go on, or was not begun; "": it ended."""

    name: str
    shows: str
    claims: tuple[Claim, ...] = ()
    started: float | None = None
    ended: float | None = None
    broke: str = ""

    @property
    def held(self) -> bool:
        """Whether all is as it claims."""
        return not self.broke and all(claim.held for claim in self.claims)
