"""`standby config restore`: a pool made anew from a snapshot of its configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

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
from cognito_standby.cli.regions import opened_by
from cognito_standby.cli.views.configuration import difference_lines, differences_json
from cognito_standby.configuration.adapters.desk import open_configuration_desk
from cognito_standby.configuration.domain.document import (
    NewerDocumentError,
    PoolConfiguration,
    Section,
    document_from,
)
from cognito_standby.configuration.domain.making import Plan, Wanted
from cognito_standby.configuration.domain.snapshots import NoSuchSnapshotError, id_of
from cognito_standby.configuration.services.desk import ConfigurationDesk
from cognito_standby.configuration.services.making import (
    Look,
    Made,
    Making,
    NotMadeError,
    permissions,
)
from cognito_standby.core.domain.errors import InvalidRecordError, StandbyError
from cognito_standby.operator.services.context import Unreachable, told

NotRestorable = frozenset(
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
    wanted = Wanted(_secrets(secrets), domain, _left_out(without or []))
    location = located(ctx, quiet=as_json)
    chosen(location, region)
    desk = opened_by(open_configuration_desk, location, region)
    if isinstance(desk, Unreachable):
        refuse(f"{region}: {desk.reason}")
    view = _View(desk, ids, as_json=as_json)
    try:
        document, name, doubt = view.document(at, snapshot)
        making = Making(desk.maker, desk.reader, document, name, wanted, beside)
        if dry_run:
            view.tell_look(making.look(), doubt)
            raise typer.Exit(0)
        plan, found = making.plan()
        view.tell_plan(plan, found, doubt)
        if not asking(yes)("Make it?"):
            typer.echo("nothing was done")
            raise typer.Exit(1)
        raise typer.Exit(view.tell_made(plan, making.make(view.tell)))
    except (NotMadeError, NoSuchSnapshotError, NewerDocumentError) as error:
        refuse(f"nothing was done: {error}")
    except StandbyError as error:
        refuse(f"{told(error)}: run it again, it goes on with what is there")


_Doubt = tuple[str, str]
"""What speaks against the snapshot, and the accepted one; empty: nothing, none."""


@dataclass(frozen=True)
class _View:
    """What is printed. With --json all of it is one object, of the end."""

    desk: ConfigurationDesk
    ids: Path | None
    as_json: bool

    def document(self, at: str, file: Path | None) -> tuple[PoolConfiguration, str, _Doubt]:
        """What is restored, the snapshot's id, and what speaks against one that nobody named."""
        if file is None:
            found, document = self.desk.find(self.desk.region, at)
            return document, found.id, ("", "") if at else self.desk.accepted(found)
        document = _from_file(file)
        if document.region != self.desk.region:
            refuse(
                f"{file} is of a pool in {document.region}: its functions, keys and roles are there"
            )
        return document, id_of(document), ("", "")

    def tell(self, line: str) -> None:
        """One step."""
        if not self.as_json:
            typer.echo(line)

    def tell_look(self, looked: Look, doubt: _Doubt) -> None:
        """Of a dry run, which nothing comes after."""
        plan = looked.plan
        if self.as_json:
            calls = [plan.pool.told, *(each.told for each in plan.steps)]
            told = {"source": plan.source, "calls": calls, "lost": plan.lost, "pool": looked.found}
            more = {"doubt": doubt[0], "accepted": doubt[1]}
            self._print({**told, "not_now": looked.standing, **more})
            return
        self.tell_plan(plan, looked.found, doubt)
        for each in looked.standing:
            typer.echo(f"not now: {each}")

    def tell_plan(self, plan: Plan, found: str, doubt: _Doubt) -> None:
        """The calls, and what will be otherwise."""
        if self.as_json:
            return
        head = f"goes on with {found}" if found else "calls:"
        lines = [f"from {plan.source}, {head}", *(f"  {e.told}" for e in (plan.pool, *plan.steps))]
        lines += ["not as it was:", *(f"  {each}" for each in plan.lost)]
        lines += [f"look again: {doubt[0]}"] if doubt[0] else []
        for line in lines:
            typer.echo(line)

    def tell_made(self, plan: Plan, made: Made) -> int:
        """The exit code."""
        mapping = {"user_pool_id": made.user_pool_id, "clients": dict(made.clients)}
        if self.ids is not None:
            self.ids.write_text(json.dumps(mapping, indent=2) + "\n")
        next_steps = self._next(plan, made)
        if self.as_json:
            left = differences_json(made.differences)
            failed = dict(made.failed)
            self._print({**mapping, "failed": failed, "differences": left, "next": next_steps})
            return int(not made.whole)
        for step, why in made.failed.items():
            typer.echo(f"not done: {step}: {why}")
        for line in difference_lines(made.differences):
            typer.echo(line)
        typer.echo("as the snapshot says" if made.whole else "not all is as the snapshot says")
        typer.echo(json.dumps(mapping, indent=2))
        for line in next_steps:
            typer.echo(line)
        return int(not made.whole)

    def _next(self, plan: Plan, made: Made) -> list[str]:
        """What a person does now. Secrets are asked for by them, and never shown here."""
        pool, region = made.user_pool_id, self.desk.region
        secret = (
            f"aws cognito-idp describe-user-pool-client --region {region} --user-pool-id {pool} "
            "--client-id ID"
        )
        return [
            *permissions(plan, self.desk.pool_arns + pool),
            f"new secret of a client: {secret}",
            f"in cdk.json {pool} is pools.primary_user_pool_id or .backup_user_pool_id; deploy",
            "then: standby accept-pool, and the users: "
            f"standby restore --region {region} (docs/runbooks/configuration.md)",
        ]

    def _print(self, data: Mapping[str, Any]) -> None:
        typer.echo(json.dumps(data, indent=2, ensure_ascii=False))


def _left_out(names: list[str]) -> frozenset[Section]:
    known = [each.value for each in Section if each not in NotRestorable]
    if unknown := sorted(set(names) - set(known)):
        refuse(f"--without {', '.join(unknown)}: what can be left out is {', '.join(known)}")
    return frozenset(Section(each) for each in names)


def _secrets(path: Path | None) -> Mapping[str, Mapping[str, str]]:
    if path is None:
        return {}
    data = _read(path)
    good = isinstance(data, dict) and all(
        isinstance(each, dict) and all(isinstance(value, str) for value in each.values())
        for each in data.values()
    )
    if not good:
        refuse(f'{path}: not of the form {{"PROVIDER": {{"client_secret": "..."}}}}')
    secrets: Mapping[str, Mapping[str, str]] = data
    return secrets


def _from_file(path: Path) -> PoolConfiguration:
    try:
        return document_from(_read(path))
    except InvalidRecordError as error:
        return refuse(f"{path}: {error}")


def _read(path: Path) -> Any:
    """JSON; what is wrong with it is told without what it says."""
    try:
        return json.loads(path.read_text())
    except OSError as error:
        return refuse(f"{path} cannot be read: {error.strerror}")
    except ValueError:
        return refuse(f"{path} is no JSON")
