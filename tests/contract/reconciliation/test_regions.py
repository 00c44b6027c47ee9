"""Contract of Regions, from what the stacks' custom resource announces to what a schedule sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from cognito_standby.core.adapters.addresses import DynamoAddresses
from cognito_standby.core.adapters.whole_answers import CutAnswerError
from cognito_standby.core.domain.subjects import ADDRESS_KEY
from cognito_standby.reconciliation.ports import Regions
from tasks.announce_api import announce
from tasks.custom_resource import ATTEMPTS
from tests.contract.backends import (
    BACKUP,
    INSTALLATION,
    PRIMARY,
    AwsBackend,
    Backend,
    _create_table,
)
from tests.twins.regions import InMemoryRegions


@dataclass
class Announced:
    """`announce` and `withdraw` are what a Region's stack does last when it is made or changed, and
    first when it goes."""

    regions: Regions
    announce: Callable[[str], None]
    withdraw: Callable[[str], None]


@pytest.fixture
def announced(backend: Backend) -> Announced:
    if not isinstance(backend, AwsBackend):
        twin = InMemoryRegions(INSTALLATION)
        return Announced(twin, twin.announced.add, twin.announced.discard)
    client = backend._client("dynamodb")
    table = _create_table(client, "origin_sub", "region")

    def ask(request: str) -> Callable[[str], None]:
        return lambda region: announce(client, region, request, table, f"https://{region}.test")

    found = DynamoAddresses(client, table, INSTALLATION)
    return Announced(found, ask("Create"), ask("Delete"))


def test_nobody_stands_before_anything_was_announced(announced: Announced) -> None:
    assert not announced.regions.both_stand()


@pytest.mark.parametrize("region", [PRIMARY, BACKUP])
def test_one_region_is_not_both_however_often_it_says_so(announced: Announced, region: str) -> None:
    for _ in range(2):
        announced.announce(region)
        assert not announced.regions.both_stand()


def test_both_stand_until_one_goes(announced: Announced) -> None:
    for region in (BACKUP, PRIMARY):
        announced.announce(region)
    assert announced.regions.both_stand()
    for region in (PRIMARY, BACKUP):
        announced.withdraw(region)
        assert not announced.regions.both_stand()
        announced.announce(region)
        assert announced.regions.both_stand()


def test_a_region_of_no_part_stands_for_neither(announced: Announced) -> None:
    """As after a move: the table may still tell of a Region that the installation left."""
    announced.announce(PRIMARY)
    announced.announce("eu-west-1")
    assert not announced.regions.both_stand()


def test_taking_back_what_was_never_said_is_no_error(announced: Announced) -> None:
    announced.withdraw(PRIMARY)
    assert not announced.regions.both_stand()


def test_an_item_without_an_address_announces_nothing(backend: Backend) -> None:
    if not isinstance(backend, AwsBackend):
        pytest.skip("memory holds no item")
    client = backend._client("dynamodb")
    table = _create_table(client, "origin_sub", "region")
    announce(client, PRIMARY, "Create", table, "https://a.test")
    broken = {"origin_sub": {"S": ADDRESS_KEY}, "region": {"S": BACKUP}, "address": {"N": "1"}}
    client.put_item(TableName=table, Item=broken)
    assert not DynamoAddresses(client, table, INSTALLATION).both_stand()


@dataclass
class Cutting:
    """A table whose first `cut` answers arrive cut, though it did what it was asked."""

    cut: int
    asked: int = 0

    def put_item(self, **_: object) -> None:
        self.asked += 1
        if self.asked <= self.cut:
            raise CutAnswerError(operation="PutItem")


@pytest.mark.parametrize(("cut", "announced"), [(ATTEMPTS - 1, True), (ATTEMPTS, False)])
def test_an_answer_that_is_cut_does_not_fail_a_deployment(cut: int, announced: bool) -> None:
    table = Cutting(cut)
    try:
        announce(table, PRIMARY, "Create", "records", "https://one.test")
    except CutAnswerError:
        assert not announced
    else:
        assert announced
    assert table.asked == ATTEMPTS
