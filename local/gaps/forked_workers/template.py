"""The process that workers are forked from, seen from the emulator's process."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.gaps.forked_workers.worker import ForkedWorker

_PROCESS = Path(__file__).with_name("process.py")
_CLOSED = "the process that workers are forked from was closed"


NOBODY_TELLS = -signal.SIGKILL
"""The code of a worker that ends after the template was closed: only its parent could have asked.
Whatever is left then is being killed."""


class TemplateGoneError(RuntimeError):
    """The process from which workers are forked has ended, so that no function starts any more."""


class Template:
    """Started with the first worker. Safe for many threads. Once closed it is not started again:
    the new one would be no parent of the workers that there are.

    `code`: the folder of these workers' code, of which the process imports what most share."""

    def __init__(self, code: Path | None = None) -> None:
        self._code = code
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._closed = False

    def fork(self, script: str, folder: str, environment: Mapping[str, str]) -> ForkedWorker:
        """A Python that runs `script` in `folder`, with this environment."""
        pipes = [os.pipe() for _ in range(4)]
        stdin, stdout, stderr, life = pipes
        theirs = [stdin[0], stdout[1], stderr[1], life[1]]
        try:
            asked = {"script": script, "folder": folder, "environment": dict(environment)}
            pid = self._asked(asked, theirs)["pid"]
        except BaseException:
            for ours in (stdin[1], stdout[0], stderr[0], life[0]):
                os.close(ours)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        return ForkedWorker(pid, stdin[1], stdout[0], stderr[0], life[0], self._ended)

    def close(self) -> None:
        """Let it end."""
        with self._lock:
            self._closed = True
            if self._line is not None:
                self._line.close()
            if self._process is not None:
                self._process.wait()
            self._line = self._process = None

    def _ended(self, pid: int) -> int:
        """The code of a worker that has ended, or is about to; negative: the signal."""
        try:
            return int(self._asked({"ended": pid})["code"])
        except TemplateGoneError:
            if not self._closed:
                raise
            return NOBODY_TELLS

    def _asked(self, request: dict[str, Any], descriptors: list[int] | None = None) -> Any:
        body = json.dumps(request).encode()
        with self._lock:
            if self._closed:
                raise TemplateGoneError(_CLOSED)
            line = self._line or self._start()
            try:
                socket.send_fds(line, [struct.pack("!I", len(body))], descriptors or [])
                line.sendall(body)
                with line.makefile("rb") as answers:
                    answer = answers.readline()
            except OSError:
                answer = b""
        if not answer:
            raise TemplateGoneError("no answer from the process that workers are forked from")
        return json.loads(answer)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", str(_PROCESS), str(theirs.fileno())]
            command += [str(self._code)] if self._code else []
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])
        self._line = ours
        return ours


class Templates:
    """One for each code that is ours, since a release may follow another while a stage runs; one
    for everybody else's functions."""

    def __init__(self) -> None:
        self._lock, self._closed = threading.Lock(), False
        self._made: dict[Path | None, Template] = {}

    def of(self, script: str) -> Template:
        """From which a worker is forked whose script lies beside a folder of its code."""
        code = (Path(script).parent / "code").resolve()
        ours = code if (code / "cognito_standby" / "core").is_dir() else None
        with self._lock:
            if self._closed:
                raise TemplateGoneError(_CLOSED)
            return self._made.setdefault(ours, Template(ours))

    def close(self) -> None:
        """Let them end. Nothing starts any more."""
        with self._lock:
            self._closed = True
            for one in self._made.values():
                one.close()
