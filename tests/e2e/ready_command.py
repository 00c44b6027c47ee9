"""`standby` in a process of its own, without the second of processor time that importing it takes:
a fork of a process that has imported it, has made its commands, has read the models of the services
that clients need, and has done nothing else.

`python -m tests.e2e.ready_command` is that process. A line asks for a run (JSON: `arguments`,
`environment`, the files `out` and `err`), and a line answers with its exit code.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def run(
    arguments: list[str], environment: Mapping[str, str], folder: Path, seconds: float
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` of `python -m cognito_standby.cli`, of a test that types nothing into it.

    subprocess.TimeoutExpired: it did not end in time."""
    out, err = folder / "standby.out", folder / "standby.err"
    asked = {"arguments": arguments, "environment": dict(environment)}
    server = _server()
    assert server.stdin and server.stdout
    server.stdin.write(json.dumps({**asked, "out": str(out), "err": str(err)}) + "\n")
    server.stdin.flush()
    if not select.select([server.stdout], [], [], seconds)[0]:
        server.kill()
        _server.cache_clear()
        raise subprocess.TimeoutExpired(arguments, seconds)
    code = int(server.stdout.readline())
    return subprocess.CompletedProcess(arguments, code, out.read_text(), err.read_text())


@cache
def _server() -> subprocess.Popen[str]:
    """One for the whole session; without the test that asks it ends."""
    command = [sys.executable, "-m", "tests.e2e.ready_command"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _serve() -> None:
    # What commands import once they run. Not by whoever asks.
    import pydantic.fields  # noqa: PLC0415
    import pydantic.type_adapter  # noqa: F401, PLC0415
    from typer import main, rich_utils  # noqa: F401, PLC0415

    from cognito_standby.cli.main import app  # noqa: PLC0415
    from local.gaps.forked_workers.process import read_what_clients_need  # noqa: PLC0415

    read_what_clients_need()

    # All thirty commands are made for each run of one; here before there is any.
    made = main.get_command(app)
    setattr(main, "get_command", lambda _: made)  # noqa: B010
    while line := sys.stdin.readline():
        asked: dict[str, Any] = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(asked)
            app(asked["arguments"], prog_name="standby")
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(asked: Mapping[str, Any]) -> None:
    """Nothing is left of the process that was forked but what it has imported and read."""
    kept = ((os.devnull, os.O_RDONLY), *((asked[each], _NEW) for each in ("out", "err")))
    for number, (path, how) in enumerate(kept):
        os.dup2(os.open(path, how), number)
    os.environ.clear()
    os.environ.update(asked["environment"])
    tempfile.tempdir = None


_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC

if __name__ == "__main__":
    _serve()
