"""`standby reject`: stop a run."""

from __future__ import annotations

import typer

from cognito_standby.cli.arguments import Region, RunId, Yes
from cognito_standby.cli.views.answer import answer_run


def reject(ctx: typer.Context, run: RunId, region: Region = "", yes: Yes = False) -> None:
    """Stop a run whose brake asks: nothing is changed. Safe to run twice.

    Exit code: 0 answered, 1 there was nothing to answer, 2 nothing could be done.
    """
    answer_run(ctx, run, region, yes=yes, approved=False)
