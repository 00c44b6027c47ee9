"""A local AWS with nothing in it, in a process of its own: an account before the installation.

It shares no interpreter lock with the traffic, which is half of what a busy machine has to do.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.clients import Clients
from local.emulator import LocalAws
from local.settings import LocalSettings

ACCOUNT = "111111111111"
WAIT_SCALE = 0.33
TRIGGER_SECONDS = 60
"""Cognito's 5 s, on a machine that does everything else, too."""
_END_SECONDS = 60.0


class EmptyAws:
    """The account of a local AWS that another process runs."""

    account = ACCOUNT

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._clients = Clients(endpoint, ACCOUNT)

    def client(self, service: str, region: str, account: str = "") -> Any:
        """A boto3 client, of this account if no other is named."""
        return self._clients(service, region, account)


@contextmanager
def serving() -> Iterator[EmptyAws]:
    """While the block lasts."""
    command = [sys.executable, "-m", "tests.adopt.empty_aws"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    try:
        endpoint = process.stdout.readline().strip()
        assert endpoint, "the local AWS did not start"
        yield EmptyAws(endpoint)
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()  # executions that still wait for something: for nobody
            process.wait()


def _run() -> None:
    settings = LocalSettings(
        trigger_seconds=TRIGGER_SECONDS, wait_scale=WAIT_SCALE, workers_per_function=4
    )
    with LocalAws(account=ACCOUNT, settings=settings) as aws:
        sys.stdout.write(f"{aws.endpoint}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    _run()
