"""A dark Region stands still: machines stop at their next step, rules and replication queue.

Pipes ask `Faults.dark` themselves; Lambdas are started by what stands still here, or over HTTP,
which the gate refuses. Limits: a function that runs when the light goes out runs on, and its calls
to the Region are refused; waits and schedules go on counting; messages age in their queues.
"""

from __future__ import annotations

import contextvars
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from local.faults.model import FaultKind
from local.faults.registry import Faults
from local.patching import replace

_ARN_REGION = 3


def install(faults: Faults) -> None:
    """Let executions, rules and replicas of a dark Region wait; after the gaps."""
    from ministack.services import dynamodb, eventbridge  # noqa: PLC0415
    from ministack.services import stepfunctions as sf  # noqa: PLC0415

    def pausing(add: Callable[..., Any]) -> Callable[..., Any]:
        def added(execution: dict[str, Any], *rest: Any, **more: Any) -> Any:
            faults.wait_for_light(str(execution.get("executionArn", ":::")).split(":")[_ARN_REGION])
            return add(execution, *rest, **more)

        return added

    replace(sf, "_add_event", pausing)
    replace(eventbridge, "_invoke_target", lambda invoke: _holding(faults, invoke))
    replace(dynamodb, "_replicate_write", lambda write: Replication(faults, write))


def _holding(faults: Faults, invoke: Callable[..., Any]) -> Callable[..., Any]:
    """Events of a dark Region reach their targets later, in any order, as on AWS."""
    from ministack.core.responses import get_region  # noqa: PLC0415

    def invoked(*args: Any) -> None:
        region = get_region()
        if faults.dark(region) is None:
            invoke(*args)
            return
        faults.note(FaultKind.DARK, "dark event", region=region)
        context = contextvars.copy_context()

        def later() -> None:
            faults.wait_for_light(region)
            context.run(invoke, *args)

        threading.Thread(target=later, name="dark-event", daemon=True).start()

    return invoked


class Replication:
    """Writes on their way to replicas; those to a dark Region wait, in order."""

    def __init__(self, faults: Faults, write: Callable[..., Any]) -> None:
        self._faults, self._write = faults, write
        self._waiting: dict[str, deque[tuple[contextvars.Context, tuple[Any, ...]]]] = {}
        self._lock = threading.RLock()
        faults.on_change(self.deliver)

    def __call__(self, table: dict[str, Any], *change: Any) -> None:
        """Replicate one write, or keep it for later."""
        from ministack.core.responses import get_region  # noqa: PLC0415

        home = get_region()
        for region in table.get("_global_regions") or []:
            if region == home:
                continue
            arguments = ({**table, "_global_regions": [home, region]}, *change)
            with self._lock:
                queue = self._waiting.setdefault(region, deque())
                if queue or self._held(region):
                    self._faults.note(FaultKind.DARK, "late replication", region=region)
                    queue.append((contextvars.copy_context(), arguments))
                else:
                    self._write(*arguments)

    def deliver(self) -> None:
        """Work off what waited for Regions that can be reached again."""
        with self._lock:
            for region, queue in self._waiting.items():
                while queue and not self._held(region):
                    context, arguments = queue.popleft()
                    context.run(self._write, *arguments)

    def _held(self, region: str) -> bool:
        return self._faults.dark(region) is not None or self._faults.parted(region)
