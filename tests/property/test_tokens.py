"""In every explored state a token claims the truth or nothing (`tokens.TokenCheck` sees each); a
rule about it that is broken is noticed."""

from __future__ import annotations

from collections.abc import Mapping
from unittest.mock import patch

import pytest

from cognito_standby.triggers.domain import origins
from cognito_standby.triggers.domain.origins import Claim, Reason
from tests.property.bounds.sync import named_bounds
from tests.property.explore import explore

BOUNDS = named_bounds("sign-up, failover, a fault")


def _own_sub(attributes: Mapping[str, str], mapped: str | None, *, marked: bool) -> Claim:
    """Whoever is not mapped is taken for somebody who was born here."""
    assert marked
    return Claim(mapped or attributes["sub"], Reason.BORN_HERE)


def _the_attribute(attributes: Mapping[str, str], _: str | None, *, marked: bool) -> Claim:
    """As a copy of the user alone would say it, without the ledger."""
    assert marked
    origin = attributes.get("custom:origin_sub", "") or "nobody"
    return Claim(origin, Reason.MAPPED)


@pytest.mark.parametrize("broken", [_own_sub, _the_attribute], ids=lambda each: each.__name__)
def test_a_broken_rule_is_caught(broken: object) -> None:
    with patch.object(origins, "claim_of", broken):
        report = explore(BOUNDS, seconds=60, deep=True)
    assert report.finding is not None
    assert "a token claims" in str(report.finding)
