"""`standby doctor`: compares two pools and what stands around them, and says what is lost on the
day."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cognito_standby.adoption.adapters.reader import looks_of
from cognito_standby.adoption.domain.findings import Severity, counting
from cognito_standby.adoption.domain.judging import CATALOGUE, judge
from cognito_standby.adoption.domain.rights import policy
from cognito_standby.adoption.domain.sides import Case, Part, Unread
from cognito_standby.adoption.ports import NotSeenError
from cognito_standby.adoption.services.looking import look
from cognito_standby.cli.arguments import NOTHING, AsJson, here, located, options, refuse
from cognito_standby.cli.locate import NotLocatedError
from cognito_standby.cli.pool_pair import (
    NoPairError,
    PoolPair,
    pair_named,
    pair_of_installation,
)
from cognito_standby.cli.views.doctor import as_json as in_json
from cognito_standby.cli.views.doctor import show

_INSTEAD = "standby doctor --pools us-east-1_aB3dE5fG7,us-west-2_hI9jK1lM3"


def doctor(
    ctx: typer.Context,
    *,
    pools: Annotated[
        str, typer.Option(metavar="PRIMARY,BACKUP", help="Ids of two pools, of any installation.")
    ] = "",
    fail_on: Annotated[
        Severity, typer.Option(help="The least severity for which the exit code is 1.")
    ] = Severity.UNKNOWN,
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="Does not count for the exit code."),
    ] = None,
    rights: Annotated[
        bool,
        typer.Option(
            "--policy",
            help="Print the IAM policy that this command needs; of two accounts one each.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the two pools and their accounts, and say what would be lost on the day.

    Nothing is changed. Exit code: 0 nothing as bad as --fail-on, 1 something is, 2 a pool could
    not be looked at.
    """
    accepted = frozenset(accept or ())
    if wrong := accepted - CATALOGUE.keys():
        refuse(f"{', '.join(sorted(wrong))}: no finding has this code; docs/doctor.md lists them")
    pair = _pair(ctx, pools, quiet=as_json or rights)
    if rights:
        _print_policy(pair)
        return
    case = look(looks_of(pair.connection), pair.primary, pair.backup, pair.plan)
    _require_seen(case)
    findings = judge(case)
    if as_json:
        print(json.dumps(in_json(case, findings, fail_on, accepted), indent=2))  # noqa: T201
    else:
        show(Console(), case, findings, accepted)
    if counting(findings, fail_on, accepted):
        raise typer.Exit(1)
    raise typer.Exit(NOTHING if _not_read(case) else 0)


def _pair(ctx: typer.Context, pools: str, *, quiet: bool) -> PoolPair:
    """Exits where it is not known which pools are meant."""
    try:
        if not pools:
            location = located(ctx, quiet=quiet, instead=_INSTEAD)
            return pair_of_installation(location, here(), os.environ)
        pair = pair_named(options(ctx), pools, here(), os.environ)
    except (NoPairError, NotLocatedError) as error:
        refuse(str(error))
    if pair.notice and not quiet:
        Console().print(f"[dim]{escape(pair.notice)}[/]")
    return pair


def _require_seen(case: Case) -> None:
    """Where neither pool was read there is nothing to judge."""
    told = _not_read(case)
    if len(told) == len(case.sides):
        refuse("neither pool could be read. " + "; ".join(told))


def _not_read(case: Case) -> list[str]:
    """Regions whose pool itself could not be read, with the reason."""
    return [
        f"{side.region}: {found.why}"
        for side in case.sides
        if isinstance(found := side.parts.get(Part.POOL), Unread)
    ]


def _print_policy(pair: PoolPair) -> None:
    """One for both pools, or, by the account's id, one for each."""
    owners = _owners(pair)
    pools = [(each.region, each.pool_id) for each in (pair.primary, pair.backup)]
    name = pair.plan.installation
    told: Mapping[str, Any]
    if owners[0] == owners[1]:
        told = policy(owners[0], pools, name)
    else:
        first, second = ([each] for each in pools)
        told = {
            owners[0]: policy(owners[0], first, name, breaks_glass=False),
            owners[1]: policy(owners[1], second, name),
        }
    print(json.dumps(told, indent=2))  # noqa: T201


def _owners(pair: PoolPair) -> tuple[str, str]:
    """The accounts of the primary and of the backup: as configured, else whose credentials are
    used."""
    looks = looks_of(pair.connection)

    def asked(region: str) -> str:
        try:
            return looks.account(region).caller(region).account
        except NotSeenError as error:
            refuse(f"which account? {error}{pair.connection.called(region)}")

    one, other = pair.plan.accounts
    backup = other or asked(pair.backup.region)
    if one or not looks.apart(pair.primary.region, pair.backup.region):
        return one or backup, backup
    return asked(pair.primary.region), backup
