"""Every call of the adapters that SYNC uses, to be made at a service that does not answer well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.adapters.events import EventBridgeHintBus
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import Intent, SyncState
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.subjects import Subject
from tests.contract.backends import INSTALLATION, PRIMARY
from tests.twins.clock import ManualClock

Make = Callable[[str], Any]
"""Service -> a client of it."""

ANN = Subject.user("o-ann")
INTENT = Intent({}, {}, {})


def records(make: Make) -> DynamoRecordStore:
    return DynamoRecordStore(make("dynamodb"), "records", PRIMARY, INSTALLATION)


def ledger(make: Make) -> DynamoLedger:
    return DynamoLedger(make("dynamodb"), "ledger", ManualClock(), 60)


def pool(make: Make) -> CognitoUserDirectory:
    return CognitoUserDirectory(make("cognito-idp"), "us-east-1_abc")


CALLS: Mapping[str, Callable[[Make], Any]] = {
    "records: read": lambda make: records(make).read(ANN),
    "records: claims": lambda make: records(make).read_claims(),
    "records: claim": lambda make: records(make).put_claim(2),
    "records: groups": lambda make: records(make).known_groups(("editors",)),
    "ledger: lease": lambda make: ledger(make).take_lease(ANN, "one"),
    "ledger: renewal": lambda make: ledger(make).renew_lease(ANN, "one"),
    "ledger: take-over": lambda make: ledger(make).take_over_lease(ANN, "one", "two"),
    "ledger: release": lambda make: ledger(make).release(ANN, "one"),
    "ledger: intent": lambda make: ledger(make).note_intent(ANN, "one", INTENT),
    "ledger: creation": lambda make: ledger(make).note_created(ANN, "one", INTENT, "l-1", "ann"),
    "ledger: state": lambda make: ledger(make).note_state(ANN, "one", SyncState.FAILED, "why"),
    "ledger: read": lambda make: ledger(make).read(ANN),
    "ledger: origin": lambda make: ledger(make).origin_of("l-1"),
    "pool: schema": lambda make: pool(make).schema(),
    "pool: user": lambda make: pool(make).get_user("ann"),
    "pool: listing": lambda make: pool(make).listed_by_sub("l-1"),
    "pool: owners": lambda make: pool(make).listed_with("email", "ann@x.org"),
    "pool: creation": lambda make: pool(make).create_user("ann", {"name": "Ann"}),
    "pool: attributes": lambda make: pool(make).set_attributes("ann", {"name": "Ann"}),
    "pool: removal": lambda make: pool(make).delete_attributes("ann", ("name",)),
    "pool: switch": lambda make: pool(make).set_enabled("ann", False),
    "pool: password": lambda make: pool(make).set_permanent_password("ann", "Passw0rd!Passw0rd!"),
    "pool: deletion": lambda make: pool(make).delete_user("ann"),
    "pool: joining": lambda make: pool(make).join_group("ann", "editors"),
    "pool: leaving": lambda make: pool(make).leave_group("ann", "editors"),
    "pool: link": lambda make: pool(make).link_identity("ann", "Google", "1"),
    "pool: end of a link": lambda make: pool(make).unlink_identity("Google", "1"),
    "pool: group": lambda make: pool(make).get_group("editors"),
    "pool: definition": lambda make: pool(make).put_group(PoolGroup("editors", "", None)),
    "pool: end of a group": lambda make: pool(make).delete_group("editors"),
    "bus: hint": lambda make: EventBridgeHintBus(make("events"), "bus").publish(Hint(group="g")),
}
