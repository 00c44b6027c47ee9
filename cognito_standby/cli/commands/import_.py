"""`standby import`: fill a Region's pool from an export, by import jobs."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from cognito_standby.cli import transfers
from cognito_standby.cli.arguments import Region, Yes, located, refuse, said_path, sure
from cognito_standby.cli.views.importing import ImportView
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.services.context import told
from cognito_standby.recovery.adapters.hash_file import hashes_in
from cognito_standby.recovery.domain.password_hashes import Algorithm, Hashes
from cognito_standby.recovery.services.import_notes import ImportOrder, check_hashes, resumed
from cognito_standby.recovery.services.import_plan import open_export
from cognito_standby.recovery.services.import_users import JobFailedError
from cognito_standby.recovery.services.noted_changes import listed
from cognito_standby.recovery.services.transfer_ports import TransferContext, TransferRefusedError


def import_(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The export.")],
    *,
    region: Region = "",
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from",
            parser=said_path,
            metavar="PATH",
            help="The folder that the export was written to.",
        ),
    ] = None,
    role: Annotated[
        str, typer.Option(metavar="ARN", help="IAM role by which Cognito writes the jobs' logs.")
    ] = "",
    hashes: Annotated[
        Path | None,
        typer.Option(
            parser=said_path,
            metavar="FILE",
            help="Password hashes: origin_sub,password_hash,hashed_at",
        ),
    ] = None,
    algorithm: Annotated[
        Algorithm | None, typer.Option(help="Of the hashes; one for all of them.")
    ] = None,
    no_password_changed: Annotated[
        bool,
        typer.Option(
            "--no-password-changed", help="I vouch that nobody could change one since hashed_at."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    resume: Annotated[str, typer.Option(metavar="RUN", help="Go on with an import.")] = "",
    give_up: Annotated[
        str, typer.Option(metavar="RUN", help="End an import, so that another can begin.")
    ] = "",
    yes: Yes = False,
) -> None:
    """Make the users of an export in a Region's pool, by Cognito's import jobs.

    Only whom the records know today is made; each is then completed by replication. Shows first
    what would be done, and asks. Exit code: 0 all is done; 1 somebody is refused, or a job failed;
    2 nothing could be done.
    """
    if resume and give_up:
        refuse("--resume goes on with an import, --give-up ends it: not both")
    if not (dry_run or give_up or role):
        refuse("--role: the ARN of the role by which Cognito writes the jobs' logs")
    context = transfers.opened(located(ctx), region, from_)
    run = resume or give_up or f"{context.sync.clock.now():import-%Y%m%dT%H%M%S}"
    order = ImportOrder(run, name, role)
    given = _HashOptions(hashes, algorithm, no_password_changed)
    again = _again(order, region, from_, given)
    try:
        order = replace(order, hashes=given.read(context))
        if resume:
            check_hashes(resumed(context, order), order)
        code = _done(context, order, ending=bool(give_up), dry_run=dry_run, yes=yes)
    except (TransferRefusedError, ValueError) as error:
        refuse(str(error))
    except JobFailedError as error:
        Console(stderr=True).print(f"[bold red]error:[/] {escape(str(error))}", highlight=False)
        Console(stderr=True).print(again, highlight=False, soft_wrap=True)
        code = 1
    except StandbyError as error:
        Console(stderr=True).print(again, highlight=False, soft_wrap=True)
        refuse(told(error))
    raise typer.Exit(code)


@dataclass(frozen=True)
class _HashOptions:
    """What was said of the hashes."""

    path: Path | None
    algorithm: Algorithm | None
    vouched: bool

    def read(self, context: TransferContext) -> Hashes | None:
        """TransferRefusedError; StandbyError: what is noted of passwords cannot be read."""
        if self.path is None and self.algorithm is None and not self.vouched:
            return None
        if self.path is None or self.algorithm is None:
            raise TransferRefusedError("--hashes and --algorithm belong together")
        changes = listed(context.passwords_set)
        return hashes_in(self.path, self.algorithm, changes, vouched=self.vouched)

    def words(self) -> list[str]:
        """The same on a command line."""
        given = [*(("--hashes", str(self.path)) if self.path else ())]
        given += ["--algorithm", self.algorithm.value] if self.algorithm else []
        return given + (["--no-password-changed"] if self.vouched else [])


def _done(
    context: TransferContext, order: ImportOrder, *, ending: bool, dry_run: bool, yes: bool
) -> int:
    export = open_export(context, order.export, ending=ending)
    view = ImportView(context, export, order)
    if ending:
        return view.end()
    refused = view.show()
    if dry_run:
        return int(refused)
    if not view.anybody:
        Console().print("nobody is to be made")
        return int(refused)
    if not yes and not sure("Make them now?"):
        Console().print("nothing was begun")
        return 2
    view.run()
    return int(refused)


def _again(order: ImportOrder, region: str, folder: Path | None, hashes: _HashOptions) -> str:
    """The line that goes on with a run, to be pasted into a shell."""
    words = ["standby", "import", order.export, "--region", region]
    words += ["--from", str(folder)] if folder else []
    words += ["--role", order.role_arn or "ARN", "--resume", order.run_id, *hashes.words()]
    return escape(f"go on, if it was begun: {shlex.join(words)}")
