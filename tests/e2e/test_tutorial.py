"""docs/tutorial.md, executed as it stands, in its order, and held to what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.faults.remote import RemoteFaults
from local.remote import RemoteStage
from tests.e2e.conftest import OPTIONS
from tests.e2e.local_stage import deployed

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
PATIENCE = 900.0
_AGAIN = "# repeat until it shows this"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStage]:
    """One of its own: the page ends with all being well, and others leave failures on purpose."""
    with deployed("username", tmp_path_factory.mktemp("tutorial"), *OPTIONS) as running:
        yield running


@dataclass(frozen=True)
class Step:
    """One command of the page, and the lines that it shows there; `...` stands for anything."""

    command: str
    shown: tuple[str, ...]
    again: bool

    def missing(self, output: str) -> str:
        """The first line that the output does not show, in the page's order; "" if none."""
        at, flat = 0, _flat(output)
        for line in self.shown:
            parts = [re.escape(_flat(part)) for part in line.split("...")]
            found = re.compile(".*?".join(parts)).search(flat, at)
            if found is None:
                return line
            at = found.end()
        return ""


def _flat(text: str) -> str:
    """Without the frames of tables, and wherever lines break."""
    return " ".join(re.sub(r"[│┃━┏┓┡┩└┘─┴┬┳╇]", " ", text).split())


def _steps() -> Iterator[Step]:
    for kind, block in re.findall(r"^```(bash|console)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE):
        if kind == "bash":
            yield Step(block, (), again=False)
            continue
        for part in re.split(r"^\$ ", re.sub(r"\\\n\s*", "", block), flags=re.MULTILINE)[1:]:
            command, *shown = part.strip().splitlines()
            yield Step(command, tuple(shown), again=_AGAIN in command)


@pytest.fixture
def folder(stage: RemoteStage, tmp_path: Path) -> Iterator[Path]:
    """A checkout as the page has it: its commands in .venv, and what `make up` wrote."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".local").mkdir()
    for package in ("local", "cognito_standby"):
        (tmp_path / package).symlink_to(ROOT / package)
    for name, told, module in (
        ("python", "", ""),
        ("standby", f'export PYTHONPATH="{ROOT}"\n', "-m cognito_standby.cli"),  # as in Makefile
    ):
        script = tmp_path / ".venv" / "bin" / name
        script.write_text(f'#!/bin/sh\n{told}exec "{sys.executable}" {module} "$@"\n')
        script.chmod(0o755)
    stage.outputs.write(tmp_path / ".local" / "outputs.json")
    yield tmp_path
    RemoteFaults(stage.outputs.endpoint).clear()


def _run(step: Step, folder: Path) -> str:
    told = {"COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        ["bash", "-c", step.command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **told},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout + run.stderr


def test_the_page_from_top_to_bottom(folder: Path) -> None:
    for step in _steps():
        deadline = time.monotonic() + PATIENCE
        while missing := step.missing(output := _run(step, folder)):
            assert step.again, f"{step.command}\nshows no {missing!r} but\n{output}"
            assert time.monotonic() < deadline, f"{step.command}: no {missing!r} in\n{output}"


def test_no_command_is_left_out() -> None:
    """`make up` is the stage itself; everything else is a step."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert [block for kind, block in fenced if kind not in ("bash", "console")] == ["$ make up\n"]
    prompts = [line for kind, block in fenced for line in block.splitlines() if line[:2] == "$ "]
    assert len([each for each in _steps() if each.shown]) == len(prompts) - 1


@pytest.mark.parametrize(
    ("shown", "output", "missing"),
    [
        (("a ... c", "d"), "a│ b\nc\nd", ""),
        (("d", "a"), "a\nd", "a"),
        (("WELL ...",), "DEGRADED 09:00", "WELL ..."),
    ],
)
def test_what_is_shown_is_looked_for(shown: tuple[str, ...], output: str, missing: str) -> None:
    assert Step("", shown, again=False).missing(output) == missing
