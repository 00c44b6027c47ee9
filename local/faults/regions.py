"""A dark Region stands still: machines stop at their next step, rules and replication queue.

Pipes ask `Faults.dark` themselves; Lambdas are started by what stands still here, or over HTTP,
which the gate refuses. Limits: a function that runs when the light goes out runs on, and its calls
to the Region are refused; waits and schedules go on counting; messages age in their queues.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from local.faults.model import REPLICATION, FaultKind
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


@dataclass(frozen=True)
class _Write:
    """A write on its way from `home` to a replica, where it is due at `due` (seconds)."""

    home: str
    item: tuple[str, ...]
    due: float
    send: Callable[[], None]


class Replication:
    """Writes on their way to replicas. Those from or to a dark Region wait, and those over a parted
    edge; a lag lets some arrive after later ones. Two writes of one item stay in order: of these
    the newest wins on AWS, too, however they arrive."""

    def __init__(
        self,
        faults: Faults,
        write: Callable[..., Any],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._faults, self._write, self._clock = faults, write, clock
        self._waiting: dict[str, list[_Write]] = {}
        self._lock = threading.RLock()
        faults.on_change(self.deliver)

    def __call__(self, table: dict[str, Any], *change: Any) -> None:
        """Replicate one write, or keep it for later. `change`: kind, item before, item after."""
        from ministack.core.responses import get_region  # noqa: PLC0415

        home = get_region()
        for region in table.get("_global_regions") or []:
            if region == home:
                continue
            arguments = ({**table, "_global_regions": [home, region]}, *change)
            with self._lock:
                seconds = self._faults.lag(region)
                write = _Write(
                    home,
                    _key_of(table, *change[1:]),
                    self._clock() + seconds,
                    partial(contextvars.copy_context().run, self._write, *arguments),
                )
                self._waiting.setdefault(region, []).append(write)
                self.deliver()
                if write in self._waiting[region] and not seconds:
                    self._note(home, region)
            if seconds:
                later = threading.Timer(seconds, self.deliver)
                later.daemon = True
                later.start()

    def deliver(self) -> None:
        """Hand over what is due and can arrive."""
        with self._lock:
            now = self._clock()
            for region, queue in self._waiting.items():
                left = list[_Write]()
                for write in queue:
                    overtakes = any(write.item == each.item for each in left)
                    if overtakes or write.due > now or self._held(write.home, region):
                        left.append(write)
                    else:
                        write.send()
                queue[:] = left

    def _note(self, home: str, region: str) -> None:
        """Count a write that waits for a fault's end; one that waits for a write of its item before
        it was counted with that."""
        dark = next((each for each in (home, region) if self._faults.dark(each) is not None), "")
        if dark:
            self._faults.note(FaultKind.DARK, "late replication", region=dark)
        elif self._faults.parted(region):
            names = {"edge": REPLICATION, "region": region}
            self._faults.note(FaultKind.EDGE, "parted replication", **names)

    def _held(self, home: str, region: str) -> bool:
        dark = any(self._faults.dark(each) is not None for each in (home, region))
        return dark or self._faults.parted(region)


def _key_of(table: dict[str, Any], before: Any = None, after: Any = None) -> tuple[str, ...]:
    """Of which item a write is."""
    item = after or before or {}
    names = (table.get("pk_name"), table.get("sk_name"))
    return (str(table.get("TableName")), *(str(item.get(name)) for name in names if name))
