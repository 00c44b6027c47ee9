"""What the release before makes of items and messages: run by its own code, in a process apart.

It reads `[kind, what]` from stdin, a JSON line each, and answers with what it understands, or with
the name of its error and what that says. Only names of that release are known here.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from decimal import Decimal
from importlib import import_module
from typing import Any


def main() -> None:
    """Answer line by line."""
    for line in sys.stdin:
        kind, what = json.loads(line, parse_int=Decimal)
        try:
            told = _READERS[kind](what)
        except Exception as error:  # noqa: BLE001 - the answer, whatever it is
            told = {"error": type(error).__name__, "text": str(error)}
        sys.stdout.write(json.dumps(told, default=str) + "\n")


def _record(item: Any) -> Any:
    return asdict(_ITEMS.record_from(item))


def _claim(item: Any) -> Any:
    return {"number": _ITEMS.claim_from(item)}


def _row(item: Any) -> Any:
    return asdict(_ITEMS.ledger_row(_SUBJECTS.Subject.from_key(item["subject"]), item))


def _hint(raw: Any) -> Any:
    return asdict(_HINTS.Hint.from_dict(raw))


_ITEMS = import_module("cognito_standby.adapters.items")
_HINTS = import_module("cognito_standby.domain.hints")
_SUBJECTS = import_module("cognito_standby.domain.subjects")
_READERS = {"record": _record, "claim": _claim, "row": _row, "hint": _hint}

if __name__ == "__main__":
    main()
