"""The synthesized stacks on a local AWS in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.demo.command import synthesize
from local.remote import RemoteStage

_START_SECONDS = 300.0
"""A dozen seconds, but others may share the machine."""


@contextmanager
def deployed(sign_in: str, folder: Path, *options: str) -> Iterator[RemoteStage]:
    """A stage of this sign-in mode; `options` are those of `python -m local up`."""
    outputs, log = folder / "outputs.json", folder / "up.log"
    assembly = synthesize(sign_in, folder)
    command = [sys.executable, "-m", "local", "up", "--assembly", str(assembly)]
    command += ["--port", "0", "--outputs", str(outputs), *options]
    with log.open("w") as sink, subprocess.Popen(command, stdout=sink, stderr=sink) as process:
        try:
            deadline = time.monotonic() + _START_SECONDS
            while not outputs.exists():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            yield RemoteStage(outputs)
        finally:
            process.terminate()
