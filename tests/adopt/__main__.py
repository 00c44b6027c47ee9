"""`python -m tests.adopt --users 2000`: adopts a pool under traffic, and prints the figures."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.adopt.empty_aws import serving
from tests.adopt.outcome import Outcome
from tests.adopt.run import Run, Size


def main() -> int:
    """0: nobody's sign-up was lost, no call of the owner's, and no setting was changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--pause", type=float, default=3.0, help="seconds between two people")
    parser.add_argument("--rounds", type=int, default=2, help="of detaching and attaching again")
    chosen = parser.parse_args()
    size = Size(chosen.users, chosen.pause, few=10, rounds=chosen.rounds)
    with tempfile.TemporaryDirectory(prefix="adopt-") as folder, serving() as aws:
        outcome = Run(aws, Path(folder), size, _say)()
    _tell(outcome)
    return 1 if outcome.problems else 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def _tell(found: Outcome) -> None:
    seen = found.seen
    _say("on the local AWS:")
    _say(f"{found.before} people were in the pool before; {found.compared} compared in the end")
    for phase, seconds in found.seconds.items():
        _say(f"  {found.phases.get(phase, 0):5} sign-ups in {seconds:5.0f} s: {phase}")
    _say(f"{len(seen.sign_ups)} sign-ups: lost {len(found.lost)}, by reconciliation {found.late}")
    _say(f"{seen.refused} sign-ups refused by the owner's function, in its own words")
    _say(f"{len(seen.sign_ins)} sign-ins: the owner's claim missing {len(seen.without_claim)}")
    _say(f"  {seen.named} of them with the origin sub")
    _say(f"the owner's functions: not asked {len(found.unasked)}, more than once {found.twice}")
    _say(f"{seen.office} changes by administrators, {len(seen.gone)} deletions")
    _say(f"settings changed in {len(found.changed)} of 2 pools")
    _say(f"the stack, while attached: {found.stayed}")
    _say(f"problems: {len(found.problems)}")
    for each in found.problems[:50]:
        _say(f"  {each}")


if __name__ == "__main__":
    sys.exit(main())
