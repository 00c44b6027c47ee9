"""Sixty people in bad weather."""

from __future__ import annotations

import pytest

from tests.chaos.__main__ import OPTIONS
from tests.chaos.run import Run
from tests.e2e.local_stage import deployed

pytestmark = [pytest.mark.local_aws, pytest.mark.timeout(2400)]


def test_nothing_is_lost(tmp_path_factory: pytest.TempPathFactory) -> None:
    with deployed("username", tmp_path_factory.mktemp("chaos"), *OPTIONS) as stage:
        result = Run(stage, users=60, seed=1)()
    assert result.divergences == []
    assert result.problems == []
    assert result.created_silently, "the observer saw the replays"
    assert result.stopped
    assert result.dead_letters, "those that were stopped, and refusals"
    assert {"kill", "duplicate", "reorder", "late replication"} <= set(result.faults)
