"""A forked worker: what the emulator asks of the `subprocess.Popen` that it takes it for."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import threading
from collections.abc import Callable


class ForkedWorker:
    """It has ended when nobody holds the other end of `life` any more.

    Until its code was asked for, nobody else gets its process id, so that a signal reaches nobody
    else.
    """

    def __init__(
        self, pid: int, stdin: int, stdout: int, stderr: int, life: int, code: Callable[[int], int]
    ) -> None:
        self.pid = pid
        self.stdin = os.fdopen(stdin, "w", encoding="utf-8", buffering=1)
        self.stdout = os.fdopen(stdout, encoding="utf-8")
        self.stderr = os.fdopen(stderr, encoding="utf-8")
        self.returncode: int | None = None
        self._life = os.fdopen(life, "rb", buffering=0)
        self._code, self._lock = code, threading.Lock()

    def poll(self) -> int | None:
        """The code of its end; None while it runs."""
        return self._looked(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """The code of its end; `subprocess.TimeoutExpired` if it has not ended by then."""
        code = self._looked(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(f"worker {self.pid}", timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        """Nothing happens to one that has ended."""
        with self._lock:
            if self.returncode is None:
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _looked(self, seconds: float | None) -> int | None:
        """After at most so many seconds, None: however long it takes."""
        if self.returncode is None:
            looking = select.poll()
            looking.register(self._life, select.POLLIN | select.POLLHUP)
            milliseconds = None if seconds is None else round(1000 * seconds)
            if not looking.poll(milliseconds):
                return None
            with self._lock:
                if self.returncode is None:
                    self.returncode = self._code(self.pid)
        return self.returncode
