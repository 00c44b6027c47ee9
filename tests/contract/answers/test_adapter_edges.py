"""What AWS does and no backend of the suites shows: answers are played to the adapters."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.adapters.events import EventBridgeHintBus
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.domain.errors import (
    PlanStaleError,
    RetryableError,
    ServiceUnavailableError,
    ThrottledError,
)
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import Intent
from cognito_standby.core.domain.subjects import Subject
from tests.contract.backends import INSTALLATION, PRIMARY
from tests.twins.clock import ManualClock

ANN = Subject.user("o-ann")


@pytest.fixture(autouse=True)
def offline(socket_disabled: None, no_credentials: None) -> None:
    """Nothing is asked of anybody."""


def client(service: str) -> Any:
    make: Any = boto3.client
    return make(service, region_name=PRIMARY)


def test_an_entry_that_the_bus_refuses_is_an_error() -> None:
    """PutEvents answers 200 and counts: API reference, "FailedEntryCount"."""
    events = client("events")
    answer = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}
    with Stubber(events) as stub:
        stub.add_response("put_events", answer)
        with pytest.raises(ServiceUnavailableError):
            EventBridgeHintBus(events, "bus").publish(Hint(group="g"))


def test_nobody_is_invited() -> None:
    """Without SUPPRESS Cognito sends an invitation, which no emulator does."""
    cognito = client("cognito-idp")
    user = {"Username": "ann", "Enabled": True, "UserStatus": "FORCE_CHANGE_PASSWORD"}
    attributes = [{"Name": "sub", "Value": "l-1"}]
    with Stubber(cognito) as stub:
        stub.add_response(
            "admin_create_user",
            {"User": {**user, "Attributes": attributes}},
            {
                "UserPoolId": "us-east-1_abc",
                "Username": "ann",
                "UserAttributes": ANY,
                "MessageAction": "SUPPRESS",
            },
        )
        made = CognitoUserDirectory(cognito, "us-east-1_abc").create_user("ann", {"name": "Ann"})
    assert made.sub == "l-1"


def test_a_schema_that_is_refused_for_now_is_believed_a_little_longer() -> None:
    """Cognito allows 15 DescribeUserPool a second to the account, and every process asks."""
    cognito: Any = client("cognito-idp")
    now = [0.0]
    directory = CognitoUserDirectory(cognito, "us-east-1_abc", lambda: now[0])
    described = {"UserPool": {"SchemaAttributes": [{"Name": "plan", "Mutable": True}]}}
    providers: dict[str, Any] = {"Providers": [{"ProviderName": "Google"}]}
    with Stubber(cognito) as stub:
        stub.add_client_error("describe_user_pool", "TooManyRequestsException")
        with pytest.raises(ThrottledError):
            directory.schema()
        stub.add_response("describe_user_pool", described)
        stub.add_response("list_identity_providers", providers)
        known = directory.schema()
        assert known.providers == ("Google",)
        now[0] = 301.0
        stub.add_response("describe_user_pool", described)
        stub.add_client_error("list_identity_providers", "TooManyRequestsException")
        assert directory.schema() is known
        now[0] = 362.0
        stub.add_response("describe_user_pool", described)
        stub.add_response("list_identity_providers", providers)
        assert directory.schema() is not known
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("TransactionConflict", RetryableError),
        ("ThrottlingError", RetryableError),
        ("ConditionalCheckFailed", PlanStaleError),
    ],
)
def test_a_cancelled_transaction_says_whether_it_can_be_tried_again(
    reason: str, error: type[Exception]
) -> None:
    """API reference, TransactWriteItems: the reason of each item is in CancellationReasons."""
    dynamodb = client("dynamodb")
    ledger = DynamoLedger(dynamodb, "ledger", ManualClock(), 60)
    with Stubber(dynamodb) as stub:
        stub.add_client_error(
            "transact_write_items",
            "TransactionCanceledException",
            http_status_code=400,
            modeled_fields={"CancellationReasons": [{"Code": "None"}, {"Code": reason}]},
        )
        with pytest.raises(error):
            ledger.note_created(ANN, "one", Intent({}, {}, {}), "l-1", "ann")


def test_a_batch_that_stays_unprocessed_is_throttled() -> None:
    """API reference, BatchGetItem: a read that was cut short is no absence."""
    dynamodb = client("dynamodb")
    keys = [{"origin_sub": {"S": ANN.key}, "region": {"S": PRIMARY}}]
    answer = {"Responses": {}, "UnprocessedKeys": {"records": {"Keys": keys}}}
    with Stubber(dynamodb) as stub:
        for _ in range(5):
            stub.add_response("batch_get_item", answer)
        with pytest.raises(ThrottledError):
            DynamoRecordStore(dynamodb, "records", PRIMARY, INSTALLATION).read(ANN)
