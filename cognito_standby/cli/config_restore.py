"""`standby config restore`: a pool made anew from a snapshot of its configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cognito_standby.cli.arguments import (
    AsJson,
    PoolRegion,
    Yes,
    asking,
    chosen,
    located,
    refuse,
    said_path,
)
from cognito_standby.cli.given_files import document_in, require_writable, secrets_in
from cognito_standby.cli.regions import opened_by
from cognito_standby.cli.views.config_restore import NO_DOUBT, Doubt, RestoreView
from cognito_standby.configuration.adapters.desk import open_configuration_desk
from cognito_standby.configuration.domain.document import (
    NewerDocumentError,
    PoolConfiguration,
    Section,
)
from cognito_standby.configuration.domain.making import Wanted
from cognito_standby.configuration.domain.snapshots import NoSuchSnapshotError, id_of
from cognito_standby.configuration.services.desk import ConfigurationDesk
from cognito_standby.configuration.services.making import BrokenOffError, Making, NotMadeError
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.services.context import Unreachable, told

_ALWAYS = frozenset(
    {Section.POOL, Section.ATTRIBUTES, Section.TAGS, Section.CLIENTS, Section.REPLICAS}
)
"""A pool without these would be another one; replicas are never made."""


def restore(
    ctx: typer.Context,
    *,
    region: PoolRegion = "",
    at: Annotated[
        str, typer.Option(metavar="SNAPSHOT", help="Its id, or how it begins. Default: newest.")
    ] = "",
    snapshot: Annotated[
        Path | None,
        typer.Option(
            parser=said_path, metavar="FILE", help="A copy, as `config show --json` writes it."
        ),
    ] = None,
    secrets: Annotated[
        Path | None,
        typer.Option(
            parser=said_path,
            metavar="FILE",
            help='Of identity providers: {"NAME": {"client_secret": "..."}}.',
        ),
    ] = None,
    domain: Annotated[str, typer.Option(metavar="PREFIX", help="Instead of the former one.")] = "",
    without: Annotated[
        list[str] | None, typer.Option(metavar="SECTION", help="Leave it out; may be repeated.")
    ] = None,
    beside: Annotated[
        bool, typer.Option("--beside", help="A second pool, though the former one is there.")
    ] = False,
    ids: Annotated[
        Path | None,
        typer.Option(parser=said_path, metavar="FILE", help="Write old id -> new id, as JSON."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the calls, make none; the pool may be there.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Make a lost pool anew from a snapshot of its configuration: with a new id, without users.

    It shows the calls first, and asks. Run again, it goes on where it broke off. At the end it
    reads the new pool and compares. Users come afterwards, by `standby restore`.

    Exit code: 0 made as it was, or only shown; 1 not all of it; 2 nothing was done.
    """
    if not region:
        refuse("say in which Region: --region REGION")
    if snapshot and at:
        refuse("--at or --snapshot, not both")
    if as_json and not (yes or dry_run):
        refuse("--json asks nobody: give --yes, or --dry-run to look only")
    wanted = Wanted(secrets_in(secrets), domain, _left_out(without or []))
    if ids and not dry_run:
        require_writable("--ids", ids)
    location = located(ctx, quiet=as_json)
    chosen(location, region)
    desk = opened_by(open_configuration_desk, location, region)
    if isinstance(desk, Unreachable):
        refuse(f"{region}: {desk.reason}")
    view = RestoreView(desk.region, desk.pool_arns, ids, as_json=as_json)
    try:
        document, name, doubt = _document(desk, at, snapshot)
        making = Making(desk.maker, desk.reader, document, name, wanted, beside)
        if dry_run:
            view.tell_look(making.look(), doubt)
            raise typer.Exit(0)
        plan, found = making.plan()
        view.tell_plan(plan, found, doubt)
        if not asking(yes)("Make it?"):
            typer.echo("nothing was done")
            raise typer.Exit(1)
        made = making.make(view.tell)
    except (NotMadeError, NoSuchSnapshotError, NewerDocumentError) as error:
        refuse(f"nothing was done: {error}")
    except StandbyError as error:
        refuse(f"nothing was done: {told(error)}")
    except BrokenOffError as error:
        view.tell_broken_off(error)
        raise typer.Exit(1) from None
    raise typer.Exit(view.tell_made(plan, made))


def _document(
    desk: ConfigurationDesk, at: str, file: Path | None
) -> tuple[PoolConfiguration, str, Doubt]:
    """What is restored, the snapshot's id, and what speaks against one that nobody named."""
    if file is None:
        found, document = desk.find(desk.region, at)
        return document, found.id, NO_DOUBT if at else desk.accepted(found)
    document = document_in(file)
    if document.region != desk.region:
        refuse(f"{file} is of a pool in {document.region}: its functions, keys and roles are there")
    if document.account != desk.account:
        refuse(
            f"{file} is of a pool in the account {document.account}, and this one is "
            f"{desk.account}: its functions, keys and roles are there"
        )
    return document, id_of(document), NO_DOUBT


def _left_out(names: list[str]) -> frozenset[Section]:
    known = [each.value for each in Section if each not in _ALWAYS]
    if unknown := sorted(set(names) - set(known)):
        refuse(f"--without {', '.join(unknown)}: what can be left out is {', '.join(known)}")
    return frozenset(Section(each) for each in names)
