"""`standby` as a person types it: in a process of its own, about a running stage."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from local.outputs import StageOutputs
from tests.e2e import ready_command


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
    words = ["--outputs", str(path), *arguments]
    own = {"COLUMNS": "200", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path.cwd())}
    env = {**own, **(environment or {})}
    if said is None:
        return ready_command.run(words, env, folder, seconds)
    return subprocess.run(
        [sys.executable, "-m", "cognito_standby.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
        input=said,
        env=env,
    )


def people_shown(standby: Callable[..., subprocess.CompletedProcess[str]], who: str) -> Any:
    """What `standby user show` tells of everybody it finds; None where a part of it is unknown: on
    a busy machine a Region may answer too late, and better no answer than a late one."""
    done = standby("user", "show", who, "--json")
    people = json.loads(done.stdout)["people"] if done.stdout.startswith("{") else []
    sides = [side for person in people for side in person["sides"]]
    late = any(side["unreachable"] or side["unknown"] for side in sides)
    return people if people and not late else None
