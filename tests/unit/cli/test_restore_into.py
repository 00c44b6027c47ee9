"""`standby restore --into POOL` on twins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import Result

from cognito_standby.cli.commands import restore as command
from cognito_standby.cli.main import app
from cognito_standby.core.domain.errors import ServiceUnavailableError
from tests.cli_runner import CliRunner
from tests.unit.cli.where import standby_finds
from tests.unit.operator.operator_world import OTHER
from tests.unit.recovery.test_restore_foreign import POOL, Foreign

pytestmark = pytest.mark.usefixtures("socket_disabled")
HERE = ("restore", "--region", OTHER, "--into", POOL)


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=answer, env={"COLUMNS": "200"})


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Foreign:
    made = Foreign()
    standby_finds(lambda _: None, tmp_path, monkeypatch)
    monkeypatch.setattr(command, "_foreign", lambda *_: made.context)
    return made


def test_it_looks_asks_and_fills(at: Foreign) -> None:
    looked = run(*HERE, "--dry-run")
    assert looked.exit_code == 0 and "5 people to make, 3 groups" in looked.output, looked.output
    assert run(*HERE, answer="n\n").exit_code == 1 and at.users() == {}
    done = run(*HERE, answer="y\n")
    assert done.exit_code == 0 and "8 people and groups are as the records say" in done.output
    assert len(at.users()) == 5 and "@example.org" not in done.output
    again = run(*HERE, "--yes")
    assert again.exit_code == 0 and "5 people are there: made as the records say" in again.output


def test_who_is_left_is_told_by_reason(at: Foreign) -> None:
    at.pool.admin_create_user("eva", {"custom:origin_sub": at.importing.subs["gus"]})
    done = run(*HERE, "--yes")
    assert done.exit_code == 1, done.output
    assert "left:" in done.output and at.importing.subs["eva"] not in done.output


def test_strangers_and_json(at: Foreign) -> None:
    at.pool.admin_create_user("zoe", {"email": "zoe@example.org"})
    refused = run(*HERE, "--yes", "--json")
    told = json.loads(refused.output)
    assert refused.exit_code == 2 and "other origin" in told["why"]
    assert told["seen"]["strangers"] == 1 and list(at.users()) == ["zoe"]


def test_a_service_that_does_not_answer_ends_it_and_it_can_be_run_again(at: Foreign) -> None:
    at.saga.there.erasure_notes.unreadable = ServiceUnavailableError("dark")
    stopped = run(*HERE, "--yes")
    assert stopped.exit_code == 2 and "It can be run again" in stopped.output
    at.saga.there.erasure_notes.unreadable = None
    assert run(*HERE, "--yes").exit_code == 0


@pytest.mark.parametrize("more", [("--group", "a"), ("--as-of", "2026-11-29"), ("--resume", "x")])
def test_what_is_of_the_installation_does_not_go_with_it(
    at: Foreign, more: tuple[str, ...]
) -> None:
    refused = run(*HERE, *more, "--yes")
    assert refused.exit_code == 2 and "say nothing else of whom or how" in refused.output
    assert at.users() == {}
