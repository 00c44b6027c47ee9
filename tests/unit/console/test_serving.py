"""Where the console listens, and from when on."""

from __future__ import annotations

import socket
import urllib.request

import pytest

from cognito_standby.console.web.app import Server, bound
from tests.unit.console.console_world import ConsoleWorld


def test_the_address_answers_as_soon_as_it_is_known() -> None:
    """A browser may be there before the server: it waits instead of being refused."""
    listening = bound(0)
    host, port = listening.getsockname()
    assert host == "127.0.0.1"
    world = ConsoleWorld(port=port)
    with socket.create_connection((host, port), 5):
        server = Server(world.app, listening)
        thread = server.start()
        with urllib.request.urlopen(world.keys.address, timeout=60) as answer:  # noqa: S310 - loopback
            assert answer.status == 200
            assert "server" not in answer.headers, "nobody is told what serves"
    server.stop()
    thread.join(60)
    assert not thread.is_alive()


def test_the_end_is_quiet_while_somebody_has_a_page_open(capfd: pytest.CaptureFixture[str]) -> None:
    listening = bound(0)
    port = listening.getsockname()[1]
    world = ConsoleWorld(port=port)
    cookie = f"{world.keys.cookie}={world.keys.session}"
    server = Server(world.app, listening)
    thread = server.start()
    with socket.create_connection(("127.0.0.1", port), 60) as tab:
        asked = f"GET /live/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n"
        tab.sendall(asked.encode())
        assert tab.recv(15) == b"HTTP/1.1 200 OK"
        server.stop()
        thread.join(60)
    assert not thread.is_alive()
    assert capfd.readouterr().err == ""
