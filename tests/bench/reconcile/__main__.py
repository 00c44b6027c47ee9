"""`python -m tests.bench.reconcile`: this part of the bench alone."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from rich.console import Console

from tests.bench.reconcile.chart import chart
from tests.bench.reconcile.figures import Case
from tests.bench.reconcile.memory import MemoryFigures
from tests.bench.reconcile.run import LARGE, SIZES, run_case
from tests.bench.reconcile.tables import print_all
from tests.bench.reconcile.wire_speed import measure_wire

PICTURE = Path(__file__).resolve().parents[3] / "docs" / "reconciliation-bench.svg"


def bench(console: Console, *, draw: bool, large: bool) -> None:
    """Simulate, print, and draw if asked to."""
    began = time.monotonic()
    cases: list[Case] = []
    memory: list[MemoryFigures] = []

    for users, groups in SIZES + (LARGE if large else ()):
        name = f"{users:,} users, {groups} groups"

        def tell(what: str, name: str = name) -> None:
            console.print(f"[dim]{time.monotonic() - began:4.0f} s  {name}: {what}[/dim]")

        case, of_children = run_case(users, groups, tell)
        cases.append(case)
        memory += of_children
    print_all(console, cases, memory, measure_wire())
    console.print(
        f"Simulated in {time.monotonic() - began:.0f} s; this process computed for "
        f"{time.process_time():.0f} s of them."
    )
    if draw:
        PICTURE.write_text(chart(cases))
        console.print(f"wrote {PICTURE.name}")


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chart", action="store_true", help=f"write docs/{PICTURE.name}")
    parser.add_argument("--small", action="store_true", help="up to 100,000 users")
    arguments = parser.parse_args()
    bench(Console(), draw=arguments.chart, large=not arguments.small)


if __name__ == "__main__":
    main()
