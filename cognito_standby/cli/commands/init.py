"""`standby init`: from an existing pool, or from none, to a configuration that can be deployed."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cognito_standby.adoption.adapters.reader import looks_of
from cognito_standby.adoption.domain.proposal import NotProposedError
from cognito_standby.adoption.ports import NotSeenError
from cognito_standby.adoption.services.looking import Whereabouts
from cognito_standby.cli.arguments import Yes, asking, here, options, refuse, said_path
from cognito_standby.cli.config_file import ConfigFile, NotWrittenError
from cognito_standby.cli.initializing import Initializing, Said
from cognito_standby.cli.locate import CONFIG_VARIABLE, NotLocatedError
from cognito_standby.cli.pool_pair import NoPairError, connection_for, where_is
from cognito_standby.cli.views.init import Profiles
from cognito_standby.configuration.ports import PoolGoneError
from cognito_standby.core.domain.errors import StandbyError

_TEMPLATE = Path("standby-pool.template.json")


def init(
    ctx: typer.Context,
    *,
    pool: Annotated[str, typer.Option(metavar="ID", help="The pool that people use today.")] = "",
    backup_pool: Annotated[
        str, typer.Option(metavar="ID", help="Its standby, if there is one already.")
    ] = "",
    new: Annotated[
        bool, typer.Option("--new", help="There is no pool: the stacks make both.")
    ] = False,
    name: Annotated[str, typer.Option(help="Of the installation.")] = "",
    primary_region: Annotated[str, typer.Option(help="With --new.")] = "",
    backup_region: Annotated[str, typer.Option(help="Of the standby.")] = "",
    sign_in: Annotated[
        str, typer.Option(help="With --new: username, email, phone or email_or_phone.")
    ] = "username",
    alarm_email: Annotated[str, typer.Option(help="Who gets alarms.")] = "",
    template: Annotated[
        Path | None,
        typer.Option(
            parser=said_path,
            metavar="PATH",
            help=f"Of a proposed standby pool. Default: {_TEMPLATE}.",
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            parser=said_path,
            metavar="PATH",
            help=f"Write it to a file of its own. Default: {CONFIG_VARIABLE}, else cdk.json.",
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace what is in the files already.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Look at an existing pool, propose its standby, and write the configuration.

    What is not given is asked for at a terminal. Without --backup-pool a CloudFormation template of
    an equal pool is written; deploy it, and run it again with its id. With --backup-profile before
    the command the standby is in the account of that profile. Exit code: 0 written, 1 not yet, 2
    nothing could be done.
    """
    if new and (pool or backup_pool):
        refuse("--new makes both pools: leave --pool and --backup-pool out")
    asked = options(ctx)
    file = ConfigFile(here(), config or _named())
    try:
        if pool or new:
            where = where_is(pool) if pool else None
            file.require()
        else:
            where = _asked_pool()
            file.require()
        said = _said(
            where, backup_pool, (name, primary_region, backup_region), sign_in, alarm_email
        )
        if somebody_is_there() and not (yes or alarm_email):
            said = replace(
                said, alarm_email=_ask("Who gets alarms, an address (empty: nobody)", "", "")
            )
        connection, notice = connection_for(asked, here(), os.environ, said.backup_region, {})
        if asked.backup_profile and connection.beside is None:
            refuse(f"{notice}: it is of one account, and --backup-profile is of AWS")
        profiles = Profiles.of(connection, said.primary_region, said.backup_region)
        place = template or _TEMPLATE
        looks = looks_of(connection)
        run = Initializing(looks, file, Console(), asking(yes), overwrite, place, profiles)
        raise typer.Exit(run.run(said, where))
    except (NoPairError, NotLocatedError, NotProposedError, NotWrittenError) as error:
        refuse(str(error))
    except (NotSeenError, PoolGoneError, StandbyError) as error:
        refuse(str(error))


def _named() -> Path | None:
    named = os.environ.get(CONFIG_VARIABLE, "")
    return Path(named) if named else None


def _asked_pool() -> Whereabouts | None:
    told = _ask(
        "Id of the pool that people use today (empty: there is none)", "--pool or --new", ""
    )
    return where_is(told) if told else None


def somebody_is_there() -> bool:
    """Whether this is a terminal, at which a question is answered."""
    return sys.stdin.isatty()


def _ask(question: str, flag: str, default: str | None = None) -> str:
    """At a terminal; elsewhere nobody would answer."""
    if not somebody_is_there():
        refuse(f"{flag} is needed: nobody is there to be asked")
    return str(typer.prompt(question, default=default, show_default=bool(default))).strip()


def _said(
    where: Whereabouts | None,
    backup_pool: str,
    given: tuple[str, str, str],
    sign_in: str,
    alarm_email: str,
) -> Said:
    name, primary, backup = given
    primary = where.region if where else primary or _ask("Primary Region", "--primary-region")
    if where and not (backup_pool or backup) and somebody_is_there():
        backup_pool = _ask("Id of its standby pool (empty: one is proposed)", "", "")
    there = where_is(backup_pool) if backup_pool else None
    flag = "--backup-pool or --backup-region" if where else "--backup-region"
    backup = there.region if there else backup or _ask("Backup Region", flag)
    if primary == backup:
        raise NoPairError(f"a standby is in another Region than {primary}")
    name = name or _ask("Name of the installation", "--name", "standby")
    pool = where.pool_id if where else ""
    return Said(name, pool, backup_pool, primary, backup, sign_in, alarm_email)
