"""The faults of a local AWS that runs in another process."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from local.faults.model import Fault, FaultError

_PATH = "/_local/faults"
_SECONDS = 10.0


class RemoteFaults:
    """Adds, lists and ends faults over the control interface. All calls: FaultError."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def add(self, fault: Fault) -> int:
        """Start a fault; returns its id."""
        return int(self._call("POST", "", fault.to_dict())["id"])

    def clear(self, number: int | None = None) -> int:
        """End one fault, or all; returns how many ended."""
        return int(self._call("DELETE", "" if number is None else f"/{number}")["ended"])

    def state(self) -> dict[str, Any]:
        """The active faults and all counters since the start."""
        return self._call("GET", "")

    def _call(self, method: str, path: str, data: Any = None) -> dict[str, Any]:
        body = None if data is None else json.dumps(data).encode()
        url = self._endpoint + _PATH + path
        request = urllib.request.Request(url, data=body, method=method)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as reply:  # noqa: S310
                return dict(json.loads(reply.read()))
        except urllib.error.HTTPError as error:
            raise FaultError(_told(error)) from None
        except OSError as error:
            raise FaultError(f"no local AWS answers on {self._endpoint}: {error}") from None


def _told(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read())["message"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {error.code}"
