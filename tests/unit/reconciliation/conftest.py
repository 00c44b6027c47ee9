from __future__ import annotations

import pytest

from tests.unit.reconciliation.settled import Settled, settle


@pytest.fixture
def settled() -> Settled:
    """Three people and a group, in sync in both Regions."""
    return settle()
