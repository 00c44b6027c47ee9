"""`standby console`: the installation as a page for people."""

from __future__ import annotations

import time
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cognito_standby.cli.arguments import located, refuse
from cognito_standby.cli.locate import Location, LocationOptions
from cognito_standby.cli.regions import opened_by
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.installation import Outputs, machines_of, open_context
from cognito_standby.recovery.adapters.desk import open_desk
from cognito_standby.recovery.adapters.rehearsal_installation import assuming
from cognito_standby.recovery.services.desk import Desk

if TYPE_CHECKING:
    from cognito_standby.console.services.reach import Reach, Seen
    from cognito_standby.console.web.app import More

_MISSING = (
    "the pages need packages that are not installed here: pip install 'cognito-standby[console]'"
)
_SESSION = "standby-console"


def console(
    ctx: typer.Context,
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="On 127.0.0.1; 0: any.")] = 0,
    allow_actions: Annotated[
        bool, typer.Option("--allow-actions", help="Let the page change something, after asking.")
    ] = False,
    browse: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Show the installation on a page, live, until Ctrl-C. It listens on this machine alone.

    The address that is printed lets one browser in, once. Without --allow-actions the page only
    looks. Exit code: 0, or 2 if it could not start.
    """
    location = located(ctx)
    options = ctx.obj if isinstance(ctx.obj, LocationOptions) else LocationOptions()
    serve(location, options, port=port, actions=allow_actions, browse=browse)


def serve(
    location: Location,
    options: LocationOptions,
    *,
    port: int = 0,
    actions: bool = False,
    browse: bool = False,
    more: More | None = None,
    tell: Callable[[str], None] | None = None,
) -> None:
    """Serve the pages until Ctrl-C; exits where that is not possible. `tell` is told the address
    instead of the terminal."""
    try:  # its packages take a moment to load, and a wheel can be installed without them
        from cognito_standby.console.services.jobs import Jobs  # noqa: PLC0415
        from cognito_standby.console.services.looks import Looks  # noqa: PLC0415
        from cognito_standby.console.web.app import More, Server, bound, console_app  # noqa: PLC0415
        from cognito_standby.console.web.guard import Keys  # noqa: PLC0415
        from cognito_standby.console.web.site import Site  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if str(error.name).startswith("cognito_standby"):
            raise
        refuse(_MISSING)
    try:
        listening = bound(port)
    except OSError as error:
        refuse(f"127.0.0.1:{port} cannot be listened on: {error.strerror}")
    now = partial(datetime.now, UTC)
    keys = Keys(listening.getsockname()[1])
    looks = Looks(reach_of(location, options), seconds=time.monotonic, now=now)
    more = more or More()
    site = Site(looks, Jobs(now), keys, actions, more.places, more.folders)
    app = console_app(site, more.routes)
    (tell or _print)(keys.address)
    looks.begin()
    if browse:
        webbrowser.open(keys.address)
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it ends
        Server(app, listening).run()
    for job in site.jobs.all:
        if job.outcome is None:
            Console().print(f"not followed any more: {job.command}", highlight=False, markup=False)


def _print(address: str) -> None:
    out = Console(soft_wrap=True)
    out.print(f"Open [bold]{address}[/]", highlight=False)
    out.print("It lets one browser in, once. Ctrl-C ends it.", highlight=False)


def reach_of(location: Location, options: LocationOptions) -> Reach:
    """The installation as the pages reach it."""
    from cognito_standby.console.services.reach import Reach  # noqa: PLC0415 - as above

    def anew(*, quick: bool = False) -> Location:
        """By a session of its own: credentials that were renewed are found."""
        fresh = location.connection.anew()
        return replace(location, connection=fresh.quick() if quick else fresh)

    return Reach(
        regions=location.regions,
        where=_where(location),
        command=_command(options),
        open=lambda region: opened_by(_seen, anew(), region),
        glance=lambda region: opened_by(_seen, anew(quick=True), region),
        desk=lambda region, role_of: opened_by(partial(_desk, role_of), anew(), region),
    )


def _seen(connection: Connection, outputs: Outputs, other: str) -> Seen:
    from cognito_standby.console.adapters.histories import SfnHistories  # noqa: PLC0415
    from cognito_standby.console.adapters.lag import CloudWatchLag  # noqa: PLC0415
    from cognito_standby.console.services.reach import Seen  # noqa: PLC0415

    region, installation = outputs["Region"], outputs["Installation"]
    return Seen(
        open_context(connection, outputs, other),
        SfnHistories(connection.client("stepfunctions", region)),
        CloudWatchLag(connection.client("cloudwatch", region), installation),
        installation,
    )


def _desk(role_of: str, connection: Connection, outputs: Outputs, other: str) -> Desk:
    """With the rights of the DR role of a Region, if one is named."""
    from cognito_standby.console.services.reach import dr_role  # noqa: PLC0415

    if role_of:
        if connection.beside is not None:
            role_of = outputs["Region"]  # an account has the role of its own Region alone
        some = next(iter(machines_of(outputs).values()))  # arn:partition:states:Region:account:...
        _, partition, _, _, account, *_ = some.split(":")
        arn = f"arn:{partition}:iam::{account}:role/{dr_role(outputs['Installation'], role_of)}"
        connection = assuming(connection, arn, _SESSION, outputs["Region"])
    return open_desk(connection, outputs, other)


def _where(location: Location) -> str:
    if location.connection.endpoint:
        return f"the local AWS at {location.connection.endpoint}"
    by = f"profile {location.connection.profile}" if location.connection.profile else "your rights"
    return f"{location.installation} on AWS, by {by}"


def _command(options: LocationOptions) -> str:
    given = {
        "--installation": options.installation,
        "--regions": options.regions,
        "--profile": options.profile,
        "--backup-profile": options.backup_profile,
        "--outputs": str(options.outputs or ""),
    }
    told = (f"{name} {quote(value)}" for name, value in given.items() if value)
    return " ".join(["standby", *told])
