"""The console as one ASGI app, and serving it on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from cognito_standby.console.web.acts import Acts
from cognito_standby.console.web.conflicts import ConflictPages
from cognito_standby.console.web.guard import Guard
from cognito_standby.console.web.pages import Pages
from cognito_standby.console.web.site import Place, Site, breakage
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.services.context import told

HOST = "127.0.0.1"
Routes = Callable[[Site], Sequence[BaseRoute]]


def _none(_: Site) -> Sequence[BaseRoute]:
    return ()


@dataclass(frozen=True)
class More:
    """What another module adds to the pages: `local` does beside `make up`. `places`: entries of
    the navigation; `folders`: packages with more templates."""

    routes: Routes = _none
    places: tuple[Place, ...] = ()
    folders: tuple[str, ...] = ()


def console_app(site: Site, routes_beside: Routes = _none) -> ASGIApp:
    """Everything behind the guard."""

    def refused(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            status, why = error.status_code, error.detail
        elif isinstance(error, StandbyError):
            status, why = 502, told(error)
        else:
            status, why = 500, breakage(error)
        return site.refusal(request, status, f"{why}.".replace("..", "."))

    routes = [
        Mount("/static", StaticFiles(packages=[("cognito_standby.console.web", "static")])),
        *Pages(site).routes,
        *ConflictPages(site).routes,
        *Acts(site).routes,
        *routes_beside(site),
    ]
    handlers = {HTTPException: refused, StandbyError: refused, Exception: refused}
    return Guard(Starlette(routes=routes, exception_handlers=handlers), site.keys)


def bound(port: int) -> socket.socket:
    """A socket on loopback that is listened on already: who comes before the server waits for it.
    OSError: the port is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        made.listen()
    except OSError:
        made.close()
        raise
    return made


class Server:
    """Serves an app on a socket that is bound already. Nothing is logged of requests: addresses
    can name people. Nothing of errors either: what breaks is told on the page, and tabs that are
    open at the end are cut off, which is none."""

    def __init__(self, app: ASGIApp, on: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=30,
        )
        self._server, self._socket = uvicorn.Server(config), on

    def run(self) -> None:
        """Until Ctrl-C."""
        self._server.run(sockets=[self._socket])

    def start(self) -> threading.Thread:
        """In a thread."""
        thread = threading.Thread(target=self.run, daemon=True, name="console")
        thread.start()
        return thread

    def stop(self) -> None:
        """Ends `run`."""
        self._server.should_exit = True
