"""`make fuzz`: thousands of generated requests on the handler, and hundreds over the local AWS."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer


def main(
    examples: Annotated[int, typer.Option(help="Of each operation and kind, in process.")] = 600,
    deployed: Annotated[int, typer.Option(help="The same, on the local AWS.")] = 25,
    seed: Annotated[int, typer.Option(help="0 always makes the same requests.")] = 1,
) -> None:
    """Run both, with their figures."""
    environment = {
        **os.environ,
        "FUZZ_EXAMPLES": str(examples),
        "FUZZ_DEPLOYED_EXAMPLES": str(deployed),
        "FUZZ_SEED": str(seed),
    }
    command = [sys.executable, "-m", "pytest", "tests/fuzz", "-s", "--timeout", "3600"]
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)


if __name__ == "__main__":
    typer.run(main)
