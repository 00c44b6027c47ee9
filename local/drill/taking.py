"""Takes down what came of a day, for the report."""

from __future__ import annotations

from collections.abc import Sequence

from local.drill.figures import Change, Fate, Rpo, UnknownSince, fates, people, rpo
from local.drill.record import Drill, Surroundings
from local.drill.scene import Played
from local.drill.world import World


def drill_of(
    world: World,
    on: Surroundings,
    played: Sequence[Played],
    started: float,
    not_shown: Sequence[str],
) -> Drill:
    """What came of a day."""
    day, line, now = world.day, world.timeline, world.clock()
    concerned = [
        each
        for each in world.changes
        if day.cut is not None
        and (each.at <= day.cut or (each.region == world.home.region and _until(each, day.healed)))
    ]
    arrived = day.arrived or frozenset()
    fate = fates(concerned, arrived, day.ended)
    if day.cut is not None and day.arrived is None:
        fate = dict.fromkeys(fate, Fate.UNKNOWN)
    before = [each for each in concerned if day.cut is not None and each.at <= day.cut]
    return Drill(
        on=on,
        started=started,
        ended=now,
        home=world.home.region,
        away=world.away.region,
        played=played,
        changes=list(world.changes),
        fate=fate,
        people=people(before, fate, arrived),
        rpo=_rpo(world, before),
        rto=day.rto or UnknownSince(day.cut or started, "nobody has signed in since"),
        cut=day.cut,
        healed=day.healed,
        spans=list(line.spans),
        moments=sorted(line.moments, key=lambda each: each.at),
        refused=list(line.refused),
        commands=list(world.operator.commands),
        unknown=list(day.unknown),
        losses=list(day.losses),
        conflicts=day.conflicts,
        written_off=len(day.written_off),
        not_shown=not_shown,
    )


def _until(change: Change, healed: float | None) -> bool:
    return healed is None or change.at <= healed


def _rpo(world: World, before: Sequence[Change]) -> Rpo | UnknownSince:
    day = world.day
    if day.cut is None:
        return UnknownSince(world.clock(), "the Region did not go dark")
    if day.arrived is None:
        return UnknownSince(day.cut, "the standby was not looked at after the failover")
    return rpo(before, day.arrived, day.cut)
