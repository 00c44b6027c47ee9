"""The calls that reach a pool, and what the ledger names before them (I4), in their order.

The recorded file is reviewed like code: a change of it is a change of what people's pools see.
`python -m tests.unit.replication.writing.test_calls` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.replication.writing.situations import SITUATIONS

RECORDED = Path(__file__).with_name("calls.json")


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_same_calls_in_the_same_order(situation: str) -> None:
    assert SITUATIONS[situation]() == json.loads(RECORDED.read_text())[situation]


if __name__ == "__main__":
    made = {name: run() for name, run in SITUATIONS.items()}
    RECORDED.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n")
