"""`standby export`: everybody in the records, as Cognito's import file or as JSON lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from cognito_standby.cli import transfers
from cognito_standby.cli.arguments import Region, located, refuse, said_path
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.services.context import told
from cognito_standby.recovery.domain import exports
from cognito_standby.recovery.domain.exports import ExportIndex, Form
from cognito_standby.recovery.domain.import_csv import MAX_ROWS
from cognito_standby.recovery.services.export import UNREADABLE, ExportRequest
from cognito_standby.recovery.services.export import export as write
from cognito_standby.recovery.services.transfer_ports import TransferContext, TransferRefusedError

_PART_USERS = 100_000
"""An import job of so many runs for about 50 minutes, and one that fails costs no more."""


def export(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="A new name, by which it is imported.")],
    *,
    region: Region = "",
    json_lines: Annotated[
        bool, typer.Option("--json-lines", help="Whole records, for people and programs.")
    ] = False,
    to: Annotated[
        Path | None,
        typer.Option(
            parser=said_path,
            metavar="PATH",
            help="A folder of this machine in place of the bucket: NOT encrypted.",
        ),
    ] = None,
    part_users: Annotated[
        int, typer.Option(min=1, max=MAX_ROWS, help="Users of one file, at most.")
    ] = _PART_USERS,
) -> None:
    """Write everybody who lives in the records, for the pool of a Region.

    The files lie encrypted in the Region's bucket and expire with its runs. Exit code: 0 written,
    1 some records could not be read, 2 nothing was written.
    """
    context = transfers.opened(located(ctx), region, to)
    form = Form.JSON if json_lines else Form.CSV
    index = _written(context, ExportRequest(name, form, part_users))
    _tell(index, name, region, to)
    raise typer.Exit(1 if UNREADABLE in index.left_out else 0)


def _written(context: TransferContext, asked: ExportRequest) -> ExportIndex:
    console = Console(stderr=True)
    try:
        with console.status("reading the records") as status:
            return write(context, asked, lambda users: status.update(f"{users} users"))
    except (TransferRefusedError, ValueError) as error:
        refuse(str(error))
    except StandbyError as error:
        refuse(f"{told(error)}. What was written does not count: it has no {exports.INDEX}")


def _tell(index: ExportIndex, name: str, region: str, to: Path | None) -> None:
    console = Console()
    where = str(to) if to else "the bucket of the runs"
    console.print(f"[green]{index.users} users in {len(index.parts)} files[/]", highlight=False)
    console.print(f"  {exports.folder_of(name)} in {escape(where)}", highlight=False)
    for reason, number in index.others.items():
        console.print(f"  {number} not in the files: {reason}; an import brings them in otherwise")
    for reason, number in index.left_out.items():
        console.print(f"  {number} left out: {reason}")
    if index.formulas:
        console.print(
            f"  [yellow]{index.formulas} users have a value that a spreadsheet takes for a formula."
            "[/] It is written as it is, because the file is for Cognito: open it in no "
            "spreadsheet, and read JSON lines (--json-lines) instead"
        )
    if to is not None:
        console.print("  [yellow]These files are everybody's data, and nothing encrypts them.[/]")
    beside = f" --from {escape(str(to))}" if to else ""
    console.print(
        f"next: standby import {name} --region {region}{beside} --dry-run", soft_wrap=True
    )
