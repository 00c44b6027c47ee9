"""`standby restore`: a pool, a group or a user made again from the records."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from cognito_standby.cli import transfers
from cognito_standby.cli.arguments import AsJson, Yes, asking, chosen, located, refuse
from cognito_standby.cli.commands.user import find, refuse_nobody
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import opened_by
from cognito_standby.cli.views.reconcile import ReconcileView
from cognito_standby.cli.views.restore import RestoreView
from cognito_standby.cli.views.restore_foreign import ForeignView
from cognito_standby.cli.views.restore_jobs import Jobs
from cognito_standby.core.domain.errors import InvalidRecordError, StandbyError
from cognito_standby.operator.services.context import Unreachable, told
from cognito_standby.operator.services.run_control import Order
from cognito_standby.reconciliation.domain.reconciliation import Mode
from cognito_standby.recovery.adapters.foreign_pools import open_foreign
from cognito_standby.recovery.adapters.restore_desk import open_restore_desk
from cognito_standby.recovery.domain.restore_request import RestoreRequest, utc_time
from cognito_standby.recovery.services.restore_foreign import ForeignContext

ON_DEMAND = """\
on demand: whoever would be made above comes by 'forgot password', or by a password that their
  former pool takes. Nobody is made before. Switch it on for this Region's pool: "on_demand" in
  cdk.json, then make deploy (docs/on-demand.md). A restore by calls makes the rest, at any time.\
"""


class Way(StrEnum):
    """How whoever is missing is made."""

    CALLS = "calls"
    IMPORT = "import"
    ON_DEMAND = "on-demand"


def restore(
    ctx: typer.Context,
    *,
    region: Annotated[str, typer.Option("--region", help="Whose pool is restored.")] = "",
    group: Annotated[
        str, typer.Option("--group", metavar="NAME", help="This group, and who is in it.")
    ] = "",
    user: Annotated[
        str, typer.Option("--user", metavar="WHO", help="Username, address, phone or either sub.")
    ] = "",
    deleted_since: Annotated[
        str,
        typer.Option(
            metavar="TIME", help="Undelete whoever was deleted since, too; in the active Region."
        ),
    ] = "",
    as_of: Annotated[
        str, typer.Option(metavar="TIME", help="Whoever was living then; in the active Region.")
    ] = "",
    also_changed_since: Annotated[
        bool, typer.Option(help="With --as-of: who was changed since is put back, too.")
    ] = False,
    into: Annotated[
        str,
        typer.Option(metavar="POOL", help="A pool outside of the installation, in that Region."),
    ] = "",
    strategy: Annotated[
        Way,
        typer.Option(
            help="import: who can is made by Cognito's import jobs first. on-demand: nobody before "
            "they come; it looks, and says how."
        ),
    ] = Way.CALLS,
    role: Annotated[
        str, typer.Option(metavar="ARN", help="By which Cognito writes the import jobs' logs.")
    ] = "",
    resume: Annotated[
        str, typer.Option(metavar="RESTORE", help="Go on with a restore, by its id.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done.")] = False,
    accept_brake: Annotated[
        bool, typer.Option("--accept-brake", help="Overwrite more people than the brake lets.")
    ] = False,
    names: Annotated[
        bool, typer.Option("--names", help="Clear ids in the report instead of hashed ones.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Make again in a Region's pool whoever the records have and the pool lacks.

    Without --group and --user: everybody. It shows what it is going to do, and asks. What the
    active pool has, or has newer, is left; in a standby pool the records win.

    Exit code: 0 restored, or only planned; 1 somebody is left, the brake asks, or it was not
    confirmed; 2 nothing could be done.
    """
    if not region:
        refuse("say whose pool: --region REGION")
    if user and group:
        refuse("--user or --group, not both")
    if as_of and deleted_since:
        refuse("--as-of says who was living then: not --deleted-since, too")
    if also_changed_since and not as_of:
        refuse("--also-changed-since: since when? Say --as-of TIME")
    if resume and (user or group or deleted_since or as_of or names):
        refuse("--resume goes on with a restore as it was: say nothing of whom beside it")
    if into and (group or deleted_since or as_of or resume or accept_brake or role):
        refuse("--into makes everybody, or --user, by calls: say nothing else of whom or how")
    if strategy is Way.ON_DEMAND and (deleted_since or as_of or resume or into):
        refuse("--strategy on-demand is about the Region's pool and the records as they are")
    by_jobs = strategy is Way.IMPORT
    if by_jobs is not bool(role) and not (by_jobs and dry_run):
        refuse("--strategy import and --role belong together")
    location = located(ctx, quiet=as_json)
    chosen(location, region)
    dry_run = dry_run or strategy is Way.ON_DEMAND
    if as_json and not (yes or dry_run):
        refuse("--json asks nobody: give --yes, or --dry-run to look only")
    whom = _whom(location, user) if user else ""
    if into:
        view = ForeignView(_foreign(location, region, into), as_json=as_json, names=names)
        raise typer.Exit(_filled(view, whom, yes=yes, dry_run=dry_run))
    desk = opened_by(open_restore_desk, location, region)
    if isinstance(desk, Unreachable):
        refuse(f"{region}: {desk.reason}")
    since, then = _time("--deleted-since", deleted_since), _time("--as-of", as_of)
    request = RestoreRequest(whom, group, since, then, also_changed_since, names)
    jobs = Jobs(transfers.opened(location, region, None), role) if role else None
    shown = RestoreView(desk, accept_brake, as_json, lambda: _compared(location, region), jobs)
    code = shown.run(request, resume, asking(yes), dry_run=dry_run)
    if strategy is Way.ON_DEMAND and not as_json:
        shown.console.print(ON_DEMAND, markup=False, soft_wrap=True)
    raise typer.Exit(code)


def _foreign(location: Location, region: str, pool_id: str) -> ForeignContext:
    found = opened_by(partial(open_foreign, pool_id=pool_id), location, region)
    return refuse(f"{region}: {found.reason}") if isinstance(found, Unreachable) else found


def _filled(view: ForeignView, whom: str, *, yes: bool, dry_run: bool) -> int:
    try:
        return view.run(whom, asking(yes), dry_run=dry_run)
    except StandbyError as error:
        return refuse(f"{told(error)}. It can be run again")


def _compared(location: Location, region: str) -> int:
    """What differs between pool and records now: a reconciliation that repairs nothing."""
    return ReconcileView(location, Order(Mode.DRY_RUN), wait=True).run((region,))


def _time(option: str, text: str) -> str:
    try:
        return utc_time(text) if text else ""
    except InvalidRecordError as error:
        return refuse(f"{option}: {error}")


def _whom(location: Location, asked: str) -> str:
    """The one origin sub; exits where it is nobody, or not only one."""
    searches, people = find(location, asked.strip())
    if len(people) == 1:
        return people[0].origin_sub
    if people:
        subs = ", ".join(person.origin_sub for person in people)
        refuse(f"more than one has that name; name one by the origin sub: {subs}")
    return refuse_nobody(searches)
