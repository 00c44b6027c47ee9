"""`standby drill`: a rehearsal against the installation, in a throw-away pool."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from cognito_standby.cli.arguments import AsJson, Region, Yes, asking, located, refuse
from cognito_standby.cli.views.drill import DrillView, open_in
from cognito_standby.operator.services.context import Unreachable
from cognito_standby.recovery.domain.rehearsal_people import MOST
from cognito_standby.recovery.domain.rehearsal_report import People
from cognito_standby.recovery.services.rehearsal_plan import RehearsalOrder

_PEOPLE = 40
"""Enough to have each kind of them several times."""


def drill(
    ctx: typer.Context,
    *,
    region: Region = "",
    people: Annotated[
        People, typer.Option(help="Made up, or records with everything personal replaced.")
    ] = People.INVENTED,
    sample: Annotated[int, typer.Option(min=1, max=MOST, help="How many people.")] = _PEOPLE,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the pool for a week, to be looked at.")
    ] = False,
    clean: Annotated[
        bool, typer.Option("--clean", help="Only remove what earlier rehearsals left.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Make people in a throw-away pool with the standby's settings, as a restore would; compare
    them, and sign them in. Nobody is sent a message, and nothing else of the installation changes.

    Exit code: 0 all is as the records say, or all was removed; 1 something differs, it was not
    confirmed, or a pool is left although others were removed; 2 nothing could be done.
    """
    location = located(ctx, quiet=as_json)
    if region not in location.regions:
        refuse(f"--region: one of {', '.join(location.regions)}, whose pool is the pattern")
    if as_json and not yes:
        refuse("there is nobody to ask: give --yes")
    context = open_in(location, region)
    if isinstance(context, Unreachable):
        refuse(f"{region}: {context.reason}")
    view = DrillView(context, as_json=as_json)
    confirm = asking(yes)
    if clean:
        raise typer.Exit(view.clean(confirm))
    order = RehearsalOrder(secrets.token_hex(6), people, sample, keep)
    raise typer.Exit(view.run(order, confirm))
