"""`LocalAws`: the emulator inside this process, on loopback, with every gap filled."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from local import scratch
from local.clients import Clients
from local.faults import Faults
from local.rights.enforcing import Rights
from local.settings import LocalSettings

if TYPE_CHECKING:
    from uvicorn import Config as ServerConfig
    from uvicorn import Server

    from local.gaps import FilledGaps

logger = logging.getLogger(__name__)
HOST = "127.0.0.1"
START_SECONDS = 120.0


class LocalAwsError(RuntimeError):
    """The local AWS could not be started."""


@dataclass
class _Process:
    """The emulator keeps its state in modules: one start for the life of a process."""

    started: bool = False


_process = _Process()


class LocalAws:
    """Emulated AWS accounts; a context manager.

    Credentials decide the account: a key is its number. `account` is that of whoever names none.
    `port=0` takes a free one. A second start in the same process is refused, because the
    emulator's state and its port live in its modules.
    """

    def __init__(
        self, *, port: int = 0, account: str = "111111111111", settings: LocalSettings | None = None
    ) -> None:
        self.account = account
        self.port = port
        self.settings = settings or LocalSettings()
        self.faults = Faults()
        self.rights = Rights(enforced=self.settings.rights)
        self.gaps: FilledGaps | None = None
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._state = ""
        self._clients: Clients | None = None

    @property
    def endpoint(self) -> str:
        """The URL every AWS client is pointed at."""
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> LocalAws:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def client(self, service: str, region: str, account: str = "") -> Any:
        """A boto3 client of this or another account, with dummy credentials and short time-outs."""
        if self._clients is None:
            raise LocalAwsError("the local AWS has not been started yet")
        return self._clients(service, region, account)

    def start(self) -> LocalAws:
        """Start serving; returns once the emulator answers."""
        if _process.started:
            raise LocalAwsError("this process has already run a LocalAws: start a new process")
        if "ministack" in sys.modules:
            raise LocalAwsError("the emulator was imported before it was configured")
        self.port = _usable(self.port)
        _process.started = True
        self._state = tempfile.mkdtemp(prefix="cognito-standby-local-", dir=scratch.enter())
        self._set_environment()
        with _root_logging_untouched():
            import ministack.app as emulator  # noqa: PLC0415 - reads its environment when imported

            from local.gaps import fill  # noqa: PLC0415 - patches the emulator's modules

            self.gaps = fill(emulator.app, self)
        self._serve(self.gaps.app)
        self._clients = Clients(self.endpoint, self.account)
        return self

    def stop(self) -> None:
        """Stop serving and end the Lambda workers; safe to call twice.

        RightsError, once all has ended: the run asked something that the judge does not know.
        """
        if self._thread is None or self._server is None:
            return
        self.faults.clear()
        if self.gaps is not None:
            self.gaps.close()
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._thread = None
        if self.gaps is not None:
            self.gaps.functions.close()
        shutil.rmtree(self._state, ignore_errors=True)
        self.rights.check()

    def _set_environment(self) -> None:
        os.environ.pop("AWS_PROFILE", None)  # a profile of the person's must not reach the workers
        os.environ.setdefault("FENCE_PATIENCE", "8")  # half a second is little on a busy machine
        os.environ.update(
            GATEWAY_PORT=str(self.port),
            BIND_HOST=HOST,
            MINISTACK_HOST=HOST,
            MINISTACK_ACCOUNT_ID=self.account,
            LAMBDA_ACCOUNT_CONCURRENCY="0",  # bounded_workers bounds what runs; what waits is free
            SFTP_ENABLED="0",
            IOT_MTLS_ENABLED="0",
            PERSIST_STATE="0",
            STATE_DIR=self._state,
            LOG_LEVEL="WARNING",
            SFN_WAIT_SCALE=str(self.settings.wait_scale),
        )

    def _serve(self, app: Any) -> None:
        from uvicorn import Server  # noqa: PLC0415 - only who starts it needs it

        self._server = server = Server(_configured(app, self.port))
        failure: list[BaseException] = []
        self._thread = threading.Thread(
            target=_run, args=(server, failure), name="local-aws", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._thread.is_alive():
            if server.started and _answers(f"{self.endpoint}/_ministack/health"):
                return
            time.sleep(0.02)
        reason = f": {failure[0]}" if failure else ""
        raise LocalAwsError(f"the emulator did not answer on {self.endpoint}{reason}")


def _configured(app: Any, port: int) -> ServerConfig:
    """A server as quick as this machine's libraries make it: half of what a small request takes is
    HTTP. Dates and names are the emulator's own."""
    from uvicorn import Config  # noqa: PLC0415 - as above

    # Of what it logs, an exception is news; a fault that cuts an answer short is none.
    logging.getLogger("uvicorn.error").addFilter(_tells_of_an_exception)
    return Config(
        app,
        host=HOST,
        port=port,
        ws="none",
        log_config=None,
        access_log=False,
        date_header=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=1,
        backlog=512,
    )


def _tells_of_an_exception(record: logging.LogRecord) -> bool:
    return bool(record.exc_info)


def _run(server: Server, failure: list[BaseException]) -> None:
    try:
        server.run()
    except BaseException as error:
        failure.append(error)
        logger.debug("the local AWS ended", exc_info=True)


def _usable(port: int) -> int:
    """The port itself if it is free, a free one for 0."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise LocalAwsError(f"port {port} of {HOST} is in use: choose another") from error
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as reply:  # noqa: S310 - our own loopback URL
            return bool(reply.status == 200)  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def _root_logging_untouched() -> Iterator[None]:
    """The emulator calls `logging.basicConfig` when imported; the host decides about output."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    placeholder = logging.NullHandler()
    root.addHandler(placeholder)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
