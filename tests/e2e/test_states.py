"""One person in each state that somebody can be brought into, on a running installation: what
`standby readiness` says of them, and what they meet in the standby's pool."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.control import sign_in_through
from local.demo.people import Crowd, Person
from local.demo.roles import in_charge
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, until, until_equal
from tests.e2e.world import ledger_row

pytestmark = [pytest.mark.local_aws, pytest.mark.full]
NEW = "Another-password-99"
SEEN_SO = ("confirmed", "reset", "invited")


def _person(state: str) -> Person:
    name = f"{state}{time.monotonic_ns()}"
    return Person(name, f"{name}@example.org", state)


@pytest.fixture
def people(stage: RemoteStage) -> Iterator[dict[str, tuple[Person, str]]]:
    """State -> person, and their sub in the active pool."""
    primary = stage.outputs.primary
    crowd, pool = Crowd(stage, primary, "username"), stage.client("cognito-idp", primary.region)
    made = {state: _person(state) for state in (*SEEN_SO, "unconfirmed")}
    subs = {state: crowd.sign_up(made[state]) for state in ("confirmed", "reset")}
    crowd.admin("admin_reset_user_password", made["reset"])
    told = {"email": made["invited"].email, "email_verified": "true"}
    invited = pool.admin_create_user(
        UserPoolId=primary.user_pool_id,
        Username=made["invited"].username,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": n, "Value": v} for n, v in told.items()],
    )["User"]
    subs["invited"] = next(a["Value"] for a in invited["Attributes"] if a["Name"] == "sub")
    subs["unconfirmed"] = pool.sign_up(
        ClientId=primary.client_id,
        Username=made["unconfirmed"].username,
        Password=NEW,
        UserAttributes=[{"Name": "email", "Value": made["unconfirmed"].email}],
    )["UserSub"]
    yield {state: (made[state], subs[state]) for state in made}
    for person in made.values():
        crowd.admin("admin_delete_user", person)
    until_equal(stage)


def _readiness(standby: Standby) -> Any:
    done = standby("reconcile", "--dry-run", "--wait")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    asked = standby("readiness", "--json", "--clear")
    assert asked.returncode == 1, asked.stdout + asked.stderr
    return json.loads(asked.stdout)


def test_each_meets_what_is_told(
    stage: RemoteStage, standby: Standby, people: dict[str, tuple[Person, str]]
) -> None:
    backup = stage.outputs.backup
    for state in SEEN_SO:
        rows = partial(ledger_row, stage, backup, people[state][1])
        until(state, lambda: rows().get("state") == "in_sync")  # noqa: B023 - called at once
    told = _readiness(standby)
    reasons = {each["key"]: each["reason"] for each in told["people"]}
    assert {state: reasons.get(sub) for state, (_, sub) in people.items()} == {
        **dict.fromkeys(SEEN_SO),
        "unconfirmed": "unconfirmed",
    }
    assert {each["region"]: each["role"] for each in told["regions"]} == {
        stage.outputs.primary.region: "active",
        backup.region: "standby",
    }
    there = Crowd(stage, backup, "username")
    with in_charge(stage, backup):
        for state in SEEN_SO:
            person, sub = people[state]
            assert there.recover_and_sign_in(person, NEW) != sub, state
        with pytest.raises(ClientError, match=r"UserNotFound|CodeMismatch"):
            there.recover_and_sign_in(people["unconfirmed"][0], NEW)


def test_who_came_through_a_provider_is_named_and_not_made(
    stage: RemoteStage, standby: Standby
) -> None:
    primary, backup = stage.outputs.primary, stage.outputs.backup
    pool = stage.client("cognito-idp", primary.region)
    subject = str(time.monotonic_ns())
    claims = {"email": f"{subject}@example.org", "sub": subject}
    entered = sign_in_through(
        stage.outputs.endpoint, "Google", subject, pool=primary.user_pool_id, claims=claims
    )
    told = _readiness(standby)
    (user,) = pool.list_users(
        UserPoolId=primary.user_pool_id, Filter=f'username = "{entered["Username"]}"'
    )["Users"]
    sub = next(each["Value"] for each in user["Attributes"] if each["Name"] == "sub")
    assert user["UserStatus"] == "EXTERNAL_PROVIDER"
    assert {each["key"]: each["reason"] for each in told["people"]}[sub] == "provider_only"
    there = stage.client("cognito-idp", backup.region)
    found = there.list_users(
        UserPoolId=backup.user_pool_id, Filter=f'username = "{entered["Username"]}"'
    )
    assert found["Users"] == []
    pool.admin_delete_user(UserPoolId=primary.user_pool_id, Username=entered["Username"])
    until_equal(stage)
