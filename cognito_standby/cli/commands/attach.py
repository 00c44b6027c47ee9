"""`standby attach`: the installation's functions into the triggers of existing pools."""

from __future__ import annotations

from typing import Annotated

import typer

from cognito_standby.adoption.domain.attachment import SLOTS
from cognito_standby.adoption.ports import Functions, SettingsOfPool
from cognito_standby.adoption.services.attaching import Installed, Planned, plan_attach
from cognito_standby.cli.arguments import Region, Yes, chosen, located, refuse
from cognito_standby.cli.attaching import DryRun, work


def attach(
    ctx: typer.Context,
    *,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TRIGGER",
            help=f"Only this one, again for more: {', '.join(SLOTS)}. Without it: all that do "
            "something in this installation.",
        ),
    ] = None,
    region: Region = "",
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Put the installation's functions into the triggers of existing pools.

    Nothing else of a pool is changed: all its settings are sent again, and compared afterwards. A
    function of yours keeps its place until ours is told to ask it (`triggers` in cdk.json). Exit
    code: 0 attached, or there was nothing to do; 1 a pool was left as it was, or is not as it was
    meant to be; 2 nothing could be looked at.
    """
    asked = frozenset(only or ())
    if wrong := asked - SLOTS.keys():
        refuse(f"{', '.join(sorted(wrong))}: no trigger of ours; there are {', '.join(SLOTS)}")

    def plan(side: Installed, pools: SettingsOfPool, functions: Functions) -> Planned:
        return plan_attach(side, pools, functions, asked or side.useful)

    location = located(ctx)
    work(location, chosen(location, region), plan, dry_run=dry_run, yes=yes, attaches=True)
