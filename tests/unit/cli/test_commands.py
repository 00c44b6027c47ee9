"""One file a command, and each is in the list that `standby` is made from."""

from __future__ import annotations

from pathlib import Path

from cognito_standby.cli import commands
from cognito_standby.cli.main import COMMANDS, GROUPS, app


def test_each_file_of_commands_is_in_the_list_under_its_name() -> None:
    files = {path.stem for path in Path(commands.__path__[0]).glob("[!_]*.py")}

    listed = {each.__module__.rpartition(".")[2]: each.__name__ for each in COMMANDS}

    assert {**listed, **{name: name for name in GROUPS}} == {name: name for name in files}
    assert len(app.registered_commands) + len(app.registered_groups) == len(files)
