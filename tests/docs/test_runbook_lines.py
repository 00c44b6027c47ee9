"""Every line of the pages that begins with `standby` is run as it stands there, on twins of both
Regions: options, arguments and exit code. What comes of it in an installation, other tests show."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer

from cognito_standby.cli import attaching as attach_command
from cognito_standby.cli import pool_pair, transfers
from cognito_standby.cli.commands import doctor as doctor_command
from cognito_standby.cli.commands import drill as drill_command
from cognito_standby.cli.commands import init as init_command
from cognito_standby.cli.commands import reports as reports_command
from cognito_standby.cli.commands import restore as restore_command
from cognito_standby.cli.config_file import ConfigFile
from cognito_standby.cli.main import app
from cognito_standby.cli.views import failover as failover_view
from cognito_standby.failures.domain.executions import ExecutionStatus
from preflight.__main__ import app as preflight_app
from tests.cli_runner import CliRunner
from tests.docs.runbook_pages import ROOT, commands, of_runbooks
from tests.saga.world import Saga
from tests.unit.adoption.calm import CalmWorld
from tests.unit.cli.test_attach import World
from tests.unit.cli.test_cli_runs import Pair, here, pair
from tests.unit.cli.test_config import lost_and_makeable
from tests.unit.cli.test_init import judged_here
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.operator.run_world import RunWorld
from tests.unit.reconciliation.made_up_run import missing
from tests.unit.recovery.desks import Desks
from tests.unit.recovery.rehearsals import RehearsalWorld
from tests.unit.recovery.restore_world import Restores
from tests.unit.recovery.test_restore_foreign import Foreign
from tests.unit.recovery.transfer_world import ROLE, TransferWorld

__all__ = ["here", "pair"]
pytestmark = pytest.mark.usefixtures("socket_disabled")
PREFLIGHT = ".venv/bin/python -m preflight"


@dataclass(frozen=True)
class Meant:
    """What stands behind a line: the run that its RUN is, and the exit code that it ends with."""

    run: Callable[[RunWorld], str] = lambda _: ""
    code: int = 0


def _asking(here: RunWorld) -> str:
    holder = here.hold()
    here.ask(holder)
    return holder.id


def _reported(here: RunWorld) -> str:
    here.run_folder.whole_run(missing(2))
    return "run-1"


def _begun(here: RunWorld) -> str:
    _run(f"standby reconcile --region {REGION}")
    (name,) = here.machine.started
    here.steps.pop(0)()  # it has opened, so that its Region knows it
    return name


def _broken(here: RunWorld) -> str:
    here.ends = ExecutionStatus.FAILED
    _run(f"standby reconcile --wait --region {REGION}")
    here.ends = ExecutionStatus.SUCCEEDED
    here.clock.advance(15 * 86_400)  # too late for a redrive: another execution goes on
    (name,) = here.machine.started
    return name


def _drift(here: RunWorld) -> str:
    here.drift = missing(2)
    return ""


def _ann(here: RunWorld) -> str:
    here.pool.admin_create_user("ann", {"email": "ann@example.org"})
    return ""


@pytest.fixture
def desks(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Desks:
    made = Desks(pair)
    monkeypatch.setattr(failover_view, "open_in", made.open_in)
    return made


@pytest.fixture
def rehearsals(monkeypatch: pytest.MonkeyPatch) -> RehearsalWorld:
    made = RehearsalWorld()
    monkeypatch.setattr(drill_command, "open_in", lambda *_: made.context)
    return made


@pytest.fixture
def restores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool that has everybody whom the records have, in either Region."""
    saga = Saga()
    for side in (saga.here, saga.there):
        side.clock.advance((AFTER_THE_PAGES - side.clock.now()).total_seconds())
    desks = {OTHER: Restores(saga, saga.there).desk, REGION: Restores(saga, saga.here).desk}
    monkeypatch.setattr(restore_command, "opened_by", lambda _, __, region: desks[region])
    elsewhere, importing = Foreign(), TransferWorld().context
    monkeypatch.setattr(restore_command, "_foreign", lambda *_: elsewhere.context)
    monkeypatch.setattr(transfers, "opened", lambda *_: importing)


@pytest.fixture
def doctored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two pools of an installation that stands, in the folder of a checkout."""
    world = CalmWorld()
    world.pools[REGION].pool_id, world.pools[OTHER].pool_id = POOLS
    for name in ("stacks", "cognito_standby"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "cdk.json").write_text("{}")

    def outputs(_: object, region: str, __: str) -> dict[str, str]:
        return {"Installation": "standby", "UserPoolId": world.pools[region].pool_id}

    monkeypatch.setattr(doctor_command, "looks_of", world.looks)
    monkeypatch.setattr(init_command, "looks_of", world.looks)
    monkeypatch.setattr(ConfigFile, "judge", judged_here)
    monkeypatch.setattr(pool_pair, "read_outputs", outputs)


POOLS = ("us-east-1_aB3dE5fG7", "us-west-2_hI9jK1lM3")
OF_POOL = f"standby init --pool {POOLS[0]}"


@pytest.fixture
def configurations(monkeypatch: pytest.MonkeyPatch) -> None:
    lost_and_makeable(monkeypatch)


def _secrets(_: RunWorld) -> str:
    Path("secrets.json").write_text("{}")
    return ""


@pytest.fixture
def attachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two existing pools, into which nothing is attached."""
    world = World()
    monkeypatch.setattr(attach_command, "read_outputs", world.outputs)
    monkeypatch.setattr(attach_command, "CognitoSettings", world.settings)
    monkeypatch.setattr(attach_command, "LambdaFunctions", lambda *_: world.functions)


RUN = "20261121T163351-ccca4a57"
AFTER_THE_PAGES = datetime(2026, 12, 1, tzinfo=UTC)
"""The times in the runbooks are past, and kept."""
SUBJECT = "5c1f9a3bd2e04b7788aa01cc"
MEANT = {
    "standby status": Meant(),
    "standby redrive --all": Meant(),
    "standby redrive --all --region us-west-2": Meant(),
    "standby redrive arn:aws:states:us-west-2:111111111111:execution:standby-sync_user:gone": Meant(
        code=2
    ),
    "standby resend-events --since 2h": Meant(),
    "standby reconcile": Meant(),
    "standby reconcile --region us-east-1": Meant(),
    "standby reconcile --wait": Meant(_drift),
    "standby reconcile --dry-run --wait": Meant(_drift, code=1),
    "standby reconcile --follow RUN": Meant(_begun),
    "standby reconcile --seed": Meant(),
    "standby reconcile --resume RUN --wait": Meant(_broken),
    f"standby approve {RUN}": Meant(_asking),
    f"standby reject {RUN} --yes": Meant(_asking),
    "standby reports": Meant(_reported),
    "standby reports RUN --open": Meant(_reported),
    "standby user show ann@example.org": Meant(_ann),
    "standby user show ann@example.org --attributes --clear": Meant(_ann),
    "standby user show ann@example.org --json": Meant(_ann),
    **dict.fromkeys(
        (
            *("standby readiness", "standby readiness --all --clear", "standby readiness --json"),
            "standby readiness --accept provider_only",
        ),
        Meant(code=4),  # no run has counted yet
    ),
    **dict.fromkeys(
        (
            "standby conflicts list",
            "standby conflicts keep --weight deletion --kind undone --dry-run",
            "standby conflicts keep --weight deletion --kind undone",  # nothing is listed
        ),
        Meant(),
    ),
    **dict.fromkeys(
        (
            f"standby conflicts show {SUBJECT} --clear",
            f"standby conflicts decide {SUBJECT} keep",
            f"standby conflicts decide {SUBJECT} take --region {OTHER} --kind undone",
        ),
        Meant(code=1),  # nothing is listed
    ),
    "standby failover --to us-west-2 --planned --dry-run": Meant(),
    "standby failover --to us-west-2 --planned": Meant(code=2),  # nobody is there to be asked
    "standby failover --to us-west-2 --outage --yes": Meant(),
    "standby failover --to us-west-2 --abort --yes": Meant(),
    **dict.fromkeys(
        (
            "standby drill --region us-west-2",
            "standby drill --region us-west-2 --keep",
            "standby drill --region us-west-2 --clean",
        ),
        Meant(),
    ),
    "standby drill --region us-west-2 --people sample --sample 100 --yes": Meant(code=2),  # nobody
    "standby undelete ann@example.org": Meant(_ann),  # she is not deleted
    "standby undelete 7d0f2c1e-6f0b-4a53-9d6e-0c8f5f1f0a11 --yes": Meant(code=2),  # nobody is found
    "standby restore --region us-west-2 --dry-run": Meant(),
    "standby restore --region us-west-2": Meant(),
    f"standby restore --region us-west-2 --strategy import --role {ROLE}": Meant(),
    f"standby restore --region us-west-2 --resume RESTORE --strategy import --role {ROLE}": Meant(
        code=2  # there is none
    ),
    "standby restore --region us-west-2 --into us-west-2_EXAMPLE --dry-run": Meant(),
    "standby restore --region us-west-2 --into us-west-2_EXAMPLE": Meant(),
    "standby restore --region us-west-2 --group staff --yes": Meant(),
    "standby restore --region us-west-2 --user ann@example.org --yes": Meant(code=2),  # nobody
    "standby restore --region us-east-1 --deleted-since 2026-11-29T18:00:00Z": Meant(),
    "standby restore --region us-east-1 --as-of 2026-11-29T18:00:00Z --also-changed-since": Meant(),
    "standby restore --region us-west-2 --resume RESTORE --yes": Meant(code=2),  # there is none
    f"standby init --new --name standby --primary-region {REGION} --backup-region {OTHER} "
    "--overwrite": Meant(),
    f"{OF_POOL} --backup-region {OTHER} --name standby": Meant(code=1),  # it is only proposed
    f"{OF_POOL} --backup-pool {POOLS[1]} --name standby --overwrite": Meant(),
    "standby doctor": Meant(code=1),  # they send by Cognito's own sender
    "standby doctor --json --fail-on blocks": Meant(code=1),  # nobody made the role that fails over
    "standby doctor --policy": Meant(),
    "standby config history": Meant(code=1),  # something is unexpected
    "standby config show --region us-east-1": Meant(),
    "standby config diff": Meant(),
    "standby config diff --region us-east-1": Meant(),
    "standby config accept --region us-east-1": Meant(),
    "standby config restore --region us-east-1 --dry-run": Meant(),
    "standby config restore --region us-east-1 --secrets secrets.json --ids ids.json": Meant(
        _secrets
    ),
    "standby attach": Meant(code=1),  # `no` to the second of two questions
    "standby attach --only post_confirmation": Meant(code=1),  # the same
    **dict.fromkeys(
        ("standby attach --dry-run", "standby detach --dry-run", "standby detach"), Meant()
    ),
    "standby accept-pool": Meant(),
    "standby accept-table": Meant(),
    "standby accept-table --region R --yes": Meant(),
}


def _run(line: str, run: str = "") -> tuple[int, str]:
    words = [run if word in ("RUN", RUN) else word for word in shlex.split(line)[1:]]
    words = [REGION if word == "R" else word for word in words]
    done = CliRunner().invoke(app, words, input="y\n", env={"COLUMNS": "200"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.mark.parametrize("line", MEANT)
@pytest.mark.usefixtures("attachable", "configurations", "doctored", "rehearsals", "restores")
def test_a_line_of_the_runbooks_is_run(
    here: RunWorld,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    desks: Desks,
) -> None:
    if line.startswith("standby failover"):
        desks.make_healthy()
    monkeypatch.setattr(reports_command, "webbrowser", SimpleNamespace(open=lambda _: True))
    folder = SimpleNamespace(mkdtemp=lambda **_: str(tmp_path))
    monkeypatch.setattr(reports_command, "tempfile", folder)
    meant = MEANT[line]
    code, output = _run(line, meant.run(here))
    assert code == meant.code, output
    assert "Usage:" not in output


def test_no_line_is_left_out() -> None:
    assert set(MEANT) == {each for each in of_runbooks() if each.startswith("standby ")}


PARSED = sorted(
    {
        each
        for page in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
        for each in commands(page.read_text(encoding="utf-8"))
        if each.removeprefix(".venv/bin/").startswith("standby ") or each.startswith(PREFLIGHT)
    }
)


@pytest.mark.parametrize("line", PARSED)
def test_a_line_of_any_page_is_understood(line: str) -> None:
    parse(line)


@pytest.mark.parametrize(
    "line",
    [
        *("standby statos", "standby status --al", "standby approve", "standby reports a b"),
        *("standby redrive --wait soon", f"{PREFLIGHT} key-policy", f"{PREFLIGHT} --jsn"),
    ],
)
def test_what_the_command_does_not_know_is_found(line: str) -> None:
    with pytest.raises(typer.exceptions.TyperException):
        parse(line)


def test_every_target_of_make_that_a_page_names_is_one() -> None:
    pages = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    named = {
        line.split()[1]
        for page in pages
        for line in commands(page.read_text(encoding="utf-8"))
        if line.startswith("make ")
    }
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert named
    assert {each for each in named if f"\n{each}: " not in makefile} == set()


_COMMAND = cache(typer.main.get_command)
"""Of all lines: to make it takes longer than to understand one."""


def parse(line: str) -> None:
    """By the command's own parser, without running anything. UsageError: it refuses."""
    told = line.partition(" > ")[0]
    chosen = preflight_app if told.startswith(PREFLIGHT) else app
    words = shlex.split(told.removeprefix(PREFLIGHT).removeprefix(".venv/bin/"))
    words = words if chosen is preflight_app else words[1:]
    command = _COMMAND(chosen)
    context = command.make_context("standby", words)
    rest = [*context._protected_args, *context.args]
    if rest:
        name, inner, left = command.resolve_command(context, rest)  # type: ignore[attr-defined]
        inner.make_context(name, left, parent=context)
