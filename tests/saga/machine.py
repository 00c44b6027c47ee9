"""Runs `apply_admin_change` as its file says, on the tasks' own handlers.

Retries do not wait: a test that wants time to pass moves the clock itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from cognito_standby.changes.services.context import ChangeContext
from cognito_standby.core.domain.ledger import holder_of
from tasks import (
    apply_change,
    compensate_change,
    complete_change,
    snapshot_user,
    write_record,
)
from tests.workflows.scenarios import definition_of

HANDLERS: dict[str, Callable[..., dict[str, Any]]] = {
    "Snapshot User": snapshot_user.handler,
    "Apply Change": apply_change.handler,
    "Write Record": write_record.handler,
    "Compensate Change": compensate_change.handler,
    "Complete Change": complete_change.handler,
}
MODULES = ("snapshot_user", "apply_change", "write_record", "compensate_change", "complete_change")
DEFINITION = definition_of("apply_admin_change")
KILLED = "Runtime.ExitError"


class KilledError(BaseException):
    """The function's process dies."""


class AbortedError(BaseException):
    """The execution is stopped, and the function with it."""


@dataclass
class Execution:
    """One execution. `failed_at`: the state it stands in, "" while it has not failed."""

    arn: str
    change_id: str
    redrives: int = 0
    entered: list[str] = field(default_factory=list)
    failed_at: str = ""
    error: str = ""
    output: Any = None
    struck_in: str = ""
    """The step in which something was injected, for a table of outcomes."""
    _given: Any = None

    def run(self, ctx: ChangeContext) -> Execution:
        """From its beginning, or by a redrive from where it failed."""
        state = DEFINITION["StartAt"]
        given: Any = {"change_id": self.change_id}
        if self.failed_at:
            state, given = self.failed_at, self._given
            self.redrives += 1
            self.failed_at = self.error = ""
        while state:
            self.entered.append(state)
            state, given = self._step(ctx, state, given)
        return self

    def _step(self, ctx: ChangeContext, name: str, given: Any) -> tuple[str, Any]:
        state, used = DEFINITION["States"][name], Counter[int]()
        while True:
            try:
                answer = self._call(ctx, name, given)
            except AbortedError:
                return self._fail(name, given, "States.Aborted")
            except (Exception, KilledError) as raised:  # noqa: BLE001 - as Step Functions sees it
                error = KILLED if isinstance(raised, KilledError) else type(raised).__name__
                if self._retries(state, error, used):
                    continue
                for rule in state.get("Catch", ()):
                    if {error, "States.ALL"} & set(rule["ErrorEquals"]):
                        return rule["Next"], {"cause": error}
                return self._fail(name, given, error)
            if state.get("End"):
                self.output = answer
            return state.get("Next", ""), answer

    def _call(self, ctx: ChangeContext, name: str, given: Any) -> Any:
        event = {"change_id": self.change_id, "holder": holder_of(self.arn, self.redrives)}
        if name == "Compensate Change":
            event["cause"] = given["cause"]
        if name == "Complete Change":
            defaults = {"cause": "", "left": [], "stands": False}
            event |= {key: given.get(key, value) for key, value in defaults.items()}
        # The handlers' modules import it by name.
        modules = [f"tasks.{module}.context" for module in MODULES]
        patches = [patch(target, lambda: ctx) for target in modules]
        for each in patches:
            each.start()
        try:
            return json.loads(json.dumps(HANDLERS[name](json.loads(json.dumps(event)), None)))
        finally:
            for each in patches:
                each.stop()

    @staticmethod
    def _retries(state: Any, error: str, used: Counter[int]) -> bool:
        for number, rule in enumerate(state["Retry"]):
            if error in rule["ErrorEquals"]:
                used[number] += 1
                return used[number] <= int(rule["MaxAttempts"])
        return False

    def _fail(self, name: str, given: Any, error: str) -> tuple[str, Any]:
        self.failed_at, self.error, self._given = name, error, given
        return "", None
