"""`standby`: the commands. Where the installation is, is said before the command."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cognito_standby.cli.arguments import AsJson, Region, ShowIds, chosen, located, refuse
from cognito_standby.cli.commands import runs as run_commands
from cognito_standby.cli.locate import Asked
from cognito_standby.cli.views import redrive as redrive_page
from cognito_standby.cli.views import resend as resend_page
from cognito_standby.cli.views import status as status_page
from cognito_standby.operator.domain.timespan import moment_of
from cognito_standby.operator.services.redrive_work import WAIT_SECONDS, Wanted

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A warm, writable standby for an Amazon Cognito user pool: what an operator does.",
)
run_commands.register(app)


@app.callback()
def _where(
    ctx: typer.Context,
    installation: Annotated[str, typer.Option(help="Name of the installation.")] = "",
    regions: Annotated[str, typer.Option(help="PRIMARY,BACKUP")] = "",
    profile: Annotated[str, typer.Option(help="AWS profile.")] = "",
    outputs: Annotated[
        Path | None, typer.Option(help="outputs.json of a local AWS (`make up`).")
    ] = None,
) -> None:
    """Without these, .local/outputs.json if it is there, else cdk.json in this folder."""
    ctx.obj = Asked(installation, regions, profile, outputs)


@app.command()
def status(
    ctx: typer.Context,
    as_json: AsJson = False,
    watch: Annotated[bool, typer.Option("--watch", help="Look again every few seconds.")] = False,
    show_ids: ShowIds = False,
) -> None:
    """Show how both Regions are. Exit code: 0 well, 1 degraded, 2 broken."""
    location = located(ctx, quiet=as_json)
    page = status_page.Page(location, show_ids=show_ids)
    raise typer.Exit(page.watch() if watch else page.once(as_json=as_json))


@app.command()
def redrive(
    ctx: typer.Context,
    executions: Annotated[
        list[str] | None, typer.Argument(metavar="EXECUTION...", help="ARNs of executions.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every dead letter.")] = False,
    region: Region = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done.")] = False,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for a subject.")
    ] = WAIT_SECONDS,
    show_ids: ShowIds = False,
) -> None:
    """Work off dead letters. Exit code: 0 all resolved, 1 some left, 2 nothing could be done.

    A failed execution is run on from where it failed, or started afresh from the record where that
    is not possible. A letter is deleted only once its subject is in sync. Safe to run twice.
    """
    if bool(executions) == everything:
        refuse("say which: --all, or the ARNs of executions")
    location = located(ctx)
    wanted = Wanted(frozenset(executions or ()), dry_run, wait)
    page = redrive_page.Page(location, wanted, show_ids=show_ids)
    raise typer.Exit(page.run(chosen(location, region)))


@app.command("resend-events")
def resend_events(
    ctx: typer.Context,
    since: Annotated[str, typer.Option(help="2h, 30m, 7d ago, or ISO 8601 (UTC).")],
    until: Annotated[str, typer.Option(help="The same; default: now.")] = "now",
    region: Region = "",
    wait: Annotated[float, typer.Option(min=0, help="Seconds to follow it.")] = 600.0,
) -> None:
    """Replay the archived hints of a time. Exit code: 0 completed, 1 not all, 2 nothing started.

    Hints only say who may have changed: replaying them twice changes nothing.
    """
    now = datetime.now(UTC)
    try:
        begin, end = moment_of(since, now), moment_of(until, now)
    except ValueError as error:
        refuse(str(error))
    if begin >= end:
        refuse("--since must be before --until")
    location = located(ctx)
    page = resend_page.Page(location, begin, end, wait)
    raise typer.Exit(page.run(chosen(location, region)))
