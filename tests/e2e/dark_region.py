"""The local AWS behind a proxy that swallows every call to one Region."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from local.outputs import StageOutputs

_HOP = ("host", "transfer-encoding", "content-length", "connection")


@contextmanager
def dark(outputs: StageOutputs, region: str) -> Iterator[StageOutputs]:
    """Outputs whose endpoint leads to the same AWS, in which `region` never answers."""
    over = threading.Event()

    class Proxy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if f"/{region}/" in self.headers.get("authorization", ""):
                over.wait(60)
                return
            headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP}
            url = outputs.endpoint + self.path
            request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310
            try:
                reply = urllib.request.urlopen(request, timeout=120)  # noqa: S310
            except urllib.error.HTTPError as error:
                reply = error
            self._pass_on(reply.status, reply.headers.items(), reply.read())

        def _pass_on(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield replace(outputs, endpoint=f"http://127.0.0.1:{server.server_port}")
    finally:
        over.set()
        server.shutdown()
        server.server_close()
