"""What the operator of the drill types: `standby`, in a process of its own, as anybody runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.demo.command import ROOT
from local.drill.scene import SceneError
from local.drill.timeline import Command

_SECONDS = 900.0
"""The longest command, a planned failover, on a machine that has other things to do."""
_TOLD = 400
NEVER_ENDED = 124
"""Exit code of a command that was ended because it took too long, as `timeout` has it."""


@dataclass
class Operator:
    """Runs commands about the installation of `outputs`, and keeps what was run."""

    outputs: Path
    clock: Callable[[], float] = time.time
    commands: list[Command] = field(default_factory=list)
    seconds: float = _SECONDS

    def run(self, *arguments: str, good: tuple[int, ...] = (0,)) -> str:
        """What it printed. SceneError: an exit code that is not among `good`, or it did not end."""
        at, typed = self.clock(), "standby " + " ".join(arguments)
        try:
            done = self._typed(*arguments)
        except subprocess.TimeoutExpired:
            self.commands.append(Command(typed, at, self.clock() - at, NEVER_ENDED))
            raise SceneError(f"`{typed}` did not end within {self.seconds:g} s") from None
        self.commands.append(Command(typed, at, self.clock() - at, done.returncode))
        if done.returncode not in good:
            said = (done.stderr.strip() or done.stdout.strip())[-_TOLD:]
            raise SceneError(f"`{typed}` ended with {done.returncode}: {said}")
        return done.stdout

    def _typed(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cognito_standby.cli", "--outputs", self.outputs, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=self.seconds,
            cwd=ROOT,
            env={**os.environ, "COLUMNS": "160"},
        )

    def json(self, *arguments: str, good: tuple[int, ...] = (0,)) -> Any:
        """The same with --json, read. SceneError."""
        said = self.run(*arguments, "--json", good=good)
        try:
            return json.loads(said)
        except ValueError:
            raise SceneError(f"`{self.commands[-1].typed}` printed no JSON") from None
