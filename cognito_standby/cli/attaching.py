"""What `standby attach` and `standby detach` share: a pool after the other, asked and compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cognito_standby.adoption.adapters.attaching import CognitoSettings, LambdaFunctions
from cognito_standby.adoption.domain.attachment import ON_DEMAND, SLOTS
from cognito_standby.adoption.ports import NotSeenError
from cognito_standby.adoption.services.attaching import (
    DisturbedError,
    Installed,
    NotAttachedError,
    NotComparedError,
    Planned,
    carry_out,
)
from cognito_standby.cli.arguments import NOTHING, asking
from cognito_standby.cli.locate import Location
from cognito_standby.cli.views import attach as view
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.adapters.installation import Outputs, read_outputs
from cognito_standby.operator.services.context import told

NOT_ALL = 1
"""Exit code: a pool was left as it was, or is not as it was meant to be."""
_CREATED = "created"

Plan = Callable[[Installed, CognitoSettings, LambdaFunctions], Planned]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change.")]


def work(
    location: Location,
    regions: Sequence[str],
    plan: Plan,
    *,
    dry_run: bool,
    yes: bool,
    attaches: bool,
) -> None:
    """A Region after the other: what is done in one stays done, whatever becomes of the next."""
    console, complete, seen = Console(), True, False
    for region in regions:
        try:
            side = _side(location, region)
            seen = True
            pools = CognitoSettings(location.connection, region, side.pool_id)
            planned = plan(side, pools, LambdaFunctions(location.connection, region))
        except (NotAttachedError, NotSeenError, StandbyError) as error:
            view.failed(console, region, _words(error))
            complete, seen = False, seen or isinstance(error, NotAttachedError)
            continue
        view.show(console, planned, attaches=attaches)
        complete &= not planned.attachment.taken
        if planned.attachment.turns and not dry_run:
            complete &= _done(console, planned, pools, yes=yes)
    if not dry_run and complete and attaches:
        view.whose_stack(console)
    raise typer.Exit(0 if complete else NOT_ALL if seen else NOTHING)


def _words(error: Exception) -> str:
    return told(error) if isinstance(error, StandbyError) else str(error)


def _side(location: Location, region: str) -> Installed:
    """NotAttachedError: it is a pool of the stacks'. A StandbyError where it is not told."""
    outputs = read_outputs(location.connection, region, location.installation)
    if outputs.get("PoolsAre") == _CREATED:
        raise NotAttachedError(
            "this pool is made by the deployment, and so are its triggers: `attach_trigger` in "
            "cdk.json"
        )
    return Installed(
        region, outputs["UserPoolId"], _functions(outputs), outputs.get("Fence") == "on"
    )


def _functions(outputs: Outputs) -> dict[str, str]:
    """NotAttachedError: a stack of a release that does not tell them."""
    names = {task: f"{task.title().replace('_', '')}Arn" for task in SLOTS}
    needed = [name for task, name in names.items() if task != ON_DEMAND]
    if missing := [name for name in needed if name not in outputs]:
        raise NotAttachedError(f"the stack does not tell {', '.join(missing)}: deploy it first")
    return {task: outputs[name] for task, name in names.items() if name in outputs}


def _done(console: Console, planned: Planned, pools: CognitoSettings, *, yes: bool) -> bool:
    side = planned.side
    if not asking(yes)(f"Change these triggers of {side.pool_id} in {side.region}?"):
        view.left(console, side.region)
        return False
    try:
        kept = _keep(planned)
    except OSError as error:
        why = f"nothing was changed: what the pool is like cannot be kept here ({error.strerror})"
        view.failed(console, side.region, f"{why}; run it in another folder")
        return False
    try:
        carry_out(planned, pools)
    except NotComparedError as error:
        view.not_compared(console, side, str(error), kept)
        return False
    except DisturbedError as error:
        view.disturbed(console, side, error.settings, kept)
        return False
    except (NotAttachedError, NotSeenError, StandbyError) as error:
        view.failed(console, side.region, f"{_words(error)} (as it was before: {kept})")
        return False
    view.done(console, side, kept)
    return True


def _keep(planned: Planned) -> Path:
    """The pool's settings as they were, in a file: no secret is in them, and nobody's data."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = Path(f"{planned.side.pool_id}-before-{moment}.json")
    seen = planned.seen
    path.write_text(
        json.dumps({"UserPool": seen.fields, "MfaConfig": seen.mfa}, indent=2, default=str) + "\n"
    )
    return path
