"""`standby console` before it serves: what it refuses, and what it hands to the pages."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cognito_standby.cli.commands.console import reach_of
from cognito_standby.cli.locate import LocationOptions, locate
from cognito_standby.cli.main import app
from tests.cli_runner import CliRunner
from tests.unit.cli.where import standby_finds
from tests.unit.operator.operator_world import OTHER, REGION


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    standby_finds(lambda _: None, tmp_path, monkeypatch)


def test_a_port_that_is_taken_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = CliRunner().invoke(app, ["console", "--port", str(taken.getsockname()[1])])
    assert result.exit_code == 2
    assert "cannot be listened on" in result.stderr


def test_a_wheel_without_its_packages_says_which_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [each for each in sys.modules if each.startswith("cognito_standby.console")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    result = CliRunner().invoke(app, ["console"])
    assert result.exit_code == 2
    assert "pip install 'cognito-standby[console]'" in " ".join(result.stderr.split())


def test_the_commands_that_it_shows_mean_the_same_installation(tmp_path: Path) -> None:
    options = LocationOptions("alpha", f"{REGION},{OTHER}", "my profile")
    reach = reach_of(locate(options, tmp_path, {}), options)
    assert reach.regions == (REGION, OTHER)
    assert reach.command == (
        f"standby --installation alpha --regions {REGION},{OTHER} --profile 'my profile'"
    )
    assert reach.where == "alpha on AWS, by profile my profile"


class Aws(ThreadingHTTPServer):
    """One Region of it refuses, the other never answers. `asked`: by the Region that is asked."""

    daemon_threads, block_on_close = True, False

    def __init__(self) -> None:
        self.asked = {REGION: threading.Event(), OTHER: threading.Event()}
        self.over = threading.Event()
        super().__init__(("127.0.0.1", 0), Answering)


class Answering(BaseHTTPRequestHandler):
    server: Aws

    def do_POST(self) -> None:
        """Any call."""
        told = re.search(r"Credential=[^/]+/[^/]+/([^/]+)/", self.headers["authorization"])
        assert told is not None
        self.server.asked[told[1]].set()
        if told[1] == OTHER:
            self.server.over.wait(60)
        self.send_error(403)

    def log_message(self, *_: object) -> None:
        """Nowhere."""


@contextmanager
def _aws() -> Iterator[Aws]:
    aws = Aws()
    threading.Thread(target=aws.serve_forever, daemon=True).start()
    try:
        yield aws
    finally:
        aws.over.set()
        aws.shutdown()
        aws.server_close()


def test_both_regions_are_opened_before_anybody_looks(tmp_path: Path) -> None:
    """To open one takes the clients of a dozen services: not while somebody waits for a page."""
    keys = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}  # pragma: allowlist secret
    command = ["--installation", "alpha", "--regions", f"{REGION},{OTHER}", "console"]
    with _aws() as aws:
        where = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{aws.server_port}", "HOME": str(tmp_path)}
        with subprocess.Popen(
            [sys.executable, "-m", "cognito_standby.cli", *command],
            env={**os.environ, **keys, **where, "PYTHONPATH": os.pathsep.join(sys.path)},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline().startswith("Open http://127.0.0.1:")
                assert all(asked.wait(60) for asked in aws.asked.values())
                process.send_signal(signal.SIGINT)
                _, troubles = process.communicate(timeout=60)
            finally:
                process.kill()
    assert (troubles, process.returncode) == ("", 0)
