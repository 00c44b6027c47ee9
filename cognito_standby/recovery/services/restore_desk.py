"""`standby restore`: starts the machine, follows it, and reads what it wrote."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError, MisconfiguredError
from cognito_standby.core.domain.plain import from_plain
from cognito_standby.core.ports import Clock
from cognito_standby.failures.domain.executions import FAILED, GOING, object_in
from cognito_standby.reconciliation.domain.file_names import REPORTS
from cognito_standby.reconciliation.ports import RunFiles
from cognito_standby.recovery.domain.restore_request import RestoreOrder
from cognito_standby.recovery.ports import Machine
from cognito_standby.recovery.services.restore_ending import RestoreReport
from cognito_standby.recovery.services.restore_store import RestoreStore

EVERY_SECONDS = 2.0


@dataclass(frozen=True)
class RestoreDesk:
    """One Region, for whoever restores its pool. `pause` waits that many seconds."""

    region: str
    machine: Machine
    files: RunFiles
    clock: Clock
    pause: Callable[[float], None]


@dataclass(frozen=True)
class RestoreEnded:
    """How an execution ended. `report`: None, where there is none, and `why` says so."""

    report: RestoreReport | None
    why: str = ""
    running: str = ""


def new_restore(desk: RestoreDesk, entropy: Callable[[int], str]) -> str:
    """An id that sorts by time and is unique; it names the execution as well."""
    return f"restore-{desk.clock.now():%Y%m%dT%H%M%S}-{entropy(4)}"


def begin(desk: RestoreDesk, order: RestoreOrder, entropy: Callable[[int], str]) -> str:
    """Start an execution; its name. One that goes on with a restore is named after it."""
    resumed = f"{order.resume[:70]}-{entropy(4)}"
    name = resumed if order.resume else new_restore(desk, entropy)
    desk.machine.start(name, order.given())
    return name


def follow(desk: RestoreDesk, name: str, restore: str, tell: Callable[[str], None]) -> RestoreEnded:
    """Until it has ended; `tell` gets each new line about how far it is.

    MisconfiguredError: there is no such execution.
    """
    told = ""
    while True:
        execution = desk.machine.find(name)
        if execution is None:
            raise MisconfiguredError(f"there is no execution {name}")
        if execution.status not in GOING:
            break
        now = progress(desk, restore)
        if now != told:
            tell(now)
            told = now
        desk.pause(EVERY_SECONDS)
    if execution.status in FAILED:
        return RestoreEnded(None, f"it failed: {execution.failure}")
    return _ended(desk, object_in(execution.output))


def progress(desk: RestoreDesk, restore: str) -> str:
    """How far it is, by its files."""
    store = RestoreStore(desk.files, restore)
    begun, plan = store.begun(), store.plan()
    if begun is None:
        return "begins"
    if plan is None:
        ended = sum(looks.done for looks in store.all_last_looks().values())
        return f"looks at everybody: {ended} of {len(begun.pieces)} parts of the table"
    if not begun.run_it:
        return f"looked at everybody: {plan.writes} to restore"
    done = sum(part.end for part in store.all_last_did().values())
    return f"restores: {done} of {plan.writes}"


def _ended(desk: RestoreDesk, output: dict[str, Any]) -> RestoreEnded:
    if output.get("opened") is False:
        return RestoreEnded(None, str(output.get("why", "")), str(output.get("running", "")))
    return RestoreEnded(read_report(desk, str(output.get("report", ""))))


def read_report(desk: RestoreDesk, name: str) -> RestoreReport:
    """A report by its name. InvalidRecordError: there is none, or it is none."""
    body = desk.files.read(name) if name.startswith(REPORTS) else None
    try:
        return from_plain(RestoreReport, json.loads(body or b""))
    except ValueError:
        raise InvalidRecordError(f"there is no report {name}") from None
