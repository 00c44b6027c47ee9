"""What `--help` says is what was written: nothing is taken for markup, and lines flow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typer
from rich.text import Text

from cognito_standby.cli.main import app
from tests.cli_runner import CliRunner

pytestmark = pytest.mark.usefixtures("socket_disabled")


def commands(group: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Each command by its words."""
    for name, command in getattr(group, "commands", {}).items():
        yield (*path, name), command
        yield from commands(command, (*path, name))


ALL = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_no_help_is_taken_for_markup(words: tuple[str, ...]) -> None:
    command = ALL[words]
    params = getattr(command, "params", [])
    told = [str(getattr(command, "help", "")), *(str(getattr(p, "help", "")) for p in params)]
    assert [Text.from_markup(each).plain for each in told] == told


def test_paragraphs_flow_at_any_width() -> None:
    narrow = CliRunner().invoke(app, ["init", "--help"], env={"COLUMNS": "80"}).output
    lines = [line.strip() for line in narrow.split("╭")[0].splitlines() if line.strip()]
    ragged = [each for each in lines[2:-1] if len(each) < 60]
    assert ragged == [], "a line ends early where a newline of the source was kept"
