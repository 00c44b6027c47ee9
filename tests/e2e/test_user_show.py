"""`standby user show` about people of a running installation."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import Any

import pytest

from local.demo.people import Crowd, Person
from local.demo.roles import in_charge
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, until, until_equal
from tests.e2e.dark_region import dark
from tests.e2e.operator_command import people_shown
from tests.e2e.world import ledger_row, records

pytestmark = pytest.mark.local_aws


@pytest.fixture
def ann(stage: RemoteStage) -> tuple[str, str]:
    """Somebody who is in sync in the standby: name and origin sub."""
    name = f"show{time.monotonic_ns()}"
    person = Person(name, f"{name}@example.org", "Ann Shown")
    sub = Crowd(stage, stage.outputs.primary, "username").sign_up(person)
    until_equal(stage)
    backup = stage.outputs.backup
    until("in sync", lambda: ledger_row(stage, backup, sub).get("state") == "in_sync")
    return name, sub


def _only(result: Any) -> Any:
    assert result.returncode == 0, result.stdout + result.stderr
    (person,) = json.loads(result.stdout)["people"]
    return person


def _shown(standby: Standby, who: str) -> Any:
    """The only one who is meant, once both Regions have told all that they know."""
    (person,) = until("both answer in time", partial(people_shown, standby, who))
    return person


def test_somebody_is_found_by_name_and_sub(
    stage: RemoteStage, standby: Standby, ann: tuple[str, str]
) -> None:
    name, sub = ann
    local = str(ledger_row(stage, stage.outputs.backup, sub)["local_sub"])

    for who in (f"{name}@example.org", local):
        person = _shown(standby, who)
        assert person["origin_sub"] == sub, who
        assert ("name_in_records" in person["found_by"]) == (who != local), person["found_by"]
    active, behind = person["sides"]
    assert (active["role"], behind["role"]) == ("active", "standby")
    assert (active["user"]["sub"], behind["user"]["sub"]) == (sub, local)
    assert person["differences"] == []
    assert behind["sign_in"] == {"way": "password_reset", "reason": "verified_email"}
    assert name not in json.dumps(person), "nothing personal unless it is asked for"
    asked = ("user", "show", name, "--attributes", "--clear")
    shown = lambda: f"{name}@example.org" in (said := standby(*asked).stdout) and sub in said  # noqa: E731
    until("its values are shown to whoever asks for them", shown)


def test_a_deleted_one_is_found_by_the_name_in_the_records(
    stage: RemoteStage, standby: Standby, ann: tuple[str, str]
) -> None:
    name, sub = ann
    primary = stage.outputs.primary
    stage.client("cognito-idp", primary.region).admin_delete_user(
        UserPoolId=primary.user_pool_id, Username=name
    )
    until("the deletion is recorded", lambda: records(stage, sub)[primary.region]["deleted"])
    person = _shown(standby, f"{name}@example.org")
    assert person["origin_sub"] == sub
    assert person["winner"]["deleted"]
    assert person["sides"][0]["sign_in"] == {"way": "none", "reason": "not_in_pool"}
    until_equal(stage)


def test_two_users_who_claim_one_origin_sub(
    stage: RemoteStage, standby: Standby, ann: tuple[str, str]
) -> None:
    name, sub = ann
    backup = stage.outputs.backup
    pool = stage.client("cognito-idp", backup.region)
    told = {"email": f"{name}@example.org", "custom:origin_sub": sub}
    with in_charge(stage, backup):
        made = pool.admin_create_user(
            UserPoolId=backup.user_pool_id,
            Username=f"not-{name}",
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": n, "Value": v} for n, v in told.items()],
        )["User"]
    (other,) = (each["Value"] for each in made["Attributes"] if each["Name"] == "sub")
    try:
        until("it is known", lambda: ledger_row(stage, backup, other).get("state") == "in_sync")
        looked = partial(people_shown, standby, f"{name}@example.org")
        people = {each["origin_sub"]: each for each in until("both answer in time", looked)}
        assert len(people) > 1
        (claimant,) = people[sub]["sides"][1]["claimants"]
        assert (claimant["sub"], claimant["doubt"]) == (other, "claim_contradicted")
        assert people[sub]["sides"][1]["user"]["doubt"] == ""
        assert other in people, "nobody is merged"
    finally:
        pool.admin_delete_user(UserPoolId=backup.user_pool_id, Username=made["Username"])
        until_equal(stage)


def test_with_a_dark_region(stage: RemoteStage, standby: Standby, ann: tuple[str, str]) -> None:
    name, sub = ann
    with dark(stage.outputs, stage.outputs.primary.region) as outputs:
        result = standby("user", "show", name, "--json", at=outputs)
        person = _only(result)
        missing = standby("user", "show", "nobody", at=outputs)
    assert person["origin_sub"] == sub
    assert person["sides"][0]["unreachable"]
    assert missing.returncode == 4, missing.stdout + missing.stderr
