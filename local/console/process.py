"""The console of a running local AWS, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SECONDS = 10.0


@contextmanager
def serving(outputs: Path) -> Iterator[str]:
    """Its address; "": it could not start, and has said why on stderr."""
    command = [sys.executable, "-m", "local.console", "--outputs", str(outputs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - as it was started
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            try:
                process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
