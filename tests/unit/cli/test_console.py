"""`standby console` before it serves: what it refuses, and what it hands to the pages."""

from __future__ import annotations

import socket
import sys
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
