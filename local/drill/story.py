"""Plays the scenes one after the other, and tells what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.markup import escape

from local.drill.scene import Claim, Played, Scene, SceneError
from local.drill.world import World
from local.faults.model import FaultError

_EXPECTED = (SceneError, ClientError, BotoCoreError, FaultError, OSError)
"""What ends a scene; anything else is a mistake in the drill, and ends it with a traceback."""


def play(scenes: Sequence[Scene[World]], world: World, console: Console) -> list[Played]:
    """All scenes; after one that broke off, none is begun."""
    played: list[Played] = []
    for number, scene in enumerate(scenes, start=1):
        if played and played[-1].broke:
            broke = "not begun: the drill had broken off"
            played.append(Played(scene.name, scene.shows, broke=broke))
            continue
        console.print(f"\n[bold]{number}. {escape(scene.name)}[/]")
        played.append(_one(scene, world, console))
    return played


def _one(scene: Scene[World], world: World, console: Console) -> Played:
    begun = Played(scene.name, scene.shows, started=world.clock())
    claims: list[Claim] = []
    broke = ""
    try:
        for claim in scene.run(world):
            claims.append(claim)
            mark = "[green]✓[/]" if claim.held else "[bold red]✗[/]"
            console.print(f"  {mark} {escape(claim.text)} [dim]({escape(claim.seen)})[/]")
    except _EXPECTED as error:
        told = isinstance(error, SceneError)
        broke = str(error) if told else f"{type(error).__name__}: {error}"
        console.print(f"  [bold red]✗ broke off:[/] {escape(broke)}")
    return replace(begun, claims=tuple(claims), ended=world.clock(), broke=broke)
