"""`standby accept-pool`: shows the pool that a Region knows and the one that is there, and accepts
it."""

from __future__ import annotations

import typer

from cognito_standby.cli.arguments import Region, Yes
from cognito_standby.cli.views.accept import Matter, Shown, run_acceptance
from cognito_standby.operator.services.accept_pool import accept_pool as accept
from cognito_standby.operator.services.accept_pool import pools_of
from cognito_standby.operator.services.context import OperatorContext


def accept_pool(ctx: typer.Context, region: Region = "", yes: Yes = False) -> None:
    """Confirm that another user pool took the place of the one that a Region knows.

    Until then its reconciliations stop. Shows both pools first. Safe to run twice. Exit code: 0 all
    is confirmed, 1 something is not, 2 a Region was not reached.
    """
    run_acceptance(ctx, _MATTER, region, yes=yes)


def _look(context: OperatorContext) -> Shown:
    seen, claims = pools_of(context), context.records.read_claims().numbers
    active = max(claims, key=lambda region: (claims[region], region)) == context.region
    doubt = f"the known one was {seen.known}; reconciliations here stop"
    who = "who is missing in it is made there from the records: it is filled"
    if active:
        who = "who is missing in it is neither deleted nor made: this Region is active"
    return Shown(seen, (doubt, who), lambda: accept(context, seen))


_MATTER = Matter(
    noun="user pool",
    noted="the known one",
    new="there; its first reconciliation notes it",
    question="Is this the right pool?",
    refused="not accepted; reconciliations go on stopping",
    look=_look,
)
