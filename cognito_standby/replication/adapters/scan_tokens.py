"""Where a scan of the records table goes on: DynamoDB's last key as a text, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cognito_standby.core.adapters.items import plain, wire
from cognito_standby.core.domain.errors import InvalidRecordError

_KEY = {"origin_sub", "region"}


def token_of(answer: Mapping[str, Any]) -> str:
    """Leads on from an answer of Scan; "": that was the last."""
    last = answer.get("LastEvaluatedKey")
    return json.dumps(plain(last)) if last else ""


def start_at(token: str, what: str) -> dict[str, Any]:
    """The argument of Scan that goes on from a token; none for "". `what` is scanned, for the
    error. InvalidRecordError: the token is none."""
    if not token:
        return {}
    try:
        key = json.loads(token)
    except ValueError:
        key = None
    if not isinstance(key, dict) or set(key) != _KEY or not all(map(_is_text, key.values())):
        raise InvalidRecordError(f"the {what} cannot be continued from there")
    return {"ExclusiveStartKey": wire(key)}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""
