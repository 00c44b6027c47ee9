"""Forty-odd people's pool is adopted while people sign up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adopt.empty_aws import serving
from tests.adopt.run import Run, Size

pytestmark = [pytest.mark.local_aws, pytest.mark.full, pytest.mark.timeout(3600)]


def test_nobody_is_lost_and_nothing_of_the_owners_is_changed(tmp_path: Path) -> None:
    with serving() as aws:
        outcome = Run(aws, tmp_path, Size(users=45, pause=2.0, few=3, rounds=0))()
    assert outcome.problems == []
    assert outcome.seen.refused, "the owner's function says no in its own words"
    assert outcome.seen.named, "tokens told the origin sub while ours stood there"
    during = [name for name in outcome.phases if name.startswith(("attaching", "detaching"))]
    assert during, "people signed up while triggers changed"
