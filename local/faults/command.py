"""`python -m local fault add | list | clear`, beside a running `python -m local up`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from local.faults.model import EDGES, Callers, Fault, FaultError, FaultKind, How
from local.faults.remote import RemoteFaults
from local.outputs import StageOutputs

app = typer.Typer(no_args_is_help=True, help="Inject faults into a running local AWS.")
_console = Console()
Outputs = Annotated[Path, typer.Option(help="What `up` wrote.")]
_OUTPUTS = Path(".local/outputs.json")


@app.command()
def add(
    kind: FaultKind,
    *,
    service: Annotated[str, typer.Option(help="cognito-idp, dynamodb, sqs ...; patterns.")] = "*",
    operation: Annotated[str, typer.Option(help="AdminCreateUser, Admin* ...")] = "*",
    region: Annotated[str, typer.Option(help="Where it happens; dark: which one.")] = "*",
    function: Annotated[str, typer.Option(help="Which function calls, or is killed.")] = "*",
    edge: Annotated[str, typer.Option(help=f"Edges: {', '.join(EDGES)}")] = "*",
    callers: Annotated[Callers, typer.Option(help="Calls of the functions, or all.")] = (
        Callers.OURS
    ),
    rate: Annotated[float, typer.Option(help="Share struck, 0 to 1.")] = 1.0,
    code: Annotated[str, typer.Option(help="internal, throttled, unavailable, cut, or a code.")] = (
        "internal"
    ),
    status: Annotated[int, typer.Option(help="HTTP status; 0: what the code implies.")] = 0,
    after: Annotated[bool, typer.Option(help="The call takes effect, the answer is lost.")] = False,
    seconds: Annotated[float, typer.Option(help="Latency; when killed; how late.")] = 0.0,
    per_second: Annotated[float, typer.Option(help="Calls a second that a throttle lets by.")] = 0,
    how: Annotated[How, typer.Option(help="What callers of a dark Region meet.")] = How.REFUSE,
    seed: Annotated[int, typer.Option(help="Same seed, same draws.")] = 0,
    outputs: Outputs = _OUTPUTS,
) -> None:
    """Start a fault; it lasts until it is cleared."""
    with _told():
        fault = Fault.of(
            {
                **{"kind": kind, "service": service, "operation": operation, "region": region},
                **{"function": function, "edge": edge, "callers": callers, "rate": rate},
                **{"code": code, "status": status, "after": after, "seconds": seconds},
                **{"per_second": per_second, "how": how, "seed": seed},
            }
        )
        _console.print(f"fault {_remote(outputs).add(fault)}: {_words(fault.to_dict())}")


@app.command("list")
def show(outputs: Outputs = _OUTPUTS) -> None:
    """Show the active faults, and what all faults did since the start."""
    with _told():
        state = _remote(outputs).state()
    faults = Table(title="Active", title_justify="left")
    for title in ("id", "struck", "fault"):
        faults.add_column(title, overflow="fold")
    for row in state["faults"]:
        rest = {name: value for name, value in row.items() if name not in ("id", "struck")}
        faults.add_row(str(row["id"]), str(row["struck"]), _words(rest))
    counts = Table(title="Since the start", title_justify="left")
    counts.add_column("what")
    counts.add_column("times", justify="right")
    for what, number in state["counts"].items():
        counts.add_row(what, str(number))
    _console.print(faults if state["faults"] else "no fault is active")
    if state["counts"]:
        _console.print(counts)


@app.command()
def clear(
    numbers: Annotated[list[int] | None, typer.Argument(metavar="ID...", help="Which.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every fault.")] = False,
    outputs: Outputs = _OUTPUTS,
) -> None:
    """End faults; a dark Region goes on where it stood."""
    with _told():
        if bool(numbers) == everything:
            raise FaultError("say which: --all, or the ids that `fault list` shows")
        remote = _remote(outputs)
        ended = sum(map(remote.clear, numbers)) if numbers else remote.clear()
        _console.print(f"{ended} ended")
        if numbers and ended < len(numbers):
            raise typer.Exit(1)


def _remote(outputs: Path) -> RemoteFaults:
    try:
        return RemoteFaults(StageOutputs.read(outputs).endpoint)
    except (OSError, ValueError, KeyError, TypeError):
        raise FaultError(f"{outputs} is not there: is `python -m local up` running?") from None


def _words(fault: dict[str, Any]) -> str:
    kind = fault.get("kind", "")
    rest = (f"{name}={value}" for name, value in fault.items() if name != "kind")
    return " ".join([str(kind), *rest])


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FaultError as error:
        _console.print(f"[bold red]error:[/] {error}")
        raise typer.Exit(1) from error
