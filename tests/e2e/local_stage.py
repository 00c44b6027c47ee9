"""The synthesized stacks on a local AWS in a process of its own."""

from __future__ import annotations

import fcntl
import os
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
def deployed(
    sign_in: str, folder: Path, *options: str, assembly: Path | None = None
) -> Iterator[RemoteStage]:
    """A stage of this sign-in mode; `options` are those of `python -m local up`."""
    outputs, log = folder / "outputs.json", folder / "up.log"
    assembly = assembly or _synthesized(sign_in, folder)
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


def _synthesized(sign_in: str, folder: Path) -> Path:
    """One synthesis for all workers of a test run: it costs as much as all of a stage's start."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return synthesize(sign_in, folder)
    # A worker's folders lie in one of its own, beside the other workers'.
    shared = folder.parents[1] / f"assembly-{sign_in}"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "cdk.out" / "manifest.json").exists():
            synthesize(sign_in, shared)
    return shared / "cdk.out"
