"""`python -m tests.chaos --users 300 --seed 7`: prints what was done and what came of it."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.chaos.run import Result, Run
from tests.e2e.local_stage import deployed, sooner

OPTIONS = (*sooner(0.1, 12), "--workers", "3")


def main() -> int:
    """0: both pools agree and nothing is left over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hasty", action="store_true", help="delete before the capture, too")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="chaos-") as folder,
        deployed("username", Path(folder), *OPTIONS) as stage,
    ):
        result = Run(stage, chosen.users, chosen.seed, patient=not chosen.hasty)()
    _tell(result, chosen.seed)
    return 1 if result.divergences or result.problems else 0


def _tell(result: Result, seed: int) -> None:
    print(f"seed {seed}: {result.users} users, {result.changes} changes, {result.seconds:.0f} s")  # noqa: T201
    injected = sum(result.faults.values())
    lines = [f"{injected} faults injected:"]
    lines += [f"  {number:6} {what}" for what, number in result.faults.items()]
    lines += [f"{result.stopped} executions stopped by hand", "failures:"]
    lines += [f"  {number:6} {what}" for what, number in sorted(result.failures.items())]
    lines += ["executions:"]
    lines += [f"  {number:6} {what}" for what, number in sorted(result.executions.items())]
    lines += [
        f"users created without a message: {result.created_silently}",
        f"dead letters: {result.dead_letters}; redriven: {result.redrives}; "
        f"rounds: {result.rounds}",
        f"divergences: {len(result.divergences)}",
        *(f"  {each}" for each in result.divergences),
        *result.stories,
        *(f"problem: {each}" for each in result.problems),
    ]
    print("\n".join(lines))  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
