"""EventBridge, SQS and others on loopback: what they take, refuse, or never answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TAKES, REFUSES, FAILS, HANGS = "takes", "refuses", "fails", "hangs"
_ANSWERS = {
    TAKES: {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}], "MessageId": "1"},
    REFUSES: {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]},
    FAILS: {"__type": "InternalFailure"},
}


class Service(ThreadingHTTPServer):
    """One endpoint. `bodies` are the requests that it got, parsed."""

    daemon_threads = True

    def __init__(self, behaviour: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour = behaviour
        self.recovers_after: int | None = None
        """Requests after which it takes everything."""
        self.bodies: list[dict[str, Any]] = []
        self.answer: dict[str, Any] | None = None
        """What it answers where it takes a request, if not as EventBridge and SQS do."""
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def behaviour_now(self) -> str:
        """How it treats the request that came last."""
        over = self.recovers_after is not None and len(self.bodies) > self.recovers_after
        return TAKES if over else self.behaviour


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.server.bodies.append(json.loads(self.rfile.read(length)))
        behaviour = self.server.behaviour_now()
        if behaviour == HANGS:
            self.server.ended.wait(30)
            return
        own = self.server.answer if behaviour == TAKES else None
        body = json.dumps(own or _ANSWERS[behaviour]).encode()
        self.send_response(500 if behaviour == FAILS else 200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving(behaviour: str) -> Iterator[Service]:
    """An endpoint that answers as told, or does not."""
    service = Service(behaviour)
    thread = threading.Thread(target=service.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.ended.set()
        service.shutdown()
        service.server_close()
        thread.join(5)
