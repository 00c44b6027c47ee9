"""Runs the pools of all sizes: ours at the full and the default share, and AWS's own export."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.reconcile.assumptions import Latencies
from tests.bench.reconcile.export_model import run_export
from tests.bench.reconcile.figures import Case
from tests.bench.reconcile.machine import Machine, Pace, RunFigures
from tests.bench.reconcile.memory import MemoryFigures, measure_children
from tests.bench.reconcile.population import Population, spread
from tests.bench.reconcile.world import World

GROUPS = 10
FULL = Pace(share=1.0)
DEFAULT = Pace()
SIZES = ((10_000, 0), (10_000, GROUPS), (100_000, 0), (100_000, GROUPS))
LARGE = ((500_000, 0), (500_000, GROUPS), (5_000_000, 0))
_OF_EACH_FLAW = 3
_DEFAULT_UP_TO = 500_000
"""Above, the run at the default share is left out, for it costs minutes of computing."""


def population(users: int, groups: int) -> Population:
    """A pool with a little drift of every kind."""
    return Population(users, groups, flaws=spread(users, groups, _OF_EACH_FLAW))


def simulate(people: Population, pace: Pace, latencies: Latencies, folder: Path) -> RunFigures:
    """One run of the real steps."""
    return Machine(World(people, latencies), folder, pace).run()


def run_case(
    users: int, groups: int, tell: Callable[[str], None]
) -> tuple[Case, list[MemoryFigures]]:
    """One pool."""
    people, latencies = population(users, groups), Latencies()
    with tempfile.TemporaryDirectory(prefix="reconcile-bench-") as name:
        folder = Path(name)
        full = simulate(people, FULL, latencies, folder)
        tell("full share")
        memory = measure_children(folder, people, FULL) if not groups else []
    default = None
    if users <= _DEFAULT_UP_TO:
        with tempfile.TemporaryDirectory(prefix="reconcile-bench-") as name:
            default = simulate(people, DEFAULT, latencies, Path(name))
        tell("default share")
    export = run_export(people, latencies)
    tell("AWS's export")
    return Case(people, full, default, export), memory
