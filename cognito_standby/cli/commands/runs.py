"""`standby reconcile`, `approve`, `reject`, `reports`, and what an operator accepts."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from cognito_standby.cli.arguments import (
    AsJson,
    Region,
    Yes,
    chosen,
    located,
    refuse,
    sure,
)
from cognito_standby.cli.views import accept as accept_page
from cognito_standby.cli.views import answer as answer_page
from cognito_standby.cli.views import reports as reports_page
from cognito_standby.cli.views.reconcile import Page
from cognito_standby.cli.views.seed import SeedPage
from cognito_standby.operator.services.run_control import Order
from cognito_standby.reconciliation.domain.reconciliation import Mode

_SHARD = re.compile(r"[0-9a-f]{2}")
_RunId = Annotated[str, typer.Argument(metavar="RUN", help="Id of the run, or its beginning.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("reconcile")(reconcile)
    app.command("approve")(approve)
    app.command("reject")(reject)
    app.command("reports")(reports)
    app.command("accept-table")(accept_table)
    app.command("accept-pool")(accept_pool)


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
    page = Page(location, order, resume, follow, wait or bool(follow), as_json)
    regions = chosen(location, region)
    if seed:
        code = SeedPage(page).run(region, (lambda _: True) if yes else sure)
    elif (resume or follow) and not region:
        code = page.run(_holding(page, resume or follow, regions))
    else:
        code = page.run(regions)
    raise typer.Exit(code)


def approve(ctx: typer.Context, run: _RunId, region: Region = "", yes: Yes = False) -> None:
    """Let a run repair although its brake asks. Shows why it asks first. Safe to run twice.

    Exit code: 0 answered, 1 there was nothing to answer, 2 nothing could be done.
    """
    _answer(ctx, run, region, yes=yes, approved=True)


def reject(ctx: typer.Context, run: _RunId, region: Region = "", yes: Yes = False) -> None:
    """Stop a run whose brake asks: nothing is changed. Safe to run twice.

    Exit code: 0 answered, 1 there was nothing to answer, 2 nothing could be done.
    """
    _answer(ctx, run, region, yes=yes, approved=False)


def reports(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="[RUN]", help="Show this one.")] = "",
    region: Region = "",
    limit: Annotated[int, typer.Option(min=1, max=500, help="The last so many.")] = 10,
    browse: Annotated[bool, typer.Option("--open", help="Open its page in a browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the reports of the reconciliations, or show one.

    Exit code: 0 listed, or that run left nothing; 1 it left something, or a Region did not answer;
    2 nothing could be shown.
    """
    if browse and not run:
        refuse("--open needs the id of a run")
    location = located(ctx, quiet=as_json)
    page, regions = reports_page.Page(location, as_json=as_json), chosen(location, region)
    code = page.one(regions, run, browse=browse) if run else page.all(regions, limit)
    raise typer.Exit(code)


def accept_table(ctx: typer.Context, region: Region = "", yes: Yes = False) -> None:
    """Confirm that a records table that was restored or replaced is the right one.

    Until then nobody is made, removed or locked by its word. Shows both tables first. Safe to run
    twice. Exit code: 0 all is confirmed, 1 something is not, 2 a Region was not reached.
    """
    _accept(ctx, accept_page.TABLE, region, yes=yes)


def accept_pool(ctx: typer.Context, region: Region = "", yes: Yes = False) -> None:
    """Confirm that another user pool took the place of the one that a Region knows.

    Until then its reconciliations stop. Shows both pools first. Safe to run twice. Exit code: 0 all
    is confirmed, 1 something is not, 2 a Region was not reached.
    """
    _accept(ctx, accept_page.POOL, region, yes=yes)


def _accept(ctx: typer.Context, matter: accept_page.Matter, region: str, *, yes: bool) -> None:
    location = located(ctx)
    page = accept_page.Page(location, matter)
    raise typer.Exit(page.run(chosen(location, region), (lambda _: True) if yes else sure))


def _order(dry_run: bool, shards: list[str], seed: bool, names: bool) -> Order:
    if strange := [each for each in shards if not _SHARD.fullmatch(each)]:
        refuse(f"--shard {strange[0]}: a shard is two hex digits, 00 to ff")
    if dry_run and seed:
        refuse("--dry-run changes nothing, --seed fills: not both")
    mode = Mode.DRY_RUN if dry_run else Mode.REPAIR
    return Order(mode, tuple(sorted(set(shards))), seed, names)


def _holding(page: Page, run: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    """The Region that knows a run; all of them where none does, so that each says so."""
    return page.known_in(run, regions) or regions


def _answer(ctx: typer.Context, run: str, region: str, *, yes: bool, approved: bool) -> None:
    location = located(ctx)
    page = answer_page.Page(location, approved=approved)
    asking = (lambda _: True) if yes else sure
    raise typer.Exit(page.run(chosen(location, region), run, asking))
