"""`python -m local person ...`, beside a running `python -m local up`: what people do where the
local AWS has no pages for it, through the control interface."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from local.control import ProviderSignInError, mark_passkeys, sign_in_through
from local.outputs import RegionOutputs, StageOutputs

app = typer.Typer(no_args_is_help=True, help="Do what people do beyond the API.")
_console = Console()
_OUTPUTS = Path(".local/outputs.json")


class Role(StrEnum):
    """A Region of the installation."""

    PRIMARY = "primary"
    BACKUP = "backup"


Outputs = Annotated[Path, typer.Option(help="What `up` wrote.")]
At = Annotated[Role, typer.Option(help="Whose pool.")]


@app.command("sign-in")
def sign_in(
    provider: Annotated[str, typer.Option(help="The identity provider's name in the pool.")],
    subject: Annotated[str, typer.Option(help="What the provider calls the person.")],
    *,
    claim: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="What the provider tells.")
    ] = None,
    at: At = Role.PRIMARY,
    outputs: Outputs = _OUTPUTS,
) -> None:
    """Sign somebody in through an identity provider, which has vouched for them."""
    pairs = [(name, value) for name, eq, value in (c.partition("=") for c in claim or ()) if eq]
    if len(pairs) < len(claim or ()):
        raise typer.BadParameter("write NAME=VALUE", param_hint="--claim")
    with _told():
        endpoint, region = _running(outputs, at)
        told = sign_in_through(
            endpoint,
            provider,
            subject,
            pool=region.user_pool_id,
            claims=dict(pairs),
            client=region.client_id,
        )
    _console.print(f"signed in as {told['Username']}")


@app.command()
def passkeys(
    username: Annotated[str, typer.Argument(help="Who.")],
    count: Annotated[int, typer.Argument(min=0, help="How many; 0 takes them away.")],
    *,
    at: At = Role.PRIMARY,
    outputs: Outputs = _OUTPUTS,
) -> None:
    """Mark passkeys of somebody as registered."""
    with _told():
        endpoint, region = _running(outputs, at)
        mark_passkeys(endpoint, pool=region.user_pool_id, username=username, count=count)
    _console.print(f"{username} has {count}")


def _running(outputs: Path, at: Role) -> tuple[str, RegionOutputs]:
    try:
        found = StageOutputs.read(outputs)
    except (OSError, ValueError, KeyError, TypeError):
        text = f"{outputs} is not there: is `python -m local up` running?"
        raise ProviderSignInError(text) from None
    return found.endpoint, found.primary if at is Role.PRIMARY else found.backup


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (ProviderSignInError, OSError) as error:
        _console.print(f"[bold red]error:[/] {error}")
        raise typer.Exit(1) from error
