"""A Lambda's environment that dies in mid-run, as when it runs out of memory.

The process gets SIGKILL; what it did until then stays done. The caller sees `Runtime.ExitError`,
and the next invocation starts a new environment (AWS Lambda developer guide, "Troubleshoot
execution issues in Lambda"). The time counts from the start of the handler: nobody dies in a cold
start, where the emulator would take the function's other environments down, too.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from local.faults.model import FaultKind
from local.faults.registry import Faults
from local.patching import replace


def install(faults: Faults) -> None:
    """Kill what is to be killed."""
    from ministack.core import lambda_runtime  # noqa: PLC0415

    def wrap(invoke: Callable[..., Any]) -> Callable[..., Any]:
        def invoked(worker: Any, *args: Any, **more: Any) -> Any:
            seconds = _sentence(faults, worker)
            if seconds is None:
                return invoke(worker, *args, **more)
            lambda_runtime.ensure_spawned(worker)
            assassin = _Assassin(faults, worker, seconds)
            try:
                return invoke(worker, *args, **more)
            finally:
                assassin.cancel()

        return invoked

    replace(lambda_runtime.Worker, "invoke", wrap)


def _sentence(faults: Faults, worker: Any) -> float | None:
    if not faults.any:
        return None
    return faults.kill_after(**_names(worker))


def _names(worker: Any) -> dict[str, str]:
    region = str(worker.config.get("FunctionArn", ":::")).split(":")[3]
    return {"function": worker.func_name, "region": region}


class _Assassin:
    """Kills the worker of one invocation unless it ends in time."""

    def __init__(self, faults: Faults, worker: Any, seconds: float) -> None:
        self._faults, self._worker = faults, worker
        self._lock, self._over = threading.Lock(), False
        self._timer = threading.Timer(seconds, self._kill)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        with self._lock:
            self._over = True
        self._timer.cancel()

    def _kill(self) -> None:
        with self._lock:
            process = self._worker._proc
            if self._over or process is None or process.poll() is not None:
                return
            with contextlib.suppress(OSError):
                process.kill()
                self._faults.note(FaultKind.KILL, "kill", **_names(self._worker))
