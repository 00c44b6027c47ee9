"""`standby`: its list of commands. Where the installation is, is said before the command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from cognito_standby.cli.commands.accept_pool import accept_pool
from cognito_standby.cli.commands.accept_table import accept_table
from cognito_standby.cli.commands.approve import approve
from cognito_standby.cli.commands.conflicts import conflicts
from cognito_standby.cli.commands.export import export
from cognito_standby.cli.commands.failover import failover
from cognito_standby.cli.commands.import_ import import_
from cognito_standby.cli.commands.readiness import readiness
from cognito_standby.cli.commands.reconcile import reconcile
from cognito_standby.cli.commands.redrive import redrive
from cognito_standby.cli.commands.reject import reject
from cognito_standby.cli.commands.reports import reports
from cognito_standby.cli.commands.resend_events import resend_events
from cognito_standby.cli.commands.restore import restore
from cognito_standby.cli.commands.status import status
from cognito_standby.cli.commands.undelete import undelete
from cognito_standby.cli.commands.user import user
from cognito_standby.cli.locate import LocationOptions

COMMANDS: tuple[Callable[..., None], ...] = (
    reconcile,
    approve,
    reject,
    reports,
    accept_table,
    accept_pool,
    status,
    readiness,
    failover,
    redrive,
    resend_events,
    undelete,
    restore,
    export,
    import_,
)
"""In the order of the help; `resend_events` is typed `standby resend-events`, and `import_`, as
`import` is Python's, `standby import`."""

GROUPS: dict[str, typer.Typer] = {"user": user, "conflicts": conflicts}
"""Commands of two words: the first -> those of the second."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A warm, writable standby for an Amazon Cognito user pool: what an operator does.",
)
for _command in COMMANDS:
    app.command(_command.__name__.strip("_").replace("_", "-"))(_command)
for _name, _group in GROUPS.items():
    app.add_typer(_group, name=_name)


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
    ctx.obj = LocationOptions(installation, regions, profile, outputs)
