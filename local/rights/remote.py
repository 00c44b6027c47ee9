"""What was judged on a local AWS that runs in another process."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

_PATH, _SECONDS = "/_local/rights", 10.0


def read_rights(endpoint: str) -> dict[str, Any]:
    """`Rights.state()` of the running local AWS. OSError: it does not answer."""
    url = endpoint + _PATH
    with urllib.request.urlopen(url, timeout=_SECONDS) as reply:  # noqa: S310 - loopback
        return dict(json.loads(reply.read()))
