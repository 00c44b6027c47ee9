"""The rules of planned failovers, each broken in one place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cognito_standby.core.domain import roles
from cognito_standby.recovery.domain import steps
from cognito_standby.recovery.domain.steps import Step
from cognito_standby.recovery.services import claiming, surveying
from tests.property.bounds.planned import FENCED, TRAFFIC
from tests.property.broken.sync import Patch, constant
from tests.property.mutants import Mutant
from tests.twins.stores import records


def waits_for_nobody() -> list[Patch]:
    real = steps.next_step

    def step(*args: Any) -> Any:
        found = real(*args)
        return replace(found, step=Step.SURVEY) if found.step is Step.WAIT else found

    return [(claiming, "next_step", step)]


def takes_what_is_here() -> list[Patch]:
    return [(surveying, "has_arrived", lambda *_: True)]


def leaves_the_door_open() -> list[Patch]:
    return [(records, "active_of", lambda claims, _: roles.Active(claims.highest()))]


def open_doors() -> list[Patch]:
    return [(roles, "door_of", constant(roles.Door(roles.DoorState.OPEN, roles.Reason.ACTIVE)))]


MUTANTS = [
    Mutant("claim only after the other Region stood down", waits_for_nobody, TRAFFIC),
    Mutant("claim only once everything has arrived", takes_what_is_here, TRAFFIC),
    Mutant("close the door before anything else", leaves_the_door_open, TRAFFIC),
    Mutant("a Region that stands by lets nobody in", open_doors, FENCED),
]
