"""A warm function keeps the table's identity for a minute, and then notices another table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.domain.errors import MisconfiguredError, NotBelievedError
from cognito_standby.reconciliation.services.context import Witnesses
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.preconditions import require_confirmed_table
from tests.contract.backends import INSTALLATION, PRIMARY, AwsBackend, Backend, _create_table
from tests.unit.world import World


class Watch:
    """The wall clock of a function that stays warm."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


class Warm:
    """A function's world that is made once, with the table's client and its name."""

    def __init__(self, client: Any) -> None:
        self.watch, self.client = Watch(), client
        self.table = _create_table(client, "origin_sub", "region")
        self.store = DynamoRecordStore(client, self.table, PRIMARY, INSTALLATION, self.watch)
        self.context: SyncContext = replace(World().primary.context, records=self.store)

    def replace_table(self) -> None:
        """As a restore does: the name is free only when the former table is gone."""
        made = self.client.describe_table(TableName=self.table)["Table"]
        self.client.delete_table(TableName=self.table)
        self.client.get_waiter("table_not_exists").wait(
            TableName=self.table, WaiterConfig={"Delay": 1}
        )
        self.client.create_table(
            TableName=self.table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=made["KeySchema"],
            AttributeDefinitions=made["AttributeDefinitions"],
        )
        self.client.get_waiter("table_exists").wait(TableName=self.table, WaiterConfig={"Delay": 1})


@pytest.fixture
def warm(backend: Backend) -> Warm:
    if not isinstance(backend, AwsBackend) or backend.name == "moto":
        pytest.skip("memory keeps no identity, and moto's tables have none")
    return Warm(backend._client("dynamodb"))


def test_another_table_is_noticed_within_a_minute(warm: Warm) -> None:
    require_confirmed_table(warm.context)
    first = warm.store.table_id()
    warm.replace_table()
    warm.watch.seconds += 59
    assert warm.store.table_id() == first, "not asked for again"
    warm.watch.seconds += 2
    with pytest.raises(NotBelievedError):
        require_confirmed_table(warm.context)
    doubt = Witnesses(warm.context.directory, warm.store, warm.context.ledger).other_table()
    assert first in doubt
    assert warm.context.ledger.note_table(first, warm.store.table_id())
    require_confirmed_table(warm.context)


def test_a_clock_that_is_put_back_keeps_nothing(warm: Warm) -> None:
    """A sandbox that was frozen sets its clock when it wakes up."""
    first = warm.store.table_id()
    warm.replace_table()
    warm.watch.seconds -= 3600
    assert warm.store.table_id() != first


def test_a_table_that_is_gone_meanwhile_confirms_nothing(warm: Warm) -> None:
    require_confirmed_table(warm.context)
    warm.client.delete_table(TableName=warm.table)
    warm.watch.seconds += 61
    with pytest.raises(MisconfiguredError):
        require_confirmed_table(warm.context)
