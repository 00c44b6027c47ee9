"""A service on loopback whose answers break off, or are changed on their way."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
from botocore.config import Config

from cognito_standby.core.adapters.whole_answers import whole
from tests.contract.backends import PRIMARY


@dataclass(frozen=True)
class Answer:
    """What is sent, and what is said of it. `length` None: in chunks, and never ended."""

    sent: bytes
    length: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


class Service(ThreadingHTTPServer):
    """Answers everything alike."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.requests = 0

    def make(self, service: str, attempts: int = 1) -> Any:
        """A client as the functions make theirs."""
        make: Any = boto3.client
        config = Config(retries={"mode": "standard", "total_max_attempts": attempts})
        url = f"http://127.0.0.1:{self.server_port}"
        return whole(make(service, region_name=PRIMARY, config=config, endpoint_url=url))


class _Handler(BaseHTTPRequestHandler):
    server: Service
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.requests += 1
        answer = self.server.answer
        self.send_response(answer.status)
        if answer.length is None:
            self.send_header("transfer-encoding", "chunked")
        else:
            self.send_header("content-length", str(answer.length))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.length is None:
            self.wfile.write(b"%x\r\n" % (len(answer.sent) + 9))
        self.wfile.write(answer.sent)
        self.close_connection = True

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def answering(answer: Answer) -> Iterator[Service]:
    """A service that gives this answer."""
    service = Service(answer)
    thread = threading.Thread(target=service.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()
        thread.join(5)
