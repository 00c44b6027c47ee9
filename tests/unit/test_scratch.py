"""A run leaves nothing in the temporary folder: not when it ends, and not for long when killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.scratch import PREFIX, sweep

ROOT = Path(__file__).parents[2]
RUN = """
import subprocess, sys, tempfile
from local.scratch import enter
folder = enter()
assert enter() == folder
own = tempfile.mkdtemp(prefix="ministack-lambda-")
code = "import tempfile; print(tempfile.mkdtemp(prefix='jsii-kernel-'))"
child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
print(folder, own, child.stdout.strip(), flush=True)
sys.stdin.readline()
"""


class Run:
    """A process that works in the folder of its own, until it is told to end."""

    def __init__(self, place: Path) -> None:
        environ = {k: v for k, v in os.environ.items() if k != "COGNITO_STANDBY_SCRATCH"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", RUN],
            cwd=ROOT,
            env={**environ, "TMPDIR": str(place), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.folder, *self.made = map(Path, self._process.stdout.readline().split())

    def end(self) -> int:
        self._process.communicate("\n")
        return self._process.returncode

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[list[Run]]:
    started: list[Run] = []
    yield started
    for run in started:
        run.kill()


def test_all_of_a_run_lies_in_its_folder_and_goes_with_it(tmp_path: Path, runs: list[Run]) -> None:
    run = Run(tmp_path)
    runs.append(run)
    assert run.folder.name.startswith(PREFIX)
    assert len(run.made) == 2
    assert all(made.is_dir() and made.is_relative_to(run.folder) for made in run.made)
    assert [*tmp_path.iterdir()] == [run.folder]
    assert run.end() == 0
    assert [*tmp_path.iterdir()] == []


def test_the_next_run_removes_what_a_killed_one_left(tmp_path: Path, runs: list[Run]) -> None:
    living, dead = Run(tmp_path), Run(tmp_path)
    runs += [living, dead]
    dead.kill()
    assert all(made.is_dir() for made in dead.made)
    runs.append(Run(tmp_path))
    assert {*tmp_path.iterdir()} == {living.folder, runs[-1].folder}
    assert all(made.is_dir() for made in living.made)


def test_what_is_not_a_runs_folder_stays(tmp_path: Path) -> None:
    others = {tmp_path / "report", tmp_path / f"{PREFIX}just-made", tmp_path / "owner.lock"}
    for other in others:
        other.mkdir()
    sweep(tmp_path)
    assert {*tmp_path.iterdir()} == others


def test_this_very_run_works_in_such_a_folder(tmp_path: Path) -> None:
    """pytest's own folders excepted: it keeps those of the last runs, to be looked at."""
    assert Path(os.environ["TMPDIR"]).name.startswith(PREFIX)
    assert not tmp_path.is_relative_to(os.environ["TMPDIR"])
