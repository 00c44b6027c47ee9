"""`standby config`: the configuration of each pool, as it was kept day by day."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated

import typer

from cognito_standby.cli.arguments import (
    AsJson,
    PoolRegion,
    Region,
    Yes,
    asking,
    chosen,
    located,
    refuse,
)
from cognito_standby.cli.config_restore import restore
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import opened_by
from cognito_standby.cli.views.configuration import (
    changes_head,
    difference_lines,
    differences_json,
    document_lines,
    drift_head,
    drift_json,
    drift_lines,
    history_lines,
)
from cognito_standby.configuration.adapters.desk import open_configuration_desk
from cognito_standby.configuration.domain.differences import Difference, differences
from cognito_standby.configuration.domain.document import (
    NewerDocumentError,
    PoolConfiguration,
    plain_of,
)
from cognito_standby.configuration.domain.drift import drift_between
from cognito_standby.configuration.domain.snapshots import NoSuchSnapshotError
from cognito_standby.configuration.ports import PoolGoneError
from cognito_standby.configuration.services.desk import ConfigurationDesk
from cognito_standby.configuration.services.desk import accept as accepts
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.services.context import Unreachable, told

config = typer.Typer(no_args_is_help=True, help="The configuration of each pool, day by day.")

At = Annotated[
    str, typer.Option(metavar="SNAPSHOT", help="Its id, or how it begins. Default: newest.")
]
Live = Annotated[bool, typer.Option("--live", help="As it is now, read from the pool.")]
_WRONG = (StandbyError, NoSuchSnapshotError, NewerDocumentError, PoolGoneError)


@config.command()
def show(
    ctx: typer.Context,
    region: Region = "",
    at: At = "",
    live: Live = False,
    as_json: AsJson = False,
) -> None:
    """Show the configuration of a Region's pool. A Region that does not answer is shown as the
    other one knows it.

    Without --region: of the active Region. Exit code: 0 shown, 2 there is nothing to show.
    """
    location = located(ctx, quiet=as_json)
    try:
        region, desk = _asked(location, region)
        document = _live(desk, region) if live else desk.find(region, at)[1]
    except _WRONG as error:
        refuse(_said(error))
    if as_json:
        _print([json.dumps(plain_of(document), indent=2, ensure_ascii=False)])
    else:
        _print(document_lines(document))


@config.command()
def diff(
    ctx: typer.Context,
    region: Annotated[
        str, typer.Option(help="Not the two pools: what has changed in this Region's.")
    ] = "",
    since: Annotated[
        str,
        typer.Option(
            "--from", metavar="SNAPSHOT", help="With --region. Default: the accepted one."
        ),
    ] = "",
    to: Annotated[
        str,
        typer.Option("--to", metavar="SNAPSHOT", help="With --region. Default: the newest one."),
    ] = "",
    live: Live = False,
    as_json: AsJson = False,
) -> None:
    """Show in what the standby's pool differs from the active one's and should not. With --region,
    something else: what has changed in that Region's pool since its configuration was accepted.

    Exit code: 0 nothing differs, 1 something does, 2 it could not be compared.
    """
    location = located(ctx, quiet=as_json)
    if not region and (since or to):
        refuse("--from and --to: of which Region's pool? Say --region REGION")
    if live and to:
        refuse("--live is what --to would be: not both")
    try:
        if region:
            sides, found = _changes(location, region, since, to, live=live)
            head, none = changes_head(region, *sides), "nothing has changed"
            lines, data = difference_lines(found), {"differences": differences_json(found)}
            differing = bool(found)
        else:
            documents = _both(location, live=live)
            drift = drift_between(*documents)
            head, none = drift_head(*documents), "nothing differs that should not"
            lines, data, differing = drift_lines(drift), drift_json(drift), bool(drift.differences)
    except _WRONG as error:
        refuse(_said(error))
    if as_json:
        _print([json.dumps(data, indent=2, ensure_ascii=False)])
    else:
        _print([head, *lines, *([] if differing else [none])])
    raise typer.Exit(int(differing))


@config.command()
def history(ctx: typer.Context, region: Region = "", as_json: AsJson = False) -> None:
    """List the snapshots of both Regions' pools: one for each change.

    Exit code: 0 listed, 1 something changed unexpectedly or a pool is gone, 2 no Region answers.
    """
    location = located(ctx, quiet=as_json)
    try:
        found = {each: _reached(location, each).history(each) for each in chosen(location, region)}
    except _WRONG as error:
        refuse(_said(error))
    if as_json:
        told_json = {
            each: {"note": vars(note), "snapshots": [vars(one) for one in snapshots]}
            for each, (note, snapshots) in found.items()
        }
        _print([json.dumps(told_json, indent=2)])
    else:
        for each, (note, snapshots) in found.items():
            _print(history_lines(each, note, snapshots))
    raise typer.Exit(int(any(note.unexpected or note.trouble for note, _ in found.values())))


@config.command()
def accept(ctx: typer.Context, region: PoolRegion = "", at: At = "", yes: Yes = False) -> None:
    """Say that a pool's configuration is as it should be: the newest snapshot, or one that is
    named. What has changed is shown first.

    Exit code: 0 accepted, 1 it was not confirmed or changed meanwhile, 2 nothing could be done.
    """
    if not region:
        refuse("say whose pool: --region REGION")
    location = located(ctx)
    chosen(location, region)
    try:
        desk = _opened(location, region)
        seen, _ = desk.history(region)
        snapshot, document = desk.find(region, at)
    except _WRONG as error:
        refuse(_said(error))
    _print(_since_accepted(desk, region, seen.accepted, document))
    _print([f"{snapshot.id} of {snapshot.user_pool_id}"])
    if not asking(yes)("Is this as it should be?"):
        _print(["not accepted"])
        raise typer.Exit(1)
    try:
        done = accepts(desk, snapshot, seen)
    except StandbyError as error:
        refuse(_said(error))
    _print(["accepted" if done else "it was looked at meanwhile: run it again"])
    raise typer.Exit(0 if done else 1)


config.command()(restore)


def _since_accepted(
    desk: ConfigurationDesk, region: str, accepted: str, document: PoolConfiguration
) -> Iterable[str]:
    """What has changed. Where the accepted one is lost, all of the new one has to be looked at."""
    if not accepted:
        return []
    try:
        before = desk.find(region, accepted)[1]
    except _WRONG as error:
        why = f"{accepted}, which was accepted, cannot be read: {_said(error)}"
        return [*document_lines(document), why]
    return difference_lines(differences(before, document))


def _both(location: Location, *, live: bool) -> tuple[PoolConfiguration, PoolConfiguration]:
    """The active pool's, the standby's."""
    desk = _reached(location, "")
    active = desk.active().epoch.region
    standby = location.other(active)
    if live:
        return _live(_opened(location, active), active), _live(_opened(location, standby), standby)
    return desk.find(active, "")[1], desk.find(standby, "")[1]


def _changes(
    location: Location, region: str, since: str, to: str, *, live: bool
) -> tuple[tuple[str, str], tuple[Difference, ...]]:
    """What was compared, and what has changed."""
    chosen(location, region)
    desk = _reached(location, region)
    note = desk.notes.read(region)
    before, left = desk.find(region, since or note.accepted)
    if live:
        return (before.id, "now"), differences(left, _live(desk, region))
    after, right = desk.find(region, to)
    return (before.id, after.id), differences(left, right)


def _asked(location: Location, region: str) -> tuple[str, ConfigurationDesk]:
    """The Region that is meant, and a desk that knows its snapshots."""
    if region:
        chosen(location, region)
        return region, _reached(location, region)
    desk = _reached(location, "")
    return desk.active().epoch.region, desk


def _reached(location: Location, first: str) -> ConfigurationDesk:
    """The desk of that Region or, where it does not answer, of the other one."""
    order = [first, location.other(first)] if first else list(location.regions)
    reasons = []
    for each in order:
        desk = opened_by(open_configuration_desk, location, each)
        if not isinstance(desk, Unreachable):
            return desk
        reasons.append(f"{each}: {desk.reason}")
    return refuse("; ".join(reasons))


def _opened(location: Location, region: str) -> ConfigurationDesk:
    desk = opened_by(open_configuration_desk, location, region)
    return refuse(f"{region}: {desk.reason}") if isinstance(desk, Unreachable) else desk


def _live(desk: ConfigurationDesk, region: str) -> PoolConfiguration:
    if desk.region != region:
        refuse(f"{region} does not answer: without --live its newest snapshot is shown")
    return desk.reader.read(desk.user_pool_id)


def _said(error: Exception) -> str:
    return told(error) if isinstance(error, StandbyError) else str(error)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
