"""`standby accept-table`: shows the table that a Region knows and the one that is there, and
accepts it."""

from __future__ import annotations

import typer

from cognito_standby.cli.arguments import Region, Yes
from cognito_standby.cli.views.accept import Matter, Shown, run_acceptance
from cognito_standby.operator.services.accept_table import accept, tables_of
from cognito_standby.operator.services.context import OperatorContext


def accept_table(ctx: typer.Context, region: Region = "", yes: Yes = False) -> None:
    """Confirm that a records table that was restored or replaced is the right one.

    Until then no user is created, removed, disabled or enabled because of it. Shows both tables
    first. Safe to run twice. Exit code: 0 all is confirmed, 1 something is not, 2 a Region was not
    reached.
    """
    run_acceptance(ctx, _MATTER, region, yes=yes)


def _look(context: OperatorContext) -> Shown:
    seen = tables_of(context)
    doubt = f"the confirmed one was {seen.known}; nobody is made, removed or locked"
    return Shown(seen, (doubt,), lambda: accept(context, seen))


_MATTER = Matter(
    noun="records table",
    noted="confirmed",
    new="there; its first use confirms it",
    question="Are these the right records?",
    refused="not accepted; deletions and creations go on waiting",
    look=_look,
)
