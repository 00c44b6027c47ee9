"""`standby export` and `standby import` on twins, and the lines of their page."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from cognito_standby.cli import transfers
from cognito_standby.cli.main import app
from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.recovery.services.import_notes import FOLDER
from tests.cli_runner import CliRunner
from tests.docs.runbook_pages import commands
from tests.unit.cli.where import standby_finds
from tests.unit.cognito_rules.test_imports import BCRYPT
from tests.unit.recovery.transfer_world import ROLE, TransferWorld

pytestmark = pytest.mark.usefixtures("socket_disabled")
PAGE = Path(__file__).parents[3] / "docs" / "import-export.md"
HERE = ("--region", "us-west-2")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TransferWorld:
    made = TransferWorld()
    standby_finds(lambda _: None, tmp_path, monkeypatch)
    monkeypatch.setattr(transfers, "opened", lambda *_: made.context)
    return made


def run(*arguments: str, said: str = "") -> Result:
    done = CliRunner().invoke(app, arguments, input=said, env={"COLUMNS": "200"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def run_of(world: TransferWorld) -> str:
    (name,) = (n for n in world.files.bodies if n.startswith(FOLDER) and n.endswith(".json"))
    return name.removeprefix(FOLDER).removesuffix(".json")


def test_from_one_pool_to_the_other(world: TransferWorld) -> None:
    world.person("ann", name="=1+1")
    world.person("ben", name='the "first"')
    exported = run("export", "e", *HERE)
    assert exported.exit_code == 0, exported.output
    assert "1 users in 1 files" in exported.output
    assert "a spreadsheet takes for a formula" in exported.output
    assert "1 not in the files: a value has a quotation mark" in exported.output
    planned = run("import", "e", *HERE, "--dry-run")
    assert planned.exit_code == 0, planned.output
    assert "1 made by an import job" in planned.output
    assert "1 brought in by replication" in planned.output
    assert world.usernames() == []
    refused = run("import", "e", *HERE, "--role", ROLE, said="n\n")
    assert (refused.exit_code, world.usernames()) == (2, [])
    done = run("import", "e", *HERE, "--role", ROLE, said="y\n")
    assert done.exit_code == 0, done.output
    assert "1 succeeded" in done.output
    assert world.usernames() == ["ann", "ben"]
    again = run("import", "e", *HERE, "--role", ROLE, "--yes")
    assert "nobody is to be made" in again.output
    assert "2 noted as here already" in again.output, "nobody looked into the pool"
    assert "has lost some of those: standby restore --region" in again.output


def test_who_is_refused_is_named_by_line_and_hash(world: TransferWorld) -> None:
    sub = world.person("ann")
    run("export", "e", *HERE)
    world.world.primary.pool.admin_delete_user("ann")
    world.again(sub)
    told = run("import", "e", *HERE, "--dry-run")
    assert told.exit_code == 1
    assert "part-00001.csv, line 2" in told.output
    assert "deleted since the export" in told.output
    assert sub not in told.output
    assert "ann" not in told.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "e", *HERE),
        ("import", "e", *HERE, "--role", ROLE),
        ("import", "../e", *HERE, "--dry-run"),
        ("import", "e", *HERE, "--role", ROLE, "--resume", "r", "--give-up", "r"),
        ("import", "e", *HERE, "--role", ROLE, "--resume", "r"),
        ("import", "e", *HERE, "--role", ROLE, "--resume", "", "--yes"),
        ("export", "../e", *HERE),
    ],
)
def test_what_cannot_be(world: TransferWorld, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.exit_code == 2, done.output
    assert "error" in done.output


def test_the_region_must_be_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    standby_finds(lambda _: None, tmp_path, monkeypatch)
    for region in ("", "mars"):
        done = run("export", "e", "--region", region)
        assert done.exit_code == 2
        assert "--region" in done.output


def test_a_run_that_stops_says_how_to_go_on(world: TransferWorld) -> None:
    for number in range(4):
        world.person(f"p{number}")
    run("export", "e", *HERE)
    world.pool.fails_after = 2
    failed = run("import", "e", *HERE, "--role", ROLE, "--yes")
    assert failed.exit_code == 1, failed.output
    line = f"standby import e --region us-west-2 --role {ROLE} --resume {run_of(world)}"
    assert line in failed.output
    other = run("import", "e", *HERE, "--role", ROLE, "--yes", "--resume", "other")
    assert other.exit_code == 2
    done = run(*shlex.split(line)[1:], "--yes")
    assert done.exit_code == 0, done.output
    assert len(world.usernames()) == 4


def test_the_line_to_go_on_by_has_every_option_and_can_be_pasted(
    world: TransferWorld, tmp_path: Path
) -> None:
    """A folder's name is no markup, and a line that lacks the hashes would be refused."""
    subs = [world.person(f"p{number}") for number in range(4)]
    folder = tmp_path / "[red]my files"
    folder.mkdir()
    run("export", "e", *HERE)
    file = folder / "hashes.csv"
    rows = [f"{sub},{BCRYPT},2026-11-01T00:00:00+00:00\n" for sub in subs]
    file.write_text("".join(["origin_sub,password_hash,hashed_at\n", *rows]))
    file.chmod(0o600)
    given = ("--hashes", str(file), "--algorithm", "BCRYPT", "--no-password-changed")
    world.pool.fails_after = 2
    failed = run("import", "e", *HERE, "--role", ROLE, "--from", str(folder), *given, "--yes")
    assert failed.exit_code == 1, failed.output
    (line,) = (each for each in failed.output.splitlines() if "--resume" in each)
    words = shlex.split(line.partition("standby ")[2])
    assert (*words[-5:],) == given
    assert words[words.index("--from") + 1] == str(folder)
    done = run(*words, "--yes")
    assert done.exit_code == 0, done.output
    assert len(world.usernames()) == 4


def test_a_dark_service_is_told(world: TransferWorld) -> None:
    world.person("ann")
    run("export", "e", *HERE)
    world.erasures.notes.unreadable = ServiceUnavailableError("dark")
    told = run("import", "e", *HERE, "--role", ROLE, "--yes")
    assert told.exit_code == 2
    assert "AWS is not available: dark (ServiceUnavailableError)" in told.output
    assert world.usernames() == []


def _nothing(_: TransferWorld) -> str:
    return ""


def _exported(_: TransferWorld) -> str:
    run("export", "copy", *HERE)
    return ""


def _with_hashes(world: TransferWorld) -> str:
    _exported(world)
    file = Path("hashes.csv")
    file.write_text("origin_sub,password_hash,hashed_at\n")
    file.chmod(0o600)
    return ""


def _stopped(world: TransferWorld) -> str:
    _exported(world)
    world.pool.fails_after = 1
    run("import", "copy", *HERE, "--role", ROLE, "--yes")
    return run_of(world)


HASHES = "--hashes hashes.csv --algorithm BCRYPT --no-password-changed"
LINES: dict[str, Callable[[TransferWorld], str]] = {
    "standby export copy --region us-west-2": _nothing,
    "standby export people --region us-west-2 --json-lines": _nothing,
    "standby import copy --region us-west-2 --dry-run": _exported,
    f"standby import copy --region us-west-2 --role {ROLE}": _exported,
    f"standby import copy --region us-west-2 --role {ROLE} {HASHES}": _with_hashes,
    f"standby import copy --region us-west-2 --role {ROLE} --resume RUN": _stopped,
    "standby import copy --region us-west-2 --give-up RUN": _stopped,
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_page_is_run(world: TransferWorld, line: str) -> None:
    world.person("ann")
    world.person("ben")
    name = LINES[line](world)
    words = [name if word == "RUN" else word for word in shlex.split(line)[1:]]
    done = run(*words, said="y\n")
    assert done.exit_code == 0, done.output


def test_no_line_of_the_page_is_left_out() -> None:
    shown = set(commands(PAGE.read_text(encoding="utf-8")))
    assert shown == {*LINES}
    assert re.search(r"runs every command", PAGE.read_text(encoding="utf-8"))


def test_hashes_are_passed_on_and_shown_to_nobody(world: TransferWorld, tmp_path: Path) -> None:
    ann, _ = world.person("ann"), world.person("ben")
    run("export", "e", *HERE)
    file = tmp_path / "hashes.csv"
    told = "2026-11-01T00:00:00+00:00"
    file.write_text(f"origin_sub,password_hash,hashed_at\n{ann},{BCRYPT},{told}\nx,y,{told}\n")
    file.chmod(0o600)
    given = ("--hashes", str(file), "--algorithm", "BCRYPT")
    unknown = run("import", "e", *HERE, *given, "--dry-run")
    assert "0 password hashes (BCRYPT) to pass on" in unknown.output
    assert "nothing says that the password was not changed since" in unknown.output
    vouched = (*given, "--no-password-changed")
    done = run("import", "e", *HERE, "--role", ROLE, "--yes", *vouched)
    assert done.exit_code == 0, done.output
    assert "1 password hashes (BCRYPT) to pass on" in done.output
    assert BCRYPT[8:] not in done.output
    assert not any(BCRYPT.encode() in body for body in world.files.bodies.values())
    for wrong in (given[:2], given[2:], ("--no-password-changed",)):
        assert run("import", "e", *HERE, "--role", ROLE, *wrong).exit_code == 2


def test_a_noted_change_of_password_counts_against_an_operators_word(
    world: TransferWorld, tmp_path: Path
) -> None:
    ann, ben, cid = (world.person(name) for name in ("ann", "ben", "cid"))
    run("export", "e", *HERE)
    file, told = tmp_path / "hashes.csv", "2026-11-01T00:00:00+00:00"
    rows = [f"{sub},{BCRYPT},{told}\n" for sub in (ann, ben, cid)]
    file.write_text("".join(["origin_sub,password_hash,hashed_at\n", *rows]))
    file.chmod(0o600)
    world.password_set(ann, "2026-11-02T00:00:00.000+00:00")
    world.password_set(ben, "2026-10-31T00:00:00.000+00:00")
    given = ("--hashes", str(file), "--algorithm", "BCRYPT")
    noted = run("import", "e", *HERE, *given, "--dry-run")
    assert "1 password hashes (BCRYPT) to pass on" in noted.output, "ben's, by the note alone"
    vouched = (*given, "--no-password-changed")
    done = run("import", "e", *HERE, "--role", ROLE, "--yes", *vouched)
    assert done.exit_code == 0, done.output
    assert "2 password hashes (BCRYPT) to pass on" in done.output
    assert "1 not used: the password was changed after the hash was read" in done.output
    states = {a.username: a.status for a in world.world.backup.pool._accounts}
    assert states["ann"] is UserStatus.RESET_REQUIRED
    assert states["ben"] is states["cid"] is UserStatus.CONFIRMED
