"""The synthesized stacks on a local AWS in a process of its own."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from cognito_standby.core.domain.hints import EARLY
from local.demo.command import synthesize
from local.remote import RemoteStage
from tests.rights.notes import keep

_START_SECONDS = 600.0
"""A dozen seconds, but others may share the machine."""
_END_SECONDS = 20.0


def sooner(scale: float, lease_seconds: int) -> tuple[str, ...]:
    """Options of a stage on which the machines' waits are shorter, and with them their patience;
    and what they wait for: leases, and people who were just made and are not visible yet. Whoever
    waits for something that keeps its length gives up now and then, without a fault anywhere."""
    variables = [f"{name}={value}" for name, value in patience_of(scale, lease_seconds).items()]
    shorter = [each for one in variables for each in ("--environment", one)]
    return ("--wait-scale", str(scale), *shorter)


def patience_of(scale: float, lease_seconds: int) -> dict[str, str]:
    """What the functions of such a stage are told."""
    early = round(scale * EARLY.total_seconds())
    return {"LEASE_SECONDS": str(lease_seconds), "EARLY_SECONDS": str(early)}


@contextmanager
def deployed(
    sign_in: str,
    folder: Path,
    *options: str,
    refusals: Collection[tuple[str, ...]] = (),
    assembly: Path | None = None,
) -> Iterator[RemoteStage]:
    """A stage of this sign-in mode; `options` are those of `python -m local up`. On a busy machine
    a trigger may take longer to start than Cognito's limit.

    It fails in the end if something was asked that the judge of rights does not know, or if a right
    was missing. `refusals` are those that a test takes away: patterns of who, actions,
    and, where that is not all of it, patterns of resources.
    """
    outputs, log = folder / "outputs.json", folder / "up.log"
    assembly = assembly or synthesized(sign_in, folder)
    command = [sys.executable, "-m", "local", "up", "--assembly", str(assembly)]
    command += ["--port", "0", "--outputs", str(outputs), "--trigger-seconds", "60", *options]
    with log.open("w") as sink, subprocess.Popen(command, stdout=sink, stderr=sink) as process:
        try:
            deadline = time.monotonic() + _START_SECONDS
            while not outputs.exists():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            stage = RemoteStage(outputs)
            yield stage
            judged = keep(stage)
        finally:
            _end(process)
    assert not judged["unknown"], judged["unknown"]
    assert not (missing := [one for one in judged["refusals"] if not _meant(one, refusals)]), (
        missing
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Its machines' executions may still wait for a lease or for an operator, and threads in which
    they wait keep a process for as long. Nobody waits for what they would do."""
    process.terminate()
    try:
        process.wait(timeout=_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _meant(refused: Mapping[str, Any], meant: Collection[tuple[str, ...]]) -> bool:
    return any(
        fnmatchcase(refused["who"], who)
        and refused["action"] == action
        and all(fnmatchcase(refused["resource"], each) for each in resource)
        for who, action, *resource in meant
    )


def synthesized(sign_in: str, folder: Path) -> Path:
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
