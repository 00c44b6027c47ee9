"""Twin of the machine `reconcile_pool`: it starts what it is told to and waits for answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from cognito_standby.core.domain.errors import MisconfiguredError
from tests.twins.operator.operations import Switch


class InMemoryReconciliations:
    """Reconciliations. `begin` is called with (ARN, input) for every new execution."""

    PREFIX = "arn:aws:states:us-east-1:111111111111:execution:standby-reconcile_pool:"

    def __init__(
        self,
        begin: Callable[[str, Mapping[str, Any]], None] = lambda _arn, _given: None,
        switch: Switch | None = None,
    ) -> None:
        self._begin, self._switch = begin, switch or Switch()
        self.started: dict[str, str] = {}
        self.waiting: set[str] = set()
        self.answered: dict[str, bool] = {}

    def start(self, name: str, given: Mapping[str, Any]) -> str:
        """A new execution; MisconfiguredError: there is one of that name with another input."""
        self._switch.check()
        arn, text = self.PREFIX + name, json.dumps(given)
        if self.started.get(name, text) != text:
            raise MisconfiguredError("StartExecution: ExecutionAlreadyExists")
        if name not in self.started:
            self.started[name] = text
            self._begin(arn, given)
        return arn

    def wait_for(self, task_token: str) -> str:
        """Have a task that waits; its token."""
        self.waiting.add(task_token)
        return task_token

    def answer(self, task_token: str, *, approved: bool) -> bool:
        """Each task is answered once."""
        self._switch.check()
        if task_token not in self.waiting:
            return False
        self.waiting.remove(task_token)
        self.answered[task_token] = approved
        return True
