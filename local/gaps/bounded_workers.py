"""Gap: one process per concurrent Lambda invocation.

AWS runs each concurrent invocation in an environment of its own, up to the account's concurrency.
The emulator does the same with Python processes, and a burst of a few dozen executions then costs
gigabytes and minutes of start-up on a laptop. Here the invocations of one function queue for a few
workers, which also keeps them warm. A worker that logged nothing also gives its result at once,
where the emulator waits 50 ms for a line to come.

What waits in the queue is nothing that runs: the emulator's own limit of what is in flight, which
depends on the machine's memory and refused a sign-up's trigger during a backlog, is off.

Limits: a function that invokes itself synchronously deeper than the number of workers would wait
for ever (ours never do). The time spent in the queue does not count as the function's run time.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from local.patching import replace

_LOG_SECONDS = 0.005


def install(per_function: int) -> None:
    """Let at most `per_function` invocations of one function run at a time."""
    from ministack.core import lambda_runtime  # noqa: PLC0415
    from ministack.services import lambda_svc  # noqa: PLC0415

    slots: defaultdict[str, threading.BoundedSemaphore] = defaultdict(
        lambda: threading.BoundedSemaphore(per_function)
    )
    guard = threading.Lock()

    def wrap(run: Callable[..., Any]) -> Callable[..., Any]:
        def queued(func: dict[str, Any], event: Any, request_id: str) -> Any:
            name = str((func.get("config") or func).get("FunctionArn", ""))
            with guard:
                slot = slots[name]
            with slot:
                return run(func, event, request_id)

        return queued

    def prompt(drain: Callable[..., Any]) -> Callable[..., Any]:
        def drained(worker: Any) -> Any:
            return drain(worker, first_line_wait=_LOG_SECONDS)

        return drained

    replace(lambda_svc, "_execute_function_warm", wrap)
    replace(lambda_runtime.Worker, "_drain_stderr_bounded", prompt)
