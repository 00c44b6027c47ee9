"""What the commands share: the options that say where, and how a command is refused."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, NoReturn
from unicodedata import category

import typer
from rich.console import Console
from rich.markup import escape

from cognito_standby.cli.locate import (
    CONFIG_VARIABLE,
    Location,
    LocationOptions,
    NothingSaidError,
    NotLocatedError,
    locate,
)

NOTHING = 2
"""Exit code: nothing could be done."""

Region = Annotated[str, typer.Option(help="Only this Region.")]
PoolRegion = Annotated[str, typer.Option(help="Whose pool.")]
ShowIds = Annotated[
    bool, typer.Option("--show-ids", help="Show user ids; otherwise their hash, as in the logs.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="Id of the run, or its beginning.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

Sure = Callable[[str], bool]
"""What puts a question, and has its answer."""


def options(ctx: typer.Context) -> LocationOptions:
    """What was said of where before the command; exits where an option is blank."""
    _require_said(ctx)
    return ctx.obj if isinstance(ctx.obj, LocationOptions) else LocationOptions()


def located(ctx: typer.Context, *, quiet: bool = False, instead: str = "") -> Location:
    """The installation that is meant; exits where that is not known, or an option is blank.

    `instead`: a command that needs no installation.
    """
    asked = options(ctx)
    try:
        location = locate(asked, here(), os.environ)
    except NothingSaidError as error:
        refuse("\n".join((str(error), *_how_to_say(ctx, instead))))
    except NotLocatedError as error:
        refuse(str(error))
    if location.notice and not quiet:
        Console().print(f"[dim]{location.notice}[/]")
    return location


def _how_to_say(ctx: typer.Context, instead: str) -> Iterator[str]:
    """Options that say where stand before the command."""
    command = " ".join(ctx.command_path.split()[1:])
    yield "say it before the command, or by the environment, for example:"
    yield f"  standby --installation standby --regions us-east-1,us-west-2 {command}"
    yield f"  STANDBY_INSTALLATION=standby STANDBY_REGIONS=us-east-1,us-west-2 standby {command}"
    yield (
        f"or run it in the checkout's folder, whose cdk.json says it; {CONFIG_VARIABLE}=FILE names "
        "another file, --outputs FILE a local AWS"
    )
    if instead:
        yield f"without an installation: {instead}"


def chosen(location: Location, region: str) -> tuple[str, ...]:
    """The Regions to work in; exits where it is none of the installation's."""
    if region and region not in location.regions:
        refuse(f"{region} is not one of {', '.join(location.regions)}")
    return (region,) if region else location.regions


def here() -> Path:
    """The folder in which the command runs; exits where it was removed meanwhile."""
    try:
        return Path.cwd()
    except OSError:
        refuse("this folder was removed: change to one that is there, and run it again")


def said_path(text: str) -> Path:
    """A path as it was typed; a blank one would be the folder that somebody stands in."""
    if not text.strip():
        raise typer.BadParameter("it is blank: say which, or leave it out")
    return Path(text)


def refuse(reason: str) -> NoReturn:
    """Say why, as it is, and exit: what somebody typed or AWS answered is no markup."""
    Console(stderr=True).print(
        f"[bold red]error:[/] {escape(reason)}", highlight=False, soft_wrap="\n" in reason
    )
    raise typer.Exit(NOTHING)


def _require_said(ctx: typer.Context) -> None:
    """Exits where an option is given and blank, as an unset variable of a shell's leaves it: left
    out it would mean everybody, both Regions, another installation, or something new. And where one
    cannot be encoded."""
    for one in (ctx.parent or ctx, ctx):
        for each in one.command.params:
            said = one.params.get(each.name or "")
            source = one.get_parameter_source(each.name or "")
            if isinstance(said, str) and source is not None and source.name == "COMMANDLINE":
                name = each.opts[0]
                _require_text(name if each.param_type_name == "option" else name.upper(), said)


def _require_text(name: str, said: str) -> None:
    if name.startswith("-") and not said.strip():
        refuse(f"{name} is blank: say which, or leave it out")
    if not said.isascii() and any(category(letter) == "Cs" for letter in said):
        refuse(f"{name} is not in UTF-8")


def asking(yes: bool) -> Sure:
    """How a question is put; `yes`: it is answered already, and not put."""
    return (lambda _: True) if yes else sure


def sure(question: str) -> bool:
    """Ask the person at the terminal; where nobody answers, as in a pipeline, the answer is no."""
    try:
        return typer.confirm(question)
    except typer.Abort:
        typer.echo()
        if not sys.stdin.isatty():
            typer.echo("there is nobody to ask: give --yes", err=True)
        return False
