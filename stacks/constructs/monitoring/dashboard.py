"""One dashboard a Region: is it well, how late is it, what waits for somebody, what is it doing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cognito_standby.core.domain.metrics import Metric
from stacks.alarms.definitions import PIPES, TRIGGER, Watched
from stacks.constructs.functions.task_list import TASKS, Role, Task
from stacks.constructs.monitoring import metrics

_WIDTH = 8
"""A third of a row."""


class Dashboard(Construct):
    """The dashboard of one Region."""

    def __init__(
        self, scope: Construct, watched: Watched, alarms: Sequence[cloudwatch.IAlarm]
    ) -> None:
        super().__init__(scope, "Dashboard")
        self.name = watched.names.dashboard(watched.region)
        self._watched = watched
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=self.name,
            default_interval=Duration.hours(3),
            widgets=[
                [
                    cloudwatch.AlarmStatusWidget(
                        title=f"{watched.names.installation}, {watched.region}",
                        alarms=list(alarms),
                        width=3 * _WIDTH,
                    )
                ],
                [self._lag(), self._waiting(), self._outcomes()],
                [self._hints(), self._trigger(), self._executions()],
                [self._throttles(), self._pipes(), self._durations()],
                [self._drift(), self._compared(), self._asked()],
                [self._claims(), self._refusals()],
            ],
        )

    def _own(self, *wanted: Metric, statistic: str = "Sum") -> list[cloudwatch.IMetric]:
        return [metrics.own(self._watched.names, one, statistic) for one in wanted]

    def _lag(self) -> cloudwatch.IWidget:
        names, config = self._watched.names, self._watched.config
        lag = [metrics.own(names, Metric.REPLICATION_LAG, stat) for stat in ("p50", "p99")]
        objective = cloudwatch.HorizontalAnnotation(
            value=config.rpo_objective_seconds * 1000, label="RPO objective"
        )
        canary = metrics.own(names, Metric.CANARY_LAG, "Maximum").with_(
            label="canary (s, right)", period=Duration.minutes(5)
        )
        return _graph("Replication lag into this Region (ms)", lag, [objective], [canary])

    def _waiting(self) -> cloudwatch.IWidget:
        names = self._watched.names
        visible = "ApproximateNumberOfMessagesVisible"
        queues = [metrics.queue(name, visible) for name in (names.dead_letters, names.parked_hints)]
        subjects = self._own(
            Metric.STRANDED,
            Metric.FAILED_SUBJECTS,
            Metric.QUARANTINED_SUBJECTS,
            Metric.OPEN_CONFLICTS,
            statistic="Maximum",
        )
        return _graph("Waiting for somebody", [*queues, *subjects])

    def _outcomes(self) -> cloudwatch.IWidget:
        done = (Metric.CAPTURED, Metric.REPLAYED, Metric.SKIPPED, Metric.CONFLICTS)
        return _graph("Changes", self._own(*done, Metric.DEAD_LETTERS, Metric.CONTAINED))

    def _hints(self) -> cloudwatch.IWidget:
        hints = (Metric.HINTS_PUBLISHED, Metric.HINTS_PARKED, Metric.HINTS_LOST)
        return _graph("Hints of the trigger", self._own(*hints))

    def _trigger(self) -> cloudwatch.IWidget:
        name = self._watched.names.function(TRIGGER)
        shown = [metrics.function(name, "Duration", stat) for stat in ("p50", "Maximum")]
        return _graph("PostConfirmation (ms)", shown)

    def _claims(self) -> cloudwatch.IWidget:
        claims = (Metric.CLAIMS_ADDED, Metric.CLAIMS_WITHHELD, Metric.CLAIMS_UNREAD)
        return _graph("Tokens: origin sub claimed or not", self._own(*claims))

    def _refusals(self) -> cloudwatch.IWidget:
        return _graph("Sign-ups refused", self._own(Metric.SIGN_UPS_REFUSED))

    def _executions(self) -> cloudwatch.IWidget:
        shown = [
            metrics.machine(arn, metric).with_(label=f"{name} {metric}")
            for name, arn in sorted(self._watched.machines.items())
            for metric in ("ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsAborted")
        ]
        return _graph("Executions", shown)

    def _throttles(self) -> cloudwatch.IWidget:
        names = self._watched.names
        functions = [
            metrics.function(names.function(task.name), "Throttles") for task in self._tasks()
        ]
        return _graph("Throttles", [*self._own(Metric.THROTTLED), *functions])

    def _pipes(self) -> cloudwatch.IWidget:
        pipes = self._watched.pipes
        counts = ("Invocations", "ExecutionFailed", "ExecutionThrottled")
        shown = [metrics.pipe(pipes[pipe], count) for pipe in PIPES for count in counts]
        return _graph("Pipes", shown)

    def _drift(self) -> cloudwatch.IWidget:
        found = (Metric.DRIFT, Metric.REPAIRED, Metric.UNREPAIRED, Metric.REPEATED_DRIFT)
        return _graph("Reconciliation: drift", self._own(*found))

    def _compared(self) -> cloudwatch.IWidget:
        users = self._own(Metric.USERS_COMPARED)
        took = self._own(Metric.RECONCILIATION_TIME, statistic="Maximum")
        return _graph("Reconciliation: users compared, and seconds (right)", users, right=took)

    def _asked(self) -> cloudwatch.IWidget:
        asked = self._own(Metric.OPEN_QUESTIONS, Metric.QUESTIONS, statistic="Maximum")
        return _graph(
            "Reconciliation: runs ended, questions", [*self._own(Metric.RECONCILIATIONS), *asked]
        )

    def _durations(self) -> cloudwatch.IWidget:
        names = self._watched.names
        shown = [
            metrics.function(names.function(task.name), "Duration", "p99")
            for task in self._tasks()
            if task.name != TRIGGER
        ]
        return _graph("Tasks, p99 (ms)", shown)

    def _tasks(self) -> Iterator[Task]:
        """Those that are there: UserMigration's is where the pool is filled on demand."""
        filled = self._watched.config.fills_on_demand(self._watched.region)
        return (task for task in TASKS if filled or task.role is not Role.MIGRATION)


def _graph(
    title: str,
    shown: Sequence[cloudwatch.IMetric],
    lines: Sequence[cloudwatch.HorizontalAnnotation] = (),
    right: Sequence[cloudwatch.IMetric] = (),
) -> cloudwatch.IWidget:
    return cloudwatch.GraphWidget(
        title=title,
        left=list(shown),
        left_annotations=list(lines),
        right=list(right),
        width=_WIDTH,
    )
