"""Gap: one process per concurrent Lambda invocation.

AWS runs each concurrent invocation in an environment of its own, up to the account's concurrency.
The emulator does the same with Python processes, and a burst of a few dozen executions then costs
gigabytes and minutes of start-up on a laptop. Here the invocations of one function queue for a few
workers, which also keeps them warm. A worker that logged nothing also gives its result at once,
where the emulator waits 50 ms for a line to come.

What waits in the queue is nothing that runs: the emulator's own limit of what is in flight, which
depends on the machine's memory and refused a sign-up's trigger during a backlog, is off.

The time in the queue counts neither as the function's run time nor against the `TimeoutSeconds` of
the task that called it: a task that gave up meanwhile would be tried again beside its first
invocation, which AWS has ended by then.

Limits: a function that invokes itself synchronously deeper than the number of workers would wait
for ever (ours never do).
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from local.patching import replace, require

_LOG_SECONDS = 0.005


@dataclass
class _Turn:
    """Where a task's call stands: `runs` is clear while it queues; `since` when it does not."""

    runs: threading.Event = field(default_factory=threading.Event)
    since: float = field(default_factory=time.monotonic)


_turn: ContextVar[_Turn | None] = ContextVar("turn", default=None)


def install(per_function: int) -> None:
    """Let at most `per_function` invocations of one function run at a time."""
    from ministack.core import lambda_runtime  # noqa: PLC0415
    from ministack.services import lambda_svc  # noqa: PLC0415
    from ministack.services import stepfunctions as sf  # noqa: PLC0415

    slots: defaultdict[str, threading.BoundedSemaphore] = defaultdict(
        lambda: threading.BoundedSemaphore(per_function)
    )
    guard = threading.Lock()

    def wrap(run: Callable[..., Any]) -> Callable[..., Any]:
        def queued(func: dict[str, Any], event: Any, request_id: str) -> Any:
            name = str((func.get("config") or func).get("FunctionArn", ""))
            with guard:
                slot = slots[name]
            turn = _turn.get()
            if turn is not None and not slot.acquire(blocking=False):
                turn.runs.clear()
                slot.acquire()
                turn.since = time.monotonic()
                turn.runs.set()
            elif turn is None:
                slot.acquire()
            try:
                return run(func, event, request_id)
            finally:
                slot.release()

        return queued

    def prompt(drain: Callable[..., Any]) -> Callable[..., Any]:
        def drained(worker: Any) -> Any:
            return drain(worker, first_line_wait=_LOG_SECONDS)

        return drained

    require(hasattr(sf, "_invoke_resource"), "stepfunctions._invoke_resource is gone")
    replace(sf, "_invoke_resource_with_timeout", lambda _: _timed(sf))
    replace(lambda_svc, "_execute_function_warm", wrap)
    replace(lambda_runtime.Worker, "_drain_stderr_bounded", prompt)


def _timed(sf: Any) -> Callable[..., Any]:
    """A task with a time limit, which begins when its call is not queued any more."""

    def invoked(resource: str, given: Any, seconds: float) -> Any:
        turn = _Turn()
        turn.runs.set()
        context = contextvars.copy_context()
        context.run(_turn.set, turn)
        pool = ThreadPoolExecutor(max_workers=1)
        future = pool.submit(context.run, sf._invoke_resource, resource, given)
        pool.shutdown(wait=False)
        while (left := turn.since + seconds - time.monotonic()) > 0 or not turn.runs.is_set():
            wait({future}, timeout=max(0.0, left))
            if future.done():
                return future.result()
            turn.runs.wait()
        text = f"Task timed out after {seconds} seconds"
        raise sf._ExecutionError("States.Timeout", text)

    return invoked
