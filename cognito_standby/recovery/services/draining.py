"""Waiting until nothing is under way in this Region, and having it reconciled."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.recovery.ports import Activity, Reconciliations

LETTERS, DRIFT = "letters", "drift"
"""Checks of the machine that an operator may accept."""


@dataclass(frozen=True)
class Calm:
    """What is still waited for, a line each; none: nothing."""

    waits_for: tuple[str, ...]


@dataclass(frozen=True)
class Reconciled:
    """A reconciliation for a failover. `attempt`: which one is looked at next."""

    run: str
    attempt: int
    ended: bool
    clean: bool
    why: str


def settle(activity: Activity, accepted: tuple[str, ...]) -> Calm:
    """Look what is under way. An execution that waits in the line of replays counts."""
    found = [
        (activity.running(), "running executions"),
        (activity.parked_hints(), "parked hints"),
        (0 if LETTERS in accepted else activity.letters(), "dead letters"),
    ]
    return Calm(tuple(f"{number} {what}" for number, what in found if number))


def reconcile(
    runs: Reconciliations, run: str, attempt: int, accepted: tuple[str, ...]
) -> Reconciled:
    """Start the reconciliation `run`, or look at it. One that met another run is started again once
    that has ended, under another id, which is the next attempt's. One that broke off is no drift
    that somebody could accept: it says nothing of the pool."""
    name = run if not attempt else f"{run}-{attempt}"
    look = runs.look(name)
    if look is None:
        runs.start(name)
        return Reconciled(name, attempt, False, False, "started")
    if look.going:
        return Reconciled(name, attempt, False, False, "under way")
    if look.held:
        return Reconciled(name, attempt + 1, False, False, f"waits for {look.why}")
    if look.clean or (look.reported and DRIFT in accepted):
        return Reconciled(name, attempt, True, True, look.why)
    return Reconciled(name, attempt, True, False, f"the reconciliation {name}: {look.why}")
