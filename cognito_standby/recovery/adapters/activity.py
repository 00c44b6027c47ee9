"""What is under way in a Region, by Step Functions and SQS; and its reconciliations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.failures.domain.executions import FAILED, GOING, object_in
from cognito_standby.reconciliation.domain.drift_report import CLEAN
from cognito_standby.reconciliation.domain.run_request import run_id_of
from cognito_standby.reconciliation.ports import RunFiles
from cognito_standby.reconciliation.services.reports import find
from cognito_standby.recovery.adapters.machines import SfnMachine
from cognito_standby.recovery.ports import RunLook

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_PAGE = 1000
_COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


class AwsActivity:
    """Activity of one Region. `machines`: ARNs of those that capture or replay."""

    def __init__(
        self, states: SFNClient, sqs: Any, machines: Sequence[str], parked: str, letters: str
    ) -> None:
        self._states, self._sqs, self._machines = states, sqs, machines
        self._parked, self._letters = parked, letters

    def running(self) -> int:
        """One ListExecutions for each machine. PENDING_REDRIVE, which this API refuses for a
        machine, is a state of a Distributed Map's children (API reference, ListExecutions)."""
        return sum(map(self._count, self._machines))

    def parked_hints(self) -> int:
        """One GetQueueAttributes."""
        return self._waiting(self._parked)

    def letters(self) -> int:
        """One GetQueueAttributes."""
        return self._waiting(self._letters)

    def _count(self, arn: str) -> int:
        with translated():
            answer = self._states.list_executions(
                stateMachineArn=arn, statusFilter="RUNNING", maxResults=_PAGE
            )
        return len(answer["executions"])

    def _waiting(self, url: str) -> int:
        with translated():
            answer = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))
        return sum(int(answer["Attributes"].get(name, 0)) for name in _COUNTS)


class SfnReconciliationRuns:
    """Reconciliations on one machine, with the reports that they leave."""

    def __init__(self, states: SFNClient, machine_arn: str, files: RunFiles) -> None:
        self._machine, self._files = SfnMachine(states, machine_arn), files

    def look(self, run: str) -> RunLook | None:
        """One DescribeExecution; of one that ended also its report."""
        found = self._machine.find(run)
        if found is None:
            return None
        if found.status in GOING:
            return RunLook(going=True)
        if found.status in FAILED:
            return RunLook(going=False, why=found.failure)
        told = object_in(found.output)
        if told.get("opened") is False:
            return RunLook(going=False, held=True, why=str(told.get("running", "")))
        kept = find(self._files, run_id_of(run))
        if kept is None or kept.report is None:
            return RunLook(going=False, why="its report cannot be read")
        verdict = kept.report.verdict
        return RunLook(going=False, reported=True, clean=verdict in CLEAN, why=verdict.value)

    def start(self, run: str) -> None:
        """One StartExecution. No input: a person's run, of everything."""
        self._machine.start(run, {})
