"""A connection that breaks is an error of the taxonomy, whatever an adapter was doing: what gets
through as botocore raised it is retried by no machine, and its text names the endpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError

from cognito_standby.adapters.cognito import CognitoUserDirectory
from cognito_standby.adapters.events import EventBridgeHintBus
from cognito_standby.adapters.ledger import DynamoLedger
from cognito_standby.adapters.memory.clock import ManualClock
from cognito_standby.adapters.records import DynamoRecordStore
from cognito_standby.domain.errors import ServiceUnavailableError
from cognito_standby.domain.hints import Hint
from cognito_standby.domain.ledger import Intent, SyncState
from cognito_standby.domain.pools import PoolGroup
from cognito_standby.domain.subjects import Subject
from tests.contract.backends import INSTALLATION, PRIMARY

ANN = Subject.user("o-ann")
INTENT = Intent({}, {}, {})
ONCE = Config(retries={"total_max_attempts": 1})
CALLS: dict[str, Callable[[], Any]] = {
    "records: read": lambda: records().read(ANN),
    "records: claims": lambda: records().read_claims(),
    "records: claim": lambda: records().put_claim(2),
    "records: groups": lambda: records().known_groups(("editors",)),
    "ledger: lease": lambda: ledger().take_lease(ANN, "one"),
    "ledger: renewal": lambda: ledger().renew_lease(ANN, "one"),
    "ledger: take-over": lambda: ledger().take_over_lease(ANN, "one", "two"),
    "ledger: release": lambda: ledger().release(ANN, "one"),
    "ledger: intent": lambda: ledger().note_intent(ANN, "one", INTENT),
    "ledger: creation": lambda: ledger().note_created(ANN, "one", INTENT, "l-1", "ann"),
    "ledger: state": lambda: ledger().note_state(ANN, "one", SyncState.FAILED, "why"),
    "ledger: read": lambda: ledger().read(ANN),
    "ledger: origin": lambda: ledger().origin_of("l-1"),
    "pool: schema": lambda: pool().schema(),
    "pool: user": lambda: pool().get_user("ann"),
    "pool: listing": lambda: pool().listed_by_sub("l-1"),
    "pool: creation": lambda: pool().create_user("ann", {"name": "Ann"}),
    "pool: attributes": lambda: pool().set_attributes("ann", {"name": "Ann"}),
    "pool: removal": lambda: pool().delete_attributes("ann", ("name",)),
    "pool: switch": lambda: pool().set_enabled("ann", False),
    "pool: password": lambda: pool().set_permanent_password("ann", "Passw0rd!Passw0rd!"),
    "pool: deletion": lambda: pool().delete_user("ann"),
    "pool: joining": lambda: pool().join_group("ann", "editors"),
    "pool: leaving": lambda: pool().leave_group("ann", "editors"),
    "pool: group": lambda: pool().get_group("editors"),
    "pool: definition": lambda: pool().put_group(PoolGroup("editors", "", None)),
    "pool: end of a group": lambda: pool().delete_group("editors"),
    "bus: hint": lambda: EventBridgeHintBus(broken("events"), "bus").publish(Hint(group="g")),
}


def broken(service: str) -> Any:
    """A client whose every connection is closed without an answer."""

    def cut(request: Any, **_: Any) -> None:
        raise ConnectionClosedError(endpoint_url=request.url)

    make: Any = boto3.client
    client = make(service, region_name=PRIMARY, config=ONCE)
    client.meta.events.register("before-send", cut)
    return client


def records() -> DynamoRecordStore:
    return DynamoRecordStore(broken("dynamodb"), "records", PRIMARY, INSTALLATION)


def ledger() -> DynamoLedger:
    return DynamoLedger(broken("dynamodb"), "ledger", ManualClock(), 60)


def pool() -> CognitoUserDirectory:
    return CognitoUserDirectory(broken("cognito-idp"), "us-east-1_abc")


@pytest.mark.parametrize("call", CALLS)
def test_a_broken_connection(call: str, socket_disabled: None, no_credentials: None) -> None:
    with pytest.raises(ServiceUnavailableError) as caught:
        CALLS[call]()
    assert "https" not in str(caught.value)
