"""Peak memory of single children, each in a process of its own, with the SDK loaded.

A child of a run that has just been simulated is done again, on that run's files.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from tests.bench.reconcile.assumptions import Latencies
from tests.bench.reconcile.figures import short
from tests.bench.reconcile.machine import Machine, Pace
from tests.bench.reconcile.population import Population, spread
from tests.bench.reconcile.world import World

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class MemoryFigures:
    """Resident memory at its highest: interpreter, SDK and the generated pool included."""

    pool: str
    child: str
    users: int
    mib: float


def measure_children(folder: Path, people: Population, pace: Pace) -> list[MemoryFigures]:
    """A listing child and a comparing one of the run whose files are in the folder."""
    figures = []
    for child in ("listing", "comparison"):
        order = {
            "folder": str(folder),
            "child": child,
            "users": people.users,
            "groups": people.groups,
            "share": pace.share,
            "at_once": pace.at_once,
        }
        done = subprocess.run(
            [sys.executable, "-m", __name__, json.dumps(order)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        users, mib = json.loads(done.stdout)
        figures.append(MemoryFigures(short(people.users), child, users, mib))
    return figures


def _peak_mib() -> float:
    """Of this process alone: what getrusage tells can be the parent's (Linux, proc(5), VmHWM)."""
    status = Path("/proc/self/status").read_text()
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert match is not None
    return int(match[1]) / 1024


def _work(order: dict[str, Any]) -> int:
    """Do one child's work again; returns its users."""
    boto3.client("dynamodb", region_name="us-east-1")
    users, groups = order["users"], order["groups"]
    world = World(Population(users, groups, flaws=spread(users, groups, 1)), Latencies())
    machine = Machine(world, Path(order["folder"]), Pace(order["share"], order["at_once"]))
    return machine.list_again() if order["child"] == "listing" else machine.compare_again()


if __name__ == "__main__":
    number = _work(json.loads(sys.argv[1]))
    print(json.dumps([number, _peak_mib()]))  # noqa: T201 - the answer to the parent
