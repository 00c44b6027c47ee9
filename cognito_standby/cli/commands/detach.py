"""`standby detach`: the installation's functions out of the triggers of existing pools."""

from __future__ import annotations

import typer

from cognito_standby.adoption.services.attaching import plan_detach
from cognito_standby.cli.arguments import Region, Yes, chosen, located
from cognito_standby.cli.attaching import DryRun, work


def detach(
    ctx: typer.Context, *, region: Region = "", dry_run: DryRun = False, yes: Yes = False
) -> None:
    """Take the installation's functions out of the triggers of existing pools.

    Only our entries go, from the pool as it is now; a function of yours that ours asked comes back
    into its place. Exit code as for `attach`. Do this before you uninstall.
    """
    location = located(ctx)
    work(location, chosen(location, region), plan_detach, dry_run=dry_run, yes=yes, attaches=False)
