"""`standby failover`: make the other Region the active one, in a plan or in an outage."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated

import typer

from cognito_standby.cli.arguments import AsJson, Yes, asking, located, refuse
from cognito_standby.cli.views.failover import FailoverView, Wanted
from cognito_standby.recovery.domain.checks import NAMES
from cognito_standby.recovery.domain.requests import FailoverMode


def failover(
    ctx: typer.Context,
    *,
    to: Annotated[str, typer.Option("--to", metavar="REGION", help="Which Region takes over.")],
    planned: Annotated[
        bool, typer.Option("--planned", help="The other Region stands down first.")
    ] = False,
    outage: Annotated[
        bool, typer.Option("--outage", help="The other Region is lost, and is not asked.")
    ] = False,
    abort: Annotated[
        bool, typer.Option("--abort", help="Stop a planned one; the other Region opens again.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and change nothing.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="CHECK", help="Go on although this failed; repeatable."),
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Make REGION the active one. Say how: the two differ in what becomes of the other Region.

    Exit code: 0 it is active, or the dry run found nothing in the way; 1 a check failed, it was
    refused, not confirmed, or could not be followed to its end; 2 nothing could be done. It can be
    run again at any time: what is under way is followed, what failed goes on where it failed.
    """
    if [planned, outage, abort].count(True) != 1:
        refuse("say how: --planned, --outage, or --abort")
    accepted = frozenset(accept or ())
    if unknown := sorted(accepted - set(NAMES)):
        refuse(f"{', '.join(unknown)}: no check. There are: {', '.join(NAMES)}")
    location = located(ctx, quiet=as_json)
    if to not in location.regions:
        refuse(f"{to} is not one of {', '.join(location.regions)}")
    if not (yes or dry_run) and (as_json or not sys.stdin.isatty()):
        refuse("there is nobody to ask: give --yes, or --dry-run to look only")
    wanted = Wanted(
        to, FailoverMode.OUTAGE if outage else FailoverMode.PLANNED, accepted, secrets.token_hex(6)
    )
    view = FailoverView(location, wanted, as_json=as_json)
    confirm = asking(yes)
    raise typer.Exit(view.abort(confirm, dry_run) if abort else view.run(confirm, dry_run))
