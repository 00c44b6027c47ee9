"""Tokens of both pools name the same person, or nobody."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.demo.people import PASSWORD, Crowd, Person
from local.demo.roles import in_charge
from local.faults.model import Fault, FaultKind
from local.faults.remote import RemoteFaults
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.docs.apps import VERIFY, python_of
from tests.e2e.conftest import until
from tests.e2e.world import ledger_row, person, sign_in

pytestmark = pytest.mark.local_aws
ANOTHER = "Another-password-99"


@pytest.fixture
def crowd(stage: RemoteStage) -> Crowd:
    return Crowd(stage, stage.outputs.primary, "username")


@pytest.fixture
def there(stage: RemoteStage) -> Crowd:
    return Crowd(stage, stage.outputs.backup, "username")


def renewed(stage: RemoteStage, region: RegionOutputs, given: Mapping[str, str]) -> str:
    """The ID token of a renewed session."""
    answer = stage.client("cognito-idp", region.region).initiate_auth(
        ClientId=region.client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": given["RefreshToken"]},
    )
    return str(answer["AuthenticationResult"]["IdToken"])


@pytest.fixture
def verifier(stage: RemoteStage) -> Any:
    """The guide's, for the tokens of both pools; keys come from where the stage serves them."""
    pools = {
        f"https://cognito-idp.{each.region}.amazonaws.com/{each.user_pool_id}": each.client_id
        for each in (stage.outputs.primary, stage.outputs.backup)
    }

    def fetch(url: str) -> Any:
        if stage.outputs.endpoint:
            _, _, path = url.removeprefix("https://").partition("/")
            url = f"{stage.outputs.endpoint}/{path}"
        with urllib.request.urlopen(url, timeout=120) as answer:  # noqa: S310 - of the stage
            return json.load(answer)

    return python_of(VERIFY)["Verifier"](pools, fetch)


def test_the_same_person_in_both_pools(
    stage: RemoteStage, crowd: Crowd, there: Crowd, verifier: Any
) -> None:
    ada = person("ada-of-tokens")
    sub = crowd.sign_up(ada)
    at_home = sign_in(stage, stage.outputs.primary, ada, PASSWORD)
    assert verifier.person(at_home["IdToken"]) == sub, "before anybody has captured her"
    replicated(stage, sub)
    with in_charge(stage, stage.outputs.backup):
        local = there.recover_and_sign_in(ada, ANOTHER)
        assert local != sub
        away = sign_in(stage, stage.outputs.backup, ada, ANOTHER)
        assert verifier.person(away["IdToken"]) == sub
        assert verifier.person(renewed(stage, stage.outputs.backup, away)) == sub
    with pytest.raises(ValueError, match="an ID token"):
        verifier.person(away["AccessToken"])


Forget = Callable[[], None]


@pytest.fixture
def unbound(stage: RemoteStage, crowd: Crowd, there: Crowd) -> Iterator[tuple[Person, Forget]]:
    """Somebody whom a replay has made, and what takes the note of their sub away: a hint about the
    recovery that comes late would note it again."""
    bo = person("bo-of-tokens")
    sub = crowd.sign_up(bo)
    replicated(stage, sub)
    region = stage.outputs.backup
    with in_charge(stage, region):
        local = there.recover_and_sign_in(bo, ANOTHER)
        replicated(stage, sub)
        client = stage.client("dynamodb", region.region)
        key = {"subject": {"S": f"#sub#{local}"}}
        bound = client.get_item(TableName=region.ledger_table, Key=key, ConsistentRead=True)["Item"]
        yield bo, partial(client.delete_item, TableName=region.ledger_table, Key=key)
        client.put_item(TableName=region.ledger_table, Item=bound)


def replicated(stage: RemoteStage, sub: str) -> None:
    """Wait until the copy is confirmed: its password, without which nobody recovers, comes last."""
    until("the copy is confirmed", lambda: _at_rest(stage, stage.outputs.backup, sub))


def _at_rest(stage: RemoteStage, region: RegionOutputs, sub: str) -> bool:
    row = ledger_row(stage, region, sub)
    return row.get("state") == "in_sync" and "lease_holder" not in row


def test_a_copy_that_is_not_bound_yet_is_nobody(
    stage: RemoteStage, unbound: tuple[Person, Forget], verifier: Any
) -> None:
    bo, forget = unbound

    def is_nobody() -> bool:
        forget()
        given = sign_in(stage, stage.outputs.backup, bo, ANOTHER)
        try:
            verifier.person(given["IdToken"])
        except ValueError as refused:
            return "no origin sub" in str(refused)
        return False

    until("no hint was quicker", is_nobody)


@pytest.mark.needs_local_aws
def test_an_unreadable_ledger_fails_no_sign_in(
    stage: RemoteStage, crowd: Crowd, verifier: Any
) -> None:
    cy = person("cy-of-tokens")
    sub = crowd.sign_up(cy)
    fault = Fault(
        FaultKind.ERROR,
        service="dynamodb",
        operation="BatchGetItem",
        function="*pre_token_generation",
        region=stage.outputs.primary.region,
    )
    faults = RemoteFaults(stage.outputs.endpoint)
    number = faults.add(fault)
    try:
        given = sign_in(stage, stage.outputs.primary, cy, PASSWORD)
    finally:
        faults.clear(number)
    with pytest.raises(ValueError, match="no origin sub"):
        verifier.person(given["IdToken"])
    assert verifier.person(renewed(stage, stage.outputs.primary, given)) == sub


def test_a_caller_names_no_origin_sub(stage: RemoteStage, crowd: Crowd) -> None:
    """Where the app client would let them: one without a list may write every attribute."""
    region = stage.outputs.primary
    client = stage.client("cognito-idp", region.region)
    made = client.create_user_pool_client(UserPoolId=region.user_pool_id, ClientName="careless")
    careless = made["UserPoolClient"]["ClientId"]
    dee = person("dee-of-tokens")
    try:
        with pytest.raises(ClientError, match="custom:origin_sub is set by the service alone"):
            client.sign_up(
                ClientId=careless,
                Username=dee.username,
                Password=PASSWORD,
                UserAttributes=[
                    {"Name": "email", "Value": dee.email},
                    {"Name": "custom:origin_sub", "Value": "00000000-0000-0000-0000-000000000000"},
                ],
            )
    finally:
        client.delete_user_pool_client(UserPoolId=region.user_pool_id, ClientId=careless)
    assert crowd.sign_up(dee), "without it the name is free"
