"""Contract of HintBus and HintParking."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.hints import Hint
from tests.contract.backends import Backend, Hints

FULL = Hint(
    local_sub="l-1",
    cause="PostConfirmation_ConfirmSignUp",
    change_id="c-1",
    hinted_at="2026-03-04T05:06:07+00:00",
    user_pool_id="us-east-1_abc",
    created=True,
)
GROUP = Hint(group='editors \N{GRINNING FACE} "a,b"')


@pytest.fixture(params=["bus", "parking"])
def way(request: pytest.FixtureRequest, backend: Backend) -> Hints:
    return backend.bus() if request.param == "bus" else backend.parking()


def test_nothing_arrives_by_itself(way: Hints) -> None:
    assert way.arrived() == []


@pytest.mark.parametrize(
    "hint", [FULL, GROUP, Hint(origin_sub="o-1")], ids=["full", "group", "sub"]
)
def test_a_hint_arrives_as_it_was_sent(way: Hints, hint: Hint) -> None:
    way.send(hint)
    assert way.arrived() == [hint]


def test_every_hint_arrives_equal_ones_too(way: Hints) -> None:
    for hint in (FULL, GROUP, FULL):
        way.send(hint)
    arrived = way.arrived()
    assert sorted(arrived, key=repr) == sorted((FULL, GROUP, FULL), key=repr)


def test_a_hint_that_was_not_taken_is_an_error(way: Hints) -> None:
    way.destroy()
    with pytest.raises(StandbyError):
        way.send(FULL)
