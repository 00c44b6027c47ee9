"""One of each kind of pool by the adapter on the local AWS, whose rules are not the twin's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.domain.subjects import Subject
from tests.contract.pool.boto_pool import BotoPool
from tests.twins.pool.config import PoolConfig
from tests.twins.stores.ledger import InMemoryLedger
from tests.unit.replication.fidelity.people import People
from tests.unit.replication.fidelity.stage import MODES, Stage, pool_in, stage

pytestmark = pytest.mark.local_aws

Client = Callable[[str], Any]
ONE_OF_EACH = [mode for mode in MODES if mode != "aliases that move"]
"""Whether an update moves an alias is not known of AWS; the local one refuses it."""


def _on(client: Client, config: PoolConfig) -> Stage:
    """The stage with two real pools; everything else stays in memory."""
    at = stage(config)
    for side in (at.active, at.standby):
        idp = client("cognito-idp")
        pool: Any = BotoPool(idp, pool_in(side.region, config))
        ledger = InMemoryLedger(side.clock, user_pool_id=pool.pool_id)
        side.pool, side.ledger = pool, ledger
        side.context = replace(
            side.context,
            directory=CognitoUserDirectory(idp, pool.pool_id),
            ledger=ledger,
            user_pool_id=pool.pool_id,
        )
    return at


@pytest.mark.parametrize("mode", ONE_OF_EACH)
def test_people_of_every_kind_of_pool(mode: str, local_client: Client) -> None:
    """They sign up, swap addresses, are locked, leave, and others take what they left."""
    people = People(mode, _on(local_client, MODES[mode]))
    for number in (1, 2):
        people.join(number)
    people.settle(1, 2)
    people.assert_same(1, 2)
    people.move(1, 9)
    people.move(2, 1)
    people.move(1, 2)
    people.at.active.pool.admin_disable_user(people.subs[2])
    people.settle(2, 1)
    people.assert_same(1, 2)
    former = people.subs[1]
    people.leave(1)
    people.join(1, address=2)
    people.at.settle(people.subs[1], former)
    people.assert_same(1, 2)
    assert people.at.twin(former) is None


def test_an_alias_that_a_confirmation_takes(local_client: Client) -> None:
    people = People("aliases", _on(local_client, MODES["aliases"]))
    people.join(1)
    people.settle(1)
    pool: Any = people.at.active.pool
    people.subs[2] = pool.sign_up("person-2", "Aa1!aaaaaa", {"email": people.address(1)})
    pool.confirm_sign_up("person-2", pool.latest_code("person-2"), force_alias_creation=True)
    people.settle(2)
    people.assert_same(1, 2)
    row = people.at.standby.ledger.read(Subject.user(people.subs[1]))
    assert row.confirmed is not None
    assert row.confirmed["attr:email_verified"] == "false"


def test_a_sign_up_that_nobody_confirmed_gives_way(local_client: Client) -> None:
    people = People("e-mail", _on(local_client, MODES["e-mail"]))
    address = people.address(1)
    stranger = people.at.standby.pool.sign_up(address, "Aa1!aaaaaa", {"email": address})
    people.join(1)
    people.settle(1)
    people.assert_same(1)
    twin = people.at.twin(people.subs[1])
    assert twin is not None
    assert twin.sub != stranger
