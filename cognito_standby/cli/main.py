"""`standby`: its list of commands. Where the installation is, is said before the command."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cognito_standby import __version__
from cognito_standby.cli.arguments import said_path
from cognito_standby.cli.commands.accept_pool import accept_pool
from cognito_standby.cli.commands.accept_table import accept_table
from cognito_standby.cli.commands.approve import approve
from cognito_standby.cli.commands.attach import attach
from cognito_standby.cli.commands.config import config
from cognito_standby.cli.commands.conflicts import conflicts
from cognito_standby.cli.commands.console import console
from cognito_standby.cli.commands.cost import cost
from cognito_standby.cli.commands.detach import detach
from cognito_standby.cli.commands.doctor import doctor
from cognito_standby.cli.commands.drill import drill
from cognito_standby.cli.commands.export import export
from cognito_standby.cli.commands.failover import failover
from cognito_standby.cli.commands.import_ import import_
from cognito_standby.cli.commands.init import init
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
from cognito_standby.cli.plain_errors import PlainErrors

COMMANDS: tuple[Callable[..., None], ...] = (
    reconcile,
    approve,
    reject,
    reports,
    accept_table,
    accept_pool,
    status,
    console,
    readiness,
    doctor,
    init,
    attach,
    detach,
    failover,
    drill,
    redrive,
    resend_events,
    undelete,
    restore,
    export,
    import_,
    cost,
)
"""In the order of the help; `resend_events` is typed `standby resend-events`, and `import_`, as
`import` is Python's, `standby import`."""

GROUPS: dict[str, typer.Typer] = {"user": user, "conflicts": conflicts, "config": config}
"""Commands of two words: the first -> those of the second."""

_HELP = """A warm, writable standby for an Amazon Cognito user pool: what an operator does.

Which installation: --outputs FILE is a local AWS (`make up` writes .local/outputs.json, which is
taken where it is there). Otherwise --installation and --regions, or STANDBY_INSTALLATION and
STANDBY_REGIONS, or the file that COGNITO_STANDBY_CONFIG names, or the key `standby` of the
cdk.json in this folder; with the credentials that the AWS SDK finds, or those of --profile. A
standby in a second account is reached by --backup-profile or STANDBY_BACKUP_PROFILE as well. These
options stand before the command: standby --profile P status.

Exit codes: 0 done, or well; 1 not all, or degraded; 2 nothing was done, with the reason on stderr.
`standby COMMAND --help` tells where a command differs. Users are shown as keyed hashes unless
--show-ids is given.
"""


def _flowing(text: str) -> str:
    """Each paragraph in one line, as the terminal's width and not the source's breaks it."""
    return "\n\n".join(" ".join(each.split()) for each in text.split("\n\n"))


app = typer.Typer(
    cls=PlainErrors,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=_flowing(_HELP),
)
for _command in COMMANDS:
    app.command(_command.__name__.strip("_").replace("_", "-"))(_command)
for _name, _group in GROUPS.items():
    app.add_typer(_group, name=_name)
for _info in (one for each in (app, *GROUPS.values()) for one in each.registered_commands):
    _info.help = _flowing(inspect.getdoc(_info.callback) or "")


def _tell_version(asked: bool) -> None:
    if asked:
        Console().print(f"standby {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def _where(
    ctx: typer.Context,
    version: Annotated[  # noqa: ARG001 - read by its callback, before anything else
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Say it, and end."),
    ] = False,
    installation: Annotated[str, typer.Option(help="Name of the installation.")] = "",
    regions: Annotated[str, typer.Option(help="PRIMARY,BACKUP")] = "",
    profile: Annotated[str, typer.Option(help="AWS profile.")] = "",
    backup_profile: Annotated[
        str, typer.Option(help="That of the backup Region's account, where it is another one.")
    ] = "",
    outputs: Annotated[
        Path | None,
        typer.Option(
            parser=said_path, metavar="PATH", help="outputs.json of a local AWS (`make up`)."
        ),
    ] = None,
) -> None:
    """Without these, .local/outputs.json if it is there, else cdk.json in this folder."""
    ctx.obj = LocationOptions(installation, regions, profile, outputs, backup_profile)
