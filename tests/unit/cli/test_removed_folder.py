"""Somebody stands in a folder that was removed meanwhile: each command says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from cognito_standby.cli.main import COMMANDS, GROUPS, app
from tests.cli_runner import CliRunner

pytestmark = pytest.mark.usefixtures("socket_disabled")
GIVEN: dict[str, tuple[str, ...]] = {
    "approve": ("run-1",),
    "reject": ("run-1",),
    "export": ("everybody", "--region", "us-east-1"),
    "import": ("everybody", "--region", "us-east-1", "--dry-run"),
    "init": ("--pool", "us-east-1_aB3dE5fG7"),
    "undelete": ("ann",),
    "failover": ("--to", "us-west-2", "--planned"),
    "redrive": ("--all",),
    "resend-events": ("--since", "2h"),
    "restore": ("--region", "us-east-1"),
    "reconcile": ("--region", "us-east-1"),
    "drill": ("--region", "us-east-1"),
    "user show": ("ann",),
    "config accept": ("--region", "us-east-1"),
    "config restore": ("--region", "us-east-1"),
    "conflicts show": ("users/ann",),
    "conflicts keep": ("--all",),
    "conflicts decide": ("users/ann", "keep"),
}
"""What a command must be given to come as far as asking where it is."""


def words() -> list[str]:
    """Each command as it is typed."""
    alone = [each.__name__.strip("_").replace("_", "-") for each in COMMANDS]
    return alone + [
        f"{group} {command.name or getattr(command.callback, '__name__', '')}"
        for group, told in GROUPS.items()
        for command in told.registered_commands
    ]


@pytest.mark.parametrize("command", words())
def test_a_command_in_a_folder_that_was_removed_is_refused(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    done = CliRunner().invoke(app, [*command.split(), *GIVEN.get(command, ())])
    assert isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.exit_code == 2, done.output
    assert "this folder was removed" in done.output


def test_what_needs_no_folder_is_answered_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    for given in (["--version"], ["status", "--help"], ["cost", "--users", "5"]):
        done = CliRunner().invoke(app, given)
        assert done.exit_code == 0, done.output
