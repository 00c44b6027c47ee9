"""`python -m local up | demo | drill`: an AWS on this machine with the installation in it."""

from __future__ import annotations

import logging
import shutil
import signal
import threading
from collections.abc import Collection
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError
from rich.console import Console
from rich.table import Table

from local.adopting import adoption_guide, deploy_beside, make_owners_pool
from local.assembly import AssemblyError, Stack
from local.console.process import serving
from local.demo.command import SCRATCH, SynthError, synthesize, synthesize_file
from local.demo.command import demo as run_demo
from local.deployer import DeployError
from local.drill.command import REPORT, Wanted
from local.drill.command import drill as run_drill
from local.emulator import LocalAws, LocalAwsError
from local.faults import Fault, FaultError
from local.faults.command import app as faults
from local.guide import guide
from local.outputs import OutputsError
from local.people import app as people
from local.quotas.account import AccountQuotas
from local.rights.enforcing import RightsError
from local.settings import LocalSettings
from local.stage import LocalStage

OUTPUTS = Path(".local/outputs.json")
_EXPECTED = (AssemblyError, DeployError, LocalAwsError, OutputsError, RightsError, SynthError)
app = typer.Typer(add_completion=False, help="The laptop AWS.")
app.add_typer(faults, name="fault")
app.add_typer(people, name="person")
_console = Console()


class SignIn(StrEnum):
    """How people sign in to the pools."""

    USERNAME = "username"
    EMAIL = "email"


class Quotas(StrEnum):
    """Whose quotas the account has."""

    NONE = "none"
    NEW_ACCOUNT = "new-account"


@app.callback()
def _commands() -> None:
    """Run the installation on this machine, without an AWS account."""


@app.command()
def up(
    assembly: Annotated[
        Path | None, typer.Option(help="A synthesized cloud assembly; default: made afresh.")
    ] = None,
    sign_in: Annotated[SignIn, typer.Option(help="Sign-in mode of the pools made afresh.")] = (
        SignIn.USERNAME
    ),
    port: Annotated[int, typer.Option(help="Loopback port of the AWS endpoint.")] = 4566,
    outputs: Annotated[Path, typer.Option(help="Where to write what was deployed.")] = OUTPUTS,
    *,
    wait_scale: Annotated[
        float, typer.Option(min=0, help="Multiplies the machines' waits and retry delays.")
    ] = 1.0,
    workers: Annotated[int, typer.Option(min=1, help="Processes a Lambda function.")] = 2,
    environment: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="In place of what the templates tell functions."),
    ] = None,
    rights: Annotated[
        bool, typer.Option(help="Judge what is deployed by its policies, as AWS does.")
    ] = True,
    existing_pool: Annotated[
        bool,
        typer.Option("--existing-pool", help="No installation, but a pool of people, to adopt it."),
    ] = False,
    quotas: Annotated[Quotas, typer.Option(help="What the account refuses.")] = Quotas.NONE,
    lambda_concurrency: Annotated[
        int, typer.Option(min=1, help="With --quotas: invocations at once in a Region.")
    ] = AccountQuotas.lambda_concurrency,
    trigger_seconds: Annotated[
        float, typer.Option(min=0.1, help="Limit of a pool's trigger; more on a busy machine.")
    ] = LocalSettings.trigger_seconds,
    console: Annotated[bool, typer.Option(help="Serve the console beside it.")] = False,
    verbose: Annotated[bool, typer.Option(help="Log what the emulator does.")] = False,
) -> None:
    """Start the local AWS, deploy the assembly, write the outputs, run until Ctrl-C."""
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    if existing_pool and (assembly or console):
        raise typer.BadParameter("there is no installation: neither --assembly nor --console")
    try:
        settings = LocalSettings(
            wait_scale=wait_scale,
            workers_per_function=workers,
            environment=_variables(environment or ()),
            rights=rights,
            trigger_seconds=trigger_seconds,
            quotas=_account(quotas, lambda_concurrency),
        )
        if existing_pool:
            SCRATCH.mkdir(exist_ok=True)  # where the guide has its files
            with LocalAws(port=port, settings=settings) as aws:
                pool = make_owners_pool(aws, by_email=sign_in is SignIn.EMAIL)
                told = adoption_guide(aws, pool)
                _console.print(told, markup=False, highlight=False, soft_wrap=True)
                _until(ended)
            return
        assembly = assembly or synthesize(sign_in, SCRATCH / f"up-{sign_in}")
        with LocalStage(assembly, port=port, settings=settings, progress=_deploying) as stage:
            stage.outputs.write(outputs)
            _explain(stage, outputs)
            with serving(outputs) if console else nullcontext("") as address:
                if address:
                    _console.print(f"\nLook at it: {address}", highlight=False, soft_wrap=True)
                _until(ended)
    except _EXPECTED as error:
        _console.print(f"[bold red]error:[/] {error}")
        raise typer.Exit(1) from error
    finally:
        outputs.unlink(missing_ok=True)


def _until(ended: threading.Event) -> None:
    # Bounded: a signal that arrives just before an unbounded wait would not wake it.
    while not ended.wait(0.5):
        pass
    _console.print("\nStopping ...")


@app.command()
def deploy(
    config: Annotated[Path, typer.Argument(help="As `standby init --config FILE` writes it.")],
    endpoint: Annotated[str, typer.Option(help="Of the local AWS.")] = "http://127.0.0.1:4566",
    outputs: Annotated[Path, typer.Option(help="Where to write what was deployed.")] = OUTPUTS,
) -> None:
    """Deploy an installation by its config, beside a running `up --existing-pool`; or update it."""
    try:
        assembly = synthesize_file(config, SCRATCH / "deploy")
        made = deploy_beside(assembly, endpoint, _deploying)
    except (*_EXPECTED, BotoCoreError) as error:
        _console.print(f"error: {error}", markup=False)
        raise typer.Exit(1) from error
    made.write(outputs)
    _console.print(f"Deployed. It is in {outputs}, by which .venv/bin/standby finds it here.")


@app.command()
def demo(
    sign_in: Annotated[SignIn, typer.Option(help="Sign-in mode of the pools.")] = SignIn.USERNAME,
    people: Annotated[int, typer.Option(min=10, max=200, help="How many sign up.")] = 36,
) -> None:
    """Sign people up in one Region and watch them appear in the other."""
    logging.basicConfig(level=logging.ERROR)
    try:
        agree = run_demo(_console, sign_in, people)
    except _EXPECTED as error:
        _console.print(f"[bold red]error:[/] {error}")
        raise typer.Exit(1) from error
    raise typer.Exit(0 if agree else 1)


@app.command()
def drill(
    seed: Annotated[int, typer.Option(help="Who comes, what they change, where it is cut.")] = 7,
    people: Annotated[int, typer.Option(min=16, max=500, help="How many there are before.")] = 24,
    report: Annotated[Path, typer.Option(help="Where the page goes.")] = REPORT,
    *,
    patience: Annotated[
        float, typer.Option(min=1, help="Seconds that anything is waited for.")
    ] = Wanted.patience,
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="JSON", help="One more fault from the beginning; repeatable."),
    ] = None,
) -> None:
    """Play the whole day: outage, failover, return, failback; exit code 1 if a claim fails."""
    logging.basicConfig(level=logging.CRITICAL)
    try:
        faults = [Fault.read(text) for text in fault or ()]
        wanted = Wanted(seed, people, patience, report.resolve(), faults)
        held = run_drill(_console, wanted)
    except (*_EXPECTED, FaultError, ValueError) as error:
        _console.print(f"[bold red]error:[/] {error}")
        raise typer.Exit(1) from error
    raise typer.Exit(0 if held else 1)


def _variables(given: Collection[str]) -> dict[str, str]:
    pairs = {name: value for name, equals, value in (g.partition("=") for g in given) if equals}
    if len(pairs) < len(given):
        raise typer.BadParameter("write NAME=VALUE", param_hint="--environment")
    return pairs


def _account(quotas: Quotas, lambda_concurrency: int) -> AccountQuotas | None:
    if quotas is Quotas.NONE:
        return None
    return AccountQuotas(lambda_concurrency=lambda_concurrency)


def _deploying(stack: Stack) -> None:
    _console.print(f"deploying [bold]{stack.name}[/] in {stack.region}")


def _explain(stage: LocalStage, path: Path) -> None:
    outputs = stage.outputs
    table = Table(title="Deployed", title_justify="left", show_header=True)
    for title in ("", "primary", "backup"):
        table.add_column(title, overflow="fold")
    for name in ("region", "user_pool_id", "client_id", "bus", "ledger_table"):
        table.add_row(name, getattr(outputs.primary, name), getattr(outputs.backup, name))
    machines = [", ".join(r.state_machines) for r in (outputs.primary, outputs.backup)]
    table.add_row("state machines", *machines)
    _console.print(table)
    _console.rule("Use it", align="left")
    shown = guide(outputs, _example_name(stage), cli=shutil.which("aws") is not None)
    _console.print(shown, markup=False, highlight=False, soft_wrap=True)
    _console.rule()
    _console.print("docs/tutorial.md goes on from here, with .venv/bin/standby in another shell.")
    _console.print(f"All of it is in {path}. Ctrl-C stops; nothing is kept.")


def _example_name(stage: LocalStage) -> str:
    """A username that the primary pool takes."""
    primary = stage.outputs.primary
    cognito = stage.client("cognito-idp", primary.region)
    pool = cognito.describe_user_pool(UserPoolId=primary.user_pool_id)["UserPool"]
    return "ann@example.org" if pool.get("UsernameAttributes") else "ann"


if __name__ == "__main__":
    app()
