"""Which alarms a Region has. The runbook has a heading for each `runbook`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cognito_standby.core.domain.metrics import Metric
from stacks.alarms import arrivals as alarms_of_arrivals
from stacks.alarms import configuration as alarms_of_configuration
from stacks.alarms import publication as alarms_of_publication
from stacks.alarms import reconciliation as alarms_of_reconciliation
from stacks.alarms import triggers as alarms_of_triggers
from stacks.alarms.construct import AlarmSpec, window_seconds
from stacks.config.model import Config
from stacks.config.triggers import OWNED
from stacks.constructs.functions.task_list import TASKS
from stacks.constructs.machines.state_machines import MACHINES
from stacks.constructs.monitoring import metrics
from stacks.names import Names

TRIGGER = "post_confirmation"
TRIGGER_SLOW_MS = 4000
"""Cognito gives up at 5,000 ms, and the person who signs up sees an error."""

MANY_THROTTLES = 300
"""Within 5 minutes, one a second: fewer are a burst that the retries smooth out."""

PARKED_TOO_LONG_SECONDS = 300
UNAPPLIED_TOO_LONG_SECONDS = 1800
TRAIL_SECONDS = 300
"""What CloudTrail may take beside the RPO objective, until a change becomes an event."""

RUNBOOK_OF = {
    "contain_failure": "containment-failed",
    "reconcile_pool": "reconciliation-failed",
    "fail_over": "failover-failed",
    "restore_pool": "restore-failed",
    "stand_down": "failover-failed",
}
"""Headings for those whose failures nobody treats, or that ask for something else."""

PIPES = ("replica-stream", "parked-hints")
RULES = (
    *("cloudtrail-admin", "cloudtrail-self-service", "cloudtrail-challenges", "cloudtrail-groups"),
    *("cloudtrail-members", "cloudtrail-recoveries"),
    *("managed-login", "managed-login-forms", "failures"),
)
"""On the default bus; `hints` is on our own."""


@dataclass(frozen=True)
class Watched:
    """A Region as the alarms and the dashboard see it. `machines`: name -> ARN; `pipes`: of PIPES,
    name -> physical name."""

    names: Names
    config: Config
    region: str
    machines: Mapping[str, str]
    pipes: Mapping[str, str]

    @property
    def other_region(self) -> str:
        """Where the records are replicated to."""
        config = self.config
        primary = config.is_primary(self.region)
        return config.backup_region if primary else config.primary_region


def alarm_specs(watched: Watched) -> list[AlarmSpec]:
    """Every alarm of a Region."""
    parts = (_replication, _letters, _machines, _trigger, _edges, _throttles, _sweep, _canary)
    specs = [spec for part in parts for spec in part(watched)]
    others = (
        *(alarms_of_triggers, alarms_of_reconciliation, alarms_of_publication),
        alarms_of_configuration,
    )
    specs += [each for o in others for each in o.alarms(watched.names, watched.config)]
    if watched.config.fills_on_demand(watched.region):
        specs += alarms_of_arrivals.alarms(watched.names)
    return specs


def _replication(watched: Watched) -> Iterator[AlarmSpec]:
    names, objective = watched.names, watched.config.rpo_objective_seconds * 1000
    yield AlarmSpec(
        "replication-lag",
        "replication-lag",
        "Changes reach this Region's pool later than the RPO objective allows.",
        metrics.own(names, Metric.REPLICATION_LAG, "p99"),
        threshold=objective,
        periods=5,
        points=3,
    )
    if watched.config.consistency == "MREC":
        yield AlarmSpec(
            "table-replication",
            "table-replication",
            "DynamoDB itself takes longer than the RPO objective to the other Region.",
            metrics.replication_latency(names.records_table, watched.other_region),
            threshold=objective,
            periods=5,
            points=3,
        )
    if watched.config.two_accounts:
        seconds = window_seconds(watched.config.schedules.sweep)
        yield AlarmSpec(
            "replication-stopped",
            "replication-stopped",
            "The records tables of the two accounts do not replicate; 20 hours later they part for "
            "good.",
            metrics.own(names, Metric.REPLICATION_STOPPED, "Maximum", seconds),
        )


def _letters(watched: Watched) -> Iterator[AlarmSpec]:
    names = watched.names
    yield AlarmSpec(
        "dead-letters",
        "dead-letters",
        "Work has given up and waits for an operator.",
        metrics.queue(names.dead_letters, "ApproximateNumberOfMessagesVisible"),
    )
    yield AlarmSpec(
        "many-deletions",
        "many-deletions",
        "More people are deleted than usual; so they are in the other Region.",
        metrics.own(names, Metric.DELETED, "Sum", 900),
        threshold=watched.config.many_deletions,
    )
    yield AlarmSpec(
        "changes-compensated",
        "changes-compensated",
        "An administrator's change could not be recorded, and was taken back from the pool.",
        metrics.own(names, Metric.CHANGES_COMPENSATED, "Sum", 300),
    )
    yield AlarmSpec(
        "admin-api-failing",
        "admin-api-failing",
        "The Admin API answers with errors of its own.",
        metrics.own(names, Metric.API_FAILED, "Sum", 300),
        periods=3,
        points=2,
    )
    yield AlarmSpec(
        "hints-lost",
        "hints-lost",
        "A sign-up was not noticed: neither the bus nor the parking queue took its hint.",
        metrics.own(names, Metric.HINTS_LOST, "Sum"),
    )
    yield AlarmSpec(
        "hints-parked",
        "hints-parked",
        "The bus refuses hints of the trigger; they wait in the parking queue.",
        metrics.own(names, Metric.HINTS_PARKED, "Sum", 300),
        periods=3,
        points=2,
    )
    yield AlarmSpec(
        "parked-hints-wait",
        "hints-parked",
        "Parked hints are not taken from their queue.",
        metrics.queue(names.parked_hints, "ApproximateAgeOfOldestMessage"),
        threshold=PARKED_TOO_LONG_SECONDS,
        periods=3,
        points=3,
    )


def _machines(watched: Watched) -> Iterator[AlarmSpec]:
    # Stopped executions are somebody's deed, and get a letter; they are no alarm of their own.
    ends = {"failed": "ExecutionsFailed", "timed-out": "ExecutionsTimedOut"}
    for name, arn in sorted(watched.machines.items()):
        for end, metric in ends.items():
            yield AlarmSpec(
                f"{name}-{end}",
                RUNBOOK_OF.get(name, "execution-failed"),
                f"An execution of {name} {end.replace('-', ' ')}.",
                metrics.machine(arn, metric),
            )


def _trigger(watched: Watched) -> Iterator[AlarmSpec]:
    function = watched.names.function(TRIGGER)
    told = "People who sign up see an error: the PostConfirmation trigger"
    # An owner's function that refuses is an error of ours, too, and nothing to wake anybody for.
    if watched.config.triggers.post_confirmation.primary_function is None:
        yield AlarmSpec(
            "trigger-errors", "trigger", f"{told} fails.", metrics.function(function, "Errors")
        )
    yield AlarmSpec(
        "trigger-throttles",
        "trigger",
        f"{told} is throttled by Lambda.",
        metrics.function(function, "Throttles"),
    )
    yield AlarmSpec(
        "trigger-slow",
        "trigger",
        "Sign-ups are about to fail: the PostConfirmation trigger takes nearly Cognito's 5 s.",
        metrics.function(function, "Duration", "Maximum"),
        threshold=TRIGGER_SLOW_MS,
        periods=5,
        points=2,
    )


def _edges(watched: Watched) -> Iterator[AlarmSpec]:
    names = watched.names
    for name in PIPES:
        yield AlarmSpec(
            f"pipe-{name}",
            "pipe-failed",
            f"The pipe {name} has failed to start executions for a quarter of an hour.",
            metrics.pipe(watched.pipes[name], "ExecutionFailed"),
            periods=3,
            points=3,
        )
    buses = {"hints": names.bus, "admin-changes": names.bus} | dict.fromkeys(RULES)
    for name, bus in buses.items():
        yield AlarmSpec(
            f"rule-{name}",
            "event-dropped",
            f"An event of the rule {name} reached neither its target nor the dead letters.",
            metrics.rule(names.rule(name), bus, "InvocationsFailedToBeSentToDlq"),
        )


def _throttles(watched: Watched) -> Iterator[AlarmSpec]:
    names = watched.names
    yield AlarmSpec(
        "aws-throttles",
        "aws-throttles",
        "Cognito or DynamoDB throttles our calls, for longer than a burst.",
        metrics.own(names, Metric.THROTTLED, "Sum", 300),
        threshold=MANY_THROTTLES,
        periods=3,
        points=3,
    )
    for name, tasks in _throttled_together():
        counts = [
            metrics.function(names.function(task), "Throttles", seconds=300) for task in tasks
        ]
        yield AlarmSpec(
            f"{name}-throttles",
            "lambda-throttles",
            f"Lambda has throttled functions of {name} for a quarter of an hour: "
            f"{', '.join(tasks)}.",
            counts[0] if len(counts) == 1 else metrics.together(counts, 300),
            periods=3,
            points=3,
        )


def _throttled_together() -> Iterator[tuple[str, Sequence[str]]]:
    """What alarms are called, and the functions that each is about: those of a machine together,
    as a stack has 500 resources at most. Each function is in one of them, but for those of the
    triggers, which have alarms of their own, and what ARC calls, which is told by ARC."""
    told = {*OWNED, "arc_region_switch", alarms_of_arrivals.TASK}
    for machine in MACHINES:
        tasks = [task for task in (*machine.tasks, *machine.former_tasks) if task not in told]
        told.update(tasks)
        for first in range(0, len(tasks), metrics.MOST_OF_AN_ALARM):
            name = f"{machine.name}-{first + 1}" if first else machine.name
            yield name, tasks[first : first + metrics.MOST_OF_AN_ALARM]
    for task in TASKS:
        if task.name not in told:
            yield task.name, (task.name,)


def _sweep(watched: Watched) -> Iterator[AlarmSpec]:
    seconds = window_seconds(watched.config.schedules.sweep)
    yield AlarmSpec(
        "sweep-missed",
        "sweep-missed",
        "The sweep does not run: failures whose event was lost stay unnoticed.",
        metrics.own(watched.names, Metric.SWEEPS, "Sum", seconds),
        threshold=1,
        missing=True,
        below=True,
    )
    yield AlarmSpec(
        "unapplied",
        "unapplied",
        "A change has been half applied for long, and nobody works on it.",
        metrics.own(watched.names, Metric.OLDEST_UNAPPLIED, "Maximum", seconds),
        threshold=UNAPPLIED_TOO_LONG_SECONDS,
    )


def _canary(watched: Watched) -> Iterator[AlarmSpec]:
    expression = watched.config.schedules.canary
    if expression is None:
        return
    seconds = window_seconds(expression)
    yield AlarmSpec(
        "canary-late",
        "canary",
        "A change of the canary user is not in this Region's pool in time.",
        metrics.own(watched.names, Metric.CANARY_LAG, "Maximum", seconds),
        threshold=watched.config.rpo_objective_seconds + TRAIL_SECONDS,
    )
    yield AlarmSpec(
        "canary-missing",
        "canary",
        "The canary user does not appear in this Region's pool.",
        metrics.own(watched.names, Metric.CANARY_MISSING, "Minimum", seconds),
        periods=2,
        points=2,
    )
