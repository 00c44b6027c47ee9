"""What the runbooks show of the commands' output, made by the commands' own code from a made-up
state: `python -m tests.docs.samples` writes it, and a test compares."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console, RenderableType

from cognito_standby.cli.commands import redrive as redrive_command
from cognito_standby.cli.commands import status as status_command
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.subjects import digest
from cognito_standby.operator.domain.health import Reconciled, RegionView
from cognito_standby.operator.services.redrive import Line, RegionReport
from cognito_standby.operator.services.redrive_job import RedriveOutcome

RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks"
WIDTH = 100
"""Columns of the terminal."""

_ACTIVE, _STANDBY = "us-east-1", "us-west-2"
_CLAIMS = {_ACTIVE: 1, _STANDBY: 0}
_ANN, _BEN = "6f3d1c9e-0000-4000-8000-00000000000a", "6f3d1c9e-0000-4000-8000-00000000000b"
_SPOILT = "failed execution b5dfd421-9afd-42df-b052-955955df8143 (InvalidRecordError)"
_READ = ConfigurationNote("2026-11-21T03:05:12+00:00", drift=0)
_QUIET = {"conflict_deletion": 0, "conflict_change": 0}


def _well(age: float) -> Reconciled:
    return Reconciled("20261121T030000-5b1c", "in sync", age, 0, clean=True)


def _status() -> Iterator[RenderableType]:
    """A standby with letters of every kind, beside an active Region that is well."""
    active = RegionView(
        *(_ACTIVE, "", _CLAIMS, 0),
        parked_hints=0,
        running=0,
        failed=0,
        attention={},
        conflicts=_QUIET,
        lag_p50=820.0,
        lag_p99=2350.0,
        alarms=(),
        reconciled=_well(39_000),
        questions=(),
        configuration=_READ,
    )
    standby = RegionView(
        *(_STANDBY, "", _CLAIMS, 6, 5.0),
        letters_by_kind={
            "failed execution": 1,
            "undelivered hint": 2,
            "missed schedule": 1,
            "unreadable": 1,
            "undelivered stream record": 1,
        },
        parked_hints=0,
        running=1,
        failed=1,
        unsettled=1,
        last_error="InvalidRecordError",
        attention={"quarantined": 1},
        subjects=(digest(_ANN),),
        conflicts=_QUIET,
        oldest_change=5.0,
        alarms=(),
        reconciled=_well(38_400),
        questions=(),
        configuration=_READ,
    )
    moment = datetime(2026, 11, 21, 13, 50, 39, tzinfo=UTC)
    yield status_command.rendered([active, standby], moment)


def _line(what: str, subject: str, done: str, outcome: RedriveOutcome, reason: str) -> Line:
    return Line(_STANDBY, what, subject, done, outcome, reason)


def _redrive() -> Iterator[RenderableType]:
    """Letters of every kind; one of them is about a record that was spoilt."""
    done, left, again = RedriveOutcome.RESOLVED, RedriveOutcome.LEFT, "started afresh"
    missed = "the run of 2026-11-21T13:00:00Z never began; the next does its work"
    record = "undelivered stream record 000000017952690316460000000001"
    lines = (
        _line(_SPOILT, _ANN, "redriven", left, "failed again: InvalidRecordError"),
        _line("undelivered hint of standby-hints (THROTTLING)", _BEN, again, done, "in sync"),
        _line("undelivered hint of parking queue", _BEN, again, done, "in sync"),
        _line(
            "missed schedule standby-sweep (AWS.Scheduler.InternalServerError)",
            *("", "dropped", done, missed),
        ),
        _line("unreadable letter 81f3932e", "", "nothing", left, "it is not JSON"),
        _line(f"{record} (RetryAttemptsExhausted)", _BEN, again, done, "in sync"),
    )
    reports = [RegionReport(_ACTIVE), RegionReport(_STANDBY, lines)]
    return redrive_command.rendered(reports, show_ids=False)


def _redrive_repaired() -> Iterator[RenderableType]:
    """The same, after the record was removed from the table."""
    reason = "nothing to replicate: never seen in this pool and without a record"
    lines = (
        _line(_SPOILT, _ANN, "redriven", RedriveOutcome.RESOLVED, reason),
        _line("unreadable letter 81f3932e", "", "nothing", RedriveOutcome.LEFT, "it is not JSON"),
    )
    return redrive_command.rendered([RegionReport(_STANDBY, lines)], show_ids=False)


SAMPLES = {
    ("redrive.md", "standby status"): _status,
    ("redrive.md", "standby redrive --all"): _redrive,
    ("redrive.md", "standby redrive --all --region us-west-2"): _redrive_repaired,
}
"""Page and command -> what it prints there, in the first block that begins with the command."""


def shown(page: str, command: str) -> str:
    """The block as it has to be."""
    out = io.StringIO()
    console = Console(file=out, width=WIDTH, force_terminal=False, color_system=None)
    for part in SAMPLES[(page, command)]():
        console.print(part)
    lines = [line.rstrip() for line in out.getvalue().rstrip().splitlines()]
    return "\n".join((f"```console\n$ {command}", *lines, "```\n"))


def block(text: str, command: str) -> str:
    """The page's block that begins with the command. ValueError: there is none."""
    found = re.search(rf"^```console\n\$ {re.escape(command)}\n.*?^```\n", text, re.M | re.S)
    if found is None:
        raise ValueError(f"no block begins with {command}")
    return found[0]


def write() -> None:
    """Renew all blocks."""
    for page, command in SAMPLES:
        path = RUNBOOKS / page
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(block(text, command), shown(page, command)), encoding="utf-8")


if __name__ == "__main__":
    write()
