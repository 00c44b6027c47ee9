"""`standby` as a person types it: in a process of its own, about a running stage."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from local.outputs import StageOutputs


def run_standby(
    outputs: StageOutputs,
    folder: Path,
    *arguments: str,
    seconds: float = 1500,
    said: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """`folder` takes the file of the outputs; `said` is what the person types."""
    path = folder / "outputs.json"
    outputs.write(path)
    return subprocess.run(
        [sys.executable, "-m", "cognito_standby.cli", "--outputs", str(path), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
        input=said,
        env={
            **{"COLUMNS": "200", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path.cwd())},
            **(environment or {}),
        },
    )
