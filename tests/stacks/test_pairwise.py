"""Of providers whose subjects differ between the pools: who is told of them."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest

from cognito_standby.core.domain.identities import PAIRWISE
from cognito_standby.triggers.settings import ElsewhereSettings, TokenSettings
from stacks.config.source import parse
from stacks.names import Names
from tests.stacks.variants import MINIMAL


def _tokens(region: str, **change: Any) -> dict[str, str]:
    """What PreTokenGeneration of a Region is told."""
    from stacks.constructs.functions.environments import of_triggers  # noqa: PLC0415
    from stacks.constructs.functions.task_list import Role  # noqa: PLC0415

    config, resources = parse({**MINIMAL, **change}, "test.json"), MagicMock()
    resources.bus.event_bus_name = resources.parked_hints.queue_url = "told"
    resources.ledger.table_name = "ledger"
    return dict(of_triggers(config, Names("alpha"), resources, region)[Role.TOKENS])


def test_the_backup_s_tokens_claim_nothing_of_whom_a_pairwise_provider_makes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the primary's pool they are who was first seen there, as everybody is."""
    named = {"pairwise_providers": ["Facebook"]}
    told = _tokens("us-west-2", **named)
    assert ElsewhereSettings.from_env(told).subject_types == {"Facebook": PAIRWISE}
    assert TokenSettings.from_env(told).parts.home
    assert "SUBJECT_TYPES" not in _tokens("us-east-1", **named)
    assert "SUBJECT_TYPES" not in _tokens("us-west-2")
    assert ElsewhereSettings.providers() == frozenset()
    monkeypatch.setenv("SUBJECT_TYPES", told["SUBJECT_TYPES"])
    assert ElsewhereSettings.providers() == {"Facebook"}
