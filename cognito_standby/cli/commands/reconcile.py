"""`standby reconcile`: start, resume or follow runs."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from cognito_standby.cli.arguments import AsJson, Region, Yes, asking, chosen, located, refuse
from cognito_standby.cli.views.reconcile import ReconcileView
from cognito_standby.cli.views.seed import SeedView
from cognito_standby.operator.services.run_control import Order
from cognito_standby.reconciliation.domain.reconciliation import Mode

_SHARD = re.compile(r"[0-9a-f]{2}")


def reconcile(
    ctx: typer.Context,
    *,
    region: Region = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare and change nothing.")] = False,
    shard: Annotated[
        list[str] | None, typer.Option(help="Only this of the 256 shards (00 to ff); repeatable.")
    ] = None,
    seed: Annotated[
        bool, typer.Option("--seed", help="First filling of an existing pool: estimates and asks.")
    ] = False,
    names: Annotated[
        bool, typer.Option("--names", help="Clear ids in the report instead of hashed ones.")
    ] = False,
    resume: Annotated[
        str, typer.Option(metavar="RUN", help="Run a broken run on where it stopped.")
    ] = "",
    follow: Annotated[
        str, typer.Option(metavar="RUN", help="Only watch a run; nothing is started.")
    ] = "",
    wait: Annotated[bool, typer.Option("--wait", help="Follow it to its end.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Compare pool and records completely, and repair what differs.

    Exit code: 0 started, or all is in sync or repaired; 1 something is left; 2 nothing could be
    done. One run at a time for each pool: a second start is refused with the first one's ARN.
    """
    order = _order(dry_run, shard or [], seed, names)
    if (resume or follow) and (order != Order() or (resume and follow)):
        refuse("--resume and --follow take a run as it is: no other options beside them")
    location = located(ctx, quiet=as_json)
    view = ReconcileView(location, order, resume, follow, wait or bool(follow), as_json)
    regions = chosen(location, region)
    if seed:
        code = SeedView(view).run(region, asking(yes))
    elif (resume or follow) and not region:
        code = view.run(_holding(view, resume or follow, regions))
    else:
        code = view.run(regions)
    raise typer.Exit(code)


def _order(dry_run: bool, shards: list[str], seed: bool, names: bool) -> Order:
    if strange := [each for each in shards if not _SHARD.fullmatch(each)]:
        refuse(f"--shard {strange[0]}: a shard is two hex digits, 00 to ff")
    if dry_run and seed:
        refuse("--dry-run changes nothing, --seed fills: not both")
    mode = Mode.DRY_RUN if dry_run else Mode.REPAIR
    return Order(mode, tuple(sorted(set(shards))), seed, names)


def _holding(view: ReconcileView, run: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    """The Region that knows the run; all Regions if none does, so that each says so."""
    return view.known_in(run, regions) or regions
