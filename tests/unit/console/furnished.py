"""A console with something of everything: a machine that failed, letters, a question, figures."""

from __future__ import annotations

import json
import math
from datetime import timedelta

import workflows
from cognito_standby.console.domain.trace import HistoryEvent
from cognito_standby.console.ports import LagPoint
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.plain import to_plain
from cognito_standby.core.domain.recoverability import Reason
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.operator.ports import Attention
from cognito_standby.reconciliation.domain.file_names import READINESS
from cognito_standby.reconciliation.domain.readiness import Readiness
from tests.twins.configuration import ConfigurationTable, InMemoryConfigurationNotes
from tests.twins.operator.conflicts import InMemoryConflictFinder
from tests.twins.stores.ledger import InMemoryLedger
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.reconciliation.made_up_run import missing

ARN = "arn:aws:states:us-west-2:111111111111:execution:standby-sync_user:5c1f0e9a"
CONFLICTED = Subject.user("7aa8e53f-49f8-490b-85ce-ab66c1bb28c9")
_READY = Readiness(
    people=1_000,
    reasons={Reason.VERIFIED_EMAIL: 985, Reason.PROVIDER_ONLY: 3},
    linked=12,
    factors={"SOFTWARE_TOKEN_MFA": 41},
)
_RUNS = (0, 3, 1, 0, 0, 7, 2, 0, 1, 0)
"""Subjects with drift, run by run."""


def furnish(world: ConsoleWorld) -> None:
    """Everything stands still, so that pictures of it are the same each time."""
    _figures(world)
    _letters(world)
    _execution(world)
    _notes(world)
    run = world.pair[OTHER].hold("20260102T030405-1f2e3d4c")
    world.pair[OTHER].ask(run)


def _figures(world: ConsoleWorld) -> None:
    world.desks.make_healthy()
    for skipped, machine in enumerate(world.pair.values()):
        folder = machine.run_folder
        for drift in _RUNS[skipped:]:
            one = folder.new_run()
            folder.open(one, active=machine.active, users=12_000)
            folder.judged(one, missing(drift))
            folder.note(one, READINESS, to_plain(_READY))
            folder.write(one)
    now = world.clock.now()
    for region in world.pair:
        world.lag[region].points = [
            LagPoint(now - timedelta(minutes=5 * n), 1_100 + 250 * math.sin(n), 2_300 + 45.0 * n)
            for n in range(35, 0, -1)
        ]


def _notes(world: ConsoleWorld) -> None:
    """Two conflicts of the standby, and what both Regions know of their pools' configuration."""
    ledger = InMemoryLedger(world.clock)
    ledger.note_conflict(Conflict(CONFLICTED, ConflictKind.UNDONE, {"present": ""}))
    renamed = {"attr:name": "Ann Example", "enabled": "true"}
    ledger.note_conflict(Conflict(CONFLICTED, ConflictKind.OVERRIDDEN, renamed))
    gauges = world.pair[OTHER].world.gauges
    counts = {"conflict_deletion": 1, "conflict_change": 1}
    gauges.listed = Attention(counts, (CONFLICTED.key,))
    table = ConfigurationTable()
    for region, drift in ((REGION, None), (OTHER, 2)):
        read = (world.clock.now() - timedelta(hours=5)).isoformat()
        table.notes[region] = ConfigurationNote(looked_at=read, drift=drift)
        here = ledger if region == OTHER else InMemoryLedger(world.clock)
        world.more[region] = {
            "configuration": InMemoryConfigurationNotes(table, region),
            "conflicts": InMemoryConflictFinder(here),
            "ledger": here,
        }


def _letters(world: ConsoleWorld) -> None:
    desk = world.pair[OTHER].world
    desk.failed("7aa8e53f-49f8-490b-85ce-ab66c1bb28c9")
    desk.letters.send("not JSON")


def _execution(world: ConsoleWorld) -> None:
    began = world.clock.now() - timedelta(minutes=3)
    world.pair[OTHER].world.executions.add(
        Execution(ARN, ExecutionStatus.FAILED, began, began, "InvalidRecordError")
    )
    (one,) = (each for each in workflows.load_all(workflows.DIRECTORY) if each.name == "sync_user")
    world.histories[OTHER].machine = json.dumps(one.parsed)
    told = (
        *(("ExecutionStarted", "", ""), ("TaskStateEntered", "Plan Sync", "")),
        *(("TaskScheduled", "", ""), ("TaskSucceeded", "", "")),
        *(("TaskStateExited", "Plan Sync", ""), ("ChoiceStateEntered", "Route", "")),
        *(("ChoiceStateExited", "Route", ""), ("TaskStateEntered", "Replay Record", "")),
        *(("TaskScheduled", "", ""), ("TaskFailed", "", "ThrottledError")),
        *(("TaskScheduled", "", ""), ("TaskFailed", "", "ThrottledError")),
        *(("TaskScheduled", "", ""), ("TaskFailed", "", "InvalidRecordError")),
        ("ExecutionFailed", "", "InvalidRecordError"),
    )
    world.histories[OTHER].known[ARN] = [
        HistoryEvent(
            number, number - 1, kind, (began + timedelta(seconds=number)).isoformat(), state, error
        )
        for number, (kind, state, error) in enumerate(told, 1)
    ]
