"""A folder in which `standby` finds two Regions, and what answers there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cognito_standby.cli import regions as cli_regions
from tests.unit.operator.operator_world import OTHER, REGION

LOCAL = {
    "endpoint": "http://127.0.0.1:1",
    "account": "111111111111",
    "primary": {"region": REGION},
    "backup": {"region": OTHER},
}


def standby_finds(
    open_region: Callable[[str], Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`open_region`: a Region's name -> its context, or why it is not reached."""
    monkeypatch.setattr(cli_regions, "open_region", lambda _, region: open_region(region))
    (folder / ".local").mkdir()
    (folder / ".local" / "outputs.json").write_text(json.dumps(LOCAL))
    monkeypatch.chdir(folder)
