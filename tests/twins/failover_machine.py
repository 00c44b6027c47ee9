"""Twin of one machine of a failover, for who starts it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from cognito_standby.failures.domain.executions import (
    FAILED,
    GOING,
    Execution,
    ExecutionStatus,
    object_in,
)

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
Outcome = Mapping[str, Any] | str | None
"""Of a run: its output, the error it fails with, or None while it goes on."""


@dataclass
class InMemoryMachine:
    """Machine, whose executions end as `work` says, at once, or when `end` is called. `where` they
    all are meanwhile."""

    name: str = "fail_over"
    region: str = "us-west-2"
    work: Callable[[Mapping[str, Any], str], Outcome] = lambda _given, _arn: None
    executions: dict[str, Execution] = field(default_factory=dict)
    where: str = "Settle Region"

    def find(self, name: str) -> Execution | None:
        """By its name."""
        return self.executions.get(name)

    def start(self, name: str, given: Mapping[str, Any]) -> bool:
        """A name is used once; the same again while it runs is the same execution."""
        text = json.dumps(given)
        if (known := self.executions.get(name)) is not None:
            return known.status in GOING and known.input == text
        arn = f"arn:aws:states:{self.region}:1:execution:{self.name}:{name}"
        self._run(name, Execution(arn, ExecutionStatus.RUNNING, _NOW, input=text))
        return True

    def redrive(self, arn: str) -> str:
        """Only what did not succeed."""
        name = arn.rsplit(":", 1)[-1]
        found = self.executions[name]
        if found.status not in FAILED:
            return "ExecutionNotRedrivable"
        self._run(name, replace(found, status=ExecutionStatus.RUNNING, error=""))
        return ""

    def stop(self, arn: str, why: str) -> None:
        """It is aborted; one that has ended stays as it is."""
        name = arn.rsplit(":", 1)[-1]
        if (found := self.executions[name]).status in GOING:
            ended = replace(found, status=ExecutionStatus.ABORTED, error="Aborted")
            self.executions[name] = ended

    def place(self, arn: str) -> str:
        """Where all are."""
        return self.where if arn.rsplit(":", 1)[-1] in self.executions else ""

    def given(self, name: str) -> dict[str, Any]:
        """With what one was started."""
        return object_in(self.executions[name].input)

    def end(self, name: str, output: Mapping[str, Any], error: str = "") -> None:
        """It ends."""
        self._ended(name, error or output)

    def _run(self, name: str, execution: Execution) -> None:
        self.executions[name] = execution
        told = self.work(object_in(execution.input), execution.arn)
        if told is not None:
            self._ended(name, told)

    def _ended(self, name: str, told: Mapping[str, Any] | str) -> None:
        found = self.executions[name]
        if isinstance(told, str):
            ended = replace(found, status=ExecutionStatus.FAILED, error=told)
        else:
            ended = replace(found, status=ExecutionStatus.SUCCEEDED, output=json.dumps(dict(told)))
        self.executions[name] = ended
