"""What `attach` and `detach` say."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape

from cognito_standby.adoption.domain.attachment import Taken, Turn
from cognito_standby.adoption.services.attaching import Installed, Planned

PAGE = "docs/runbooks/attach.md"


def show(console: Console, planned: Planned, *, attaches: bool) -> None:
    """What would change in a pool, and what keeps ours out of a place."""
    side, found = planned.side, planned.attachment
    console.print(f"{side.region} {side.pool_id}", highlight=False)
    for turn in found.turns:
        console.print(f"  {_turn(turn)}", highlight=False)
    for taken in found.taken:
        console.print(f"  [red]{taken.task}[/]: {_taken(taken)}", highlight=False)
    if not found.turns and not found.taken:
        state = "attached already" if attaches else "none of ours is attached"
        console.print(f"  nothing to do: {state}", highlight=False)


def _turn(turn: Turn) -> str:
    return f"{turn.slot}: {escape(turn.before or 'none')} -> {escape(turn.after or 'none')}"


def _taken(taken: Taken) -> str:
    asks = f"asks {taken.asks}" if taken.asks else "asks nobody"
    return escape(
        f"yours stands there ({taken.function}), and ours {asks}. So that both are called, name "
        f"yours in cdk.json, triggers.{taken.task}.primary_function and .backup_function, deploy, "
        "and run this again"
    )


def done(console: Console, side: Installed, kept: Path) -> None:
    """Done, and compared."""
    console.print(
        f"  [green]done[/]: every other setting of {side.pool_id} is as it was "
        f"(and is kept in {escape(str(kept))})",
        highlight=False,
    )


def left(console: Console, region: str) -> None:
    """Somebody said no, or there was nobody to ask."""
    console.print(f"  {region}: left as it was", highlight=False)


def failed(console: Console, region: str, why: str) -> None:
    """Nothing was changed in this Region, or it is not known."""
    console.print(f"[bold red]{region}:[/] {escape(why)}", highlight=False)


def disturbed(console: Console, side: Installed, settings: tuple[str, ...], kept: Path) -> None:
    """Something is not as it was meant to be."""
    console.print(
        f"  [bold red]not as meant[/]: {', '.join(settings)} of {side.pool_id} in {side.region}. "
        f"Somebody may have changed them at the same moment. As they were: {escape(str(kept))}; "
        "put them right in the console, and run this again",
        highlight=False,
    )


def not_compared(console: Console, side: Installed, why: str, kept: Path) -> None:
    """The call was made, and the look after it failed."""
    console.print(
        f"  [bold red]not compared[/]: the triggers of {side.pool_id} in {side.region} may be "
        f"changed, and what else is not known ({escape(why)}). Compare the pool with "
        f"{escape(str(kept))}, its second factors first",
        highlight=False,
    )


def whose_stack(console: Console) -> None:
    """The pool is the owner's, and so is what their next deployment makes of it."""
    console.print(
        "\nThe pools stay yours. If a stack of your own sets their triggers (Terraform, Amplify, "
        f"CDK), its next deployment puts them back: {PAGE} shows what to say there",
        highlight=False,
    )
