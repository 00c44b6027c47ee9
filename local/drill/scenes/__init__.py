"""The scenes of the day, in their order."""

from __future__ import annotations

from local.drill.scene import Scene
from local.drill.scenes import (
    back,
    brake,
    conflicts,
    dark,
    failback,
    failover,
    life,
    normal,
    on_demand,
    restore,
    undelete,
)
from local.drill.world import World

SCENES: tuple[Scene[World], ...] = (
    normal.SCENE,
    dark.SCENE,
    failover.SCENE,
    life.SCENE,
    back.SCENE,
    conflicts.SCENE,
    failback.SCENE,
    brake.SCENE,
    restore.SCENE,
    undelete.SCENE,
    on_demand.SCENE,
)

NOT_SHOWN = (
    "Anything of AWS itself: its times, its quotas under load, how it fails.",
    "Detecting the outage, and deciding: the drill types the command at once.",
    "People who come to a new pool with the password of a former one, which still lives.",
)
"""What nobody should conclude from a report."""
