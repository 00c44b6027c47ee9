"""Reading an address as an app does: without credentials."""

from __future__ import annotations

import urllib.error
import urllib.request
from email.message import Message


def get(url: str, **headers: str) -> tuple[int, Message, str]:
    """Status, headers and text, whatever the status is; `If_None_Match` names a header."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=named)) as reply:  # noqa: S310
            return reply.status, reply.headers, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()
