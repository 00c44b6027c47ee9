"""The dead letter queue and the executions of one Region, with switches to make them fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.ports import Clock
from cognito_standby.failures.domain.executions import (
    FAILED,
    REDRIVABLE_FOR,
    Execution,
    ExecutionStatus,
)
from cognito_standby.operator.ports import Envelope

_BATCH = 10


class Switch:
    """A Region that can go dark."""

    def __init__(self) -> None:
        self.dark = False

    def check(self) -> None:
        """ServiceUnavailableError while it is dark."""
        if self.dark:
            raise ServiceUnavailableError("ConnectTimeoutError")


class InMemoryDeadLetters:
    """DeadLetters. A receipt is good as long as nobody received the message again, as on SQS."""

    def __init__(self, clock: Clock, switch: Switch | None = None) -> None:
        self._clock, self._switch = clock, switch or Switch()
        self._letters: dict[str, Envelope] = {}
        self._hidden_until: dict[str, datetime] = {}
        self._received = 0

    def send(self, body: str, attributes: Mapping[str, str] | None = None) -> str:
        """Put a message; its id."""
        self._received += 1
        name = f"m-{self._received}"
        self._letters[name] = Envelope(name, "", body, dict(attributes or {}), self._clock.now())
        return name

    @property
    def ids(self) -> list[str]:
        """Ids of the messages that are in the queue, hidden or not."""
        return list(self._letters)

    def receive(self, hide_seconds: int) -> Sequence[Envelope]:
        """Up to ten, hidden afterwards."""
        self._switch.check()
        batch = self._visible()[:_BATCH]
        for letter in batch:
            self._received += 1
            self._letters[letter.id] = replace(letter, receipt=f"r-{self._received}")
            self._hide(letter.id, hide_seconds)
        return [self._letters[letter.id] for letter in batch]

    def peek(self) -> Sequence[Envelope]:
        """Up to ten."""
        self._switch.check()
        return self._visible()[:_BATCH]

    def hold(self, letter: Envelope, hide_seconds: int) -> None:
        """Hide longer."""
        self._switch.check()
        if self._is_in_flight(letter):
            self._hide(letter.id, hide_seconds)

    def give_back(self, letter: Envelope) -> None:
        """Show at once."""
        self.hold(letter, 0)

    def delete(self, letter: Envelope) -> None:
        """Remove; a receipt that was replaced by a later one removes nothing."""
        self._switch.check()
        known = self._letters.get(letter.id)
        if known is not None and known.receipt == letter.receipt:
            del self._letters[letter.id]

    def count(self) -> int:
        """All of them."""
        self._switch.check()
        return len(self._letters)

    def _visible(self) -> list[Envelope]:
        now = self._clock.now()
        return [each for each in self._letters.values() if self._until(each.id) <= now]

    def _is_in_flight(self, letter: Envelope) -> bool:
        known = self._letters.get(letter.id)
        mine = known is not None and known.receipt == letter.receipt
        return mine and self._until(letter.id) > self._clock.now()

    def _until(self, name: str) -> datetime:
        return self._hidden_until.get(name, self._clock.now())

    def _hide(self, name: str, seconds: int) -> None:
        self._hidden_until[name] = self._clock.now() + timedelta(seconds=seconds)


Run = Callable[[str, Hint | None], ExecutionStatus]
"""Does the work of an execution (ARN, hint) and says how it ended; RUNNING: it goes on."""


class InMemoryExecutions:
    """Executions. `run` is called at once for every start and every redrive."""

    PREFIX = "arn:aws:states:us-east-1:111111111111:execution:standby-sync_user:"

    def __init__(self, clock: Clock, run: Run, switch: Switch | None = None) -> None:
        self._clock, self._run, self._switch = clock, run, switch or Switch()
        self.cause = ""
        self.executions: dict[str, Execution] = {}
        self.redriven: list[str] = []
        self.started: list[Hint] = []
        self.changes: list[str] = []
        self.members: list[Hint] = []

    def add(self, execution: Execution) -> str:
        """Have an execution, as one that somebody started earlier; its ARN."""
        self.executions[execution.arn] = execution
        return execution.arn

    def describe(self, arn: str) -> Execution | None:
        """One execution."""
        self._switch.check()
        execution = self.executions.get(arn)
        if execution is None:
            return None
        refusal = self._refusal(execution)
        return replace(execution, redrivable=not refusal, redrive_reason=refusal)

    def redrive(self, arn: str) -> str:
        """Run on; "" or a refusal."""
        self._switch.check()
        execution = self.executions.get(arn)
        refusal = "ExecutionDoesNotExist" if execution is None else self._refusal(execution)
        if execution is None or refusal:
            return refusal
        self.redriven.append(arn)
        self._end(replace(execution, status=self._run(arn, execution.hint)))
        return ""

    def start(self, hint: Hint) -> str:
        """A new execution."""
        self._switch.check()
        self.started.append(hint)
        arn = f"{self.PREFIX}fresh-{len(self.started)}"
        given = json.dumps(hint.to_dict())
        self._end(Execution(arn, self._run(arn, hint), self._clock.now(), input=given))
        return arn

    def start_change(self, change_id: str) -> str:
        """A new execution of `apply_admin_change`."""
        self._switch.check()
        self.changes.append(change_id)
        arn = f"{self.PREFIX}change-{len(self.changes)}"
        given = json.dumps({"change_id": change_id})
        self._end(Execution(arn, self._run(arn, None), self._clock.now(), input=given))
        return arn

    def start_members(self, hint: Hint) -> str:
        """A new execution of `hint_members`."""
        self._switch.check()
        self.members.append(hint)
        arn = f"{self.PREFIX}members-{len(self.members)}"
        given = json.dumps(hint.to_dict())
        self._end(Execution(arn, self._run(arn, hint), self._clock.now(), input=given))
        return arn

    def recent(self, status: ExecutionStatus, since: datetime) -> Sequence[Execution]:
        """Newest first."""
        self._switch.check()
        found = [e for e in self.executions.values() if e.status is status]
        found = [e for e in found if e.started_at >= since]
        return sorted(found, key=lambda each: each.started_at, reverse=True)

    def _end(self, execution: Execution) -> None:
        stopped = None if execution.status is ExecutionStatus.RUNNING else self._clock.now()
        bad = execution.status in FAILED
        error, cause = ("InvalidRecordError", self.cause) if bad else ("", "")
        self.executions[execution.arn] = replace(
            execution, stopped_at=stopped, error=error, cause=cause
        )

    def _refusal(self, execution: Execution) -> str:
        if execution.status not in FAILED:
            return f"Execution is {execution.status} and cannot be redriven"
        if execution.stopped_at and self._clock.now() - execution.stopped_at > REDRIVABLE_FOR:
            return "the execution ended more than 14 days ago"
        return ""
