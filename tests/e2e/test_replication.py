"""People and administrators act through the public API; the standby follows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.demo.people import Crowd
from local.demo.roles import in_charge
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, until, until_confirmed, until_equal
from tests.e2e.world import (
    executions,
    histories,
    ledger_row,
    letters_about,
    person,
    put_raw_record,
    records,
    standby_user,
)

pytestmark = pytest.mark.local_aws


def _confirmed(stage: RemoteStage, sub: str) -> dict[str, Any]:
    row = ledger_row(stage, stage.outputs.backup, sub)
    return row if row.get("state") == "in_sync" else {}


@pytest.fixture
def crowd(stage: RemoteStage) -> Crowd:
    return Crowd(stage, stage.outputs.primary, "username")


def test_sign_up_reaches_the_standby(stage: RemoteStage, crowd: Crowd) -> None:
    ada = person("ada")
    sub = crowd.sign_up(ada)
    until_equal(stage)

    user = standby_user(stage, sub)
    assert user is not None
    assert user.username == "ada"
    assert user.attributes["email_verified"] == "true"
    assert user.status == "CONFIRMED", "recovery is refused in any other state"
    assert user.attributes["sub"] != sub
    items = records(stage, sub)
    assert set(items) == {stage.outputs.primary.region}, "the standby writes no record of its own"
    assert items[stage.outputs.primary.region]["fields"]["attr:email"] == ada.email
    row = until("confirmed", lambda: _confirmed(stage, sub))
    assert row["local_sub"] == user.attributes["sub"]
    assert "lease_holder" not in row


def test_many_at_once(stage: RemoteStage, crowd: Crowd) -> None:
    people = [person(f"many{number}") for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        subs = list(pool.map(crowd.sign_up, people))
    until_equal(stage)
    assert all(standby_user(stage, sub) for sub in subs)


def test_unverified_stays_unverified(stage: RemoteStage, crowd: Crowd) -> None:
    sub = crowd.sign_up_unverified(person("eve"))
    until_equal(stage)
    user = standby_user(stage, sub)
    assert user is not None
    assert user.attributes.get("email_verified") != "true"


def test_changes_and_removals(stage: RemoteStage, crowd: Crowd) -> None:
    bob = person("bob")
    sub = crowd.sign_up(bob)
    crowd.create_group("editors", Description="May edit", Precedence=5)
    crowd.set_attributes(bob, {"nickname": 'B\u202eob, "the 🐈"', "custom:plan": "gold"})
    crowd.admin("admin_add_user_to_group", bob, GroupName="editors")
    until_equal(stage)
    user = standby_user(stage, sub)
    assert user is not None
    assert user.attributes["custom:plan"] == "gold"
    assert user.groups == {"editors"}

    crowd.admin("admin_delete_user_attributes", bob, UserAttributeNames=["nickname"])
    crowd.admin("admin_remove_user_from_group", bob, GroupName="editors")
    crowd.admin("admin_disable_user", bob)
    until_equal(stage)
    user = standby_user(stage, sub)
    assert user is not None
    assert "nickname" not in user.attributes
    assert (user.groups, user.enabled) == (frozenset(), False)

    crowd.admin("admin_enable_user", bob)
    until_equal(stage)


def test_own_change_of_a_person(stage: RemoteStage, crowd: Crowd) -> None:
    cy = person("cy")
    sub = crowd.sign_up(cy)
    crowd.set_own_attributes(cy, {"name": "Cy the second"})
    until_equal(stage)
    user = standby_user(stage, sub)
    assert user is not None
    assert user.attributes["name"] == "Cy the second"


def test_deletion_disables_at_once(stage: RemoteStage, crowd: Crowd) -> None:
    dan = person("dan")
    sub = crowd.sign_up(dan)
    until_equal(stage)
    crowd.admin("admin_delete_user", dan)
    until_equal(stage)
    user = standby_user(stage, sub)
    assert user is not None
    assert not user.enabled
    own = stage.outputs.primary.region
    assert records(stage, sub)[own]["deleted"] is True
    assert records(stage, sub)[own]["fields"]["attr:email"] == dan.email, "kept for an undelete"
    until(
        "both Regions have a tombstone",
        lambda: (
            all(item["deleted"] for item in records(stage, sub).values())
            and len(records(stage, sub)) == 2
        ),
    )


def test_same_name_again_is_another_person(stage: RemoteStage, crowd: Crowd) -> None:
    fay = person("fay")
    first = crowd.sign_up(fay)
    until_equal(stage)
    crowd.admin("admin_delete_user", fay)
    second = crowd.sign_up(fay)
    assert first != second
    until("the new person is there", lambda: standby_user(stage, second))
    until_equal(stage)
    assert standby_user(stage, first) is None, "gave way; the record keeps the deleted person"
    own = stage.outputs.primary.region
    assert (records(stage, first)[own]["deleted"], records(stage, second)[own]["deleted"]) == (
        True,
        False,
    )


@pytest.mark.needs_local_aws
def test_recovery_in_the_standby(stage: RemoteStage, crowd: Crowd) -> None:
    gus = person("gus")
    sub = crowd.sign_up(gus)
    until_confirmed(stage, sub)
    standby = Crowd(stage, stage.outputs.backup, "username")
    with in_charge(stage, stage.outputs.backup):
        local_sub = standby.recover_and_sign_in(gus, "Another-password-99")
    assert until("confirmed", lambda: _confirmed(stage, sub))["local_sub"] == local_sub


def test_a_client_cannot_write_the_origin_sub(stage: RemoteStage, crowd: Crowd) -> None:
    hal = person("hal")
    crowd.sign_up(hal)
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        crowd.set_own_attributes(hal, {"custom:origin_sub": "00000000-0000-0000-0000-000000000000"})


@pytest.mark.needs_local_aws
def test_hint_is_parked_when_the_bus_setting_is_wrong(stage: RemoteStage, crowd: Crowd) -> None:
    region = stage.outputs.primary
    functions = stage.client("lambda", region.region)
    name = next(
        each["FunctionName"]
        for each in functions.list_functions()["Functions"]
        if "post_confirmation" in each["FunctionName"]
    )
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    wrong = {key: value for key, value in variables.items() if key != "BUS_NAME"}
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": wrong})
    try:
        sub = crowd.sign_up(person("ida"))
    finally:
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": variables}
        )
    # CloudTrail's hint about the same person may be quicker.
    until("the parked hint came through the queue's pipe", lambda: _parked(stage, region, sub))
    until("and was taken", lambda: standby_user(stage, sub))


def _parked(stage: RemoteStage, region: RegionOutputs, sub: str) -> bool:
    inputs = [each["input"] for each in executions(stage, region, "sync_user")]
    return any(sub in each and each.startswith("[") for each in inputs)


def test_a_change_in_the_standby_is_overruled_until_somebody_takes_it(
    stage: RemoteStage, crowd: Crowd, standby: Standby
) -> None:
    jo = person("jo")
    sub = crowd.sign_up(jo)
    until_equal(stage)
    there = Crowd(stage, stage.outputs.backup, "username")
    there.set_attributes(jo, {"name": "Somebody else"})
    listed = until(
        "the change is listed",
        lambda: ledger_row(stage, stage.outputs.backup, f"#conflict#undone#{sub}"),
    )
    assert listed["fields"] == {"attr:name": "Somebody else"}
    assert listed["attention"] == "conflict_change"
    until_equal(stage)
    assert len(records(stage, sub)) == 1, "the other Region is not bothered"
    user = standby_user(stage, sub)
    assert user is not None
    assert user.attributes["name"] == "Name of jo"
    decided = standby("conflicts", "decide", sub, "take", "--yes")
    assert decided.returncode == 0, decided.stdout + decided.stderr
    until_equal(stage)
    user = standby_user(stage, sub)
    assert user is not None
    assert user.attributes["name"] == "Somebody else"
    assert not ledger_row(stage, stage.outputs.backup, f"#conflict#undone#{sub}")


def test_a_poison_record_fails_alone(stage: RemoteStage, crowd: Crowd) -> None:
    primary, backup = stage.outputs.primary, stage.outputs.backup
    poison = {"origin_sub": "poison", "region": primary.region, "fields": "not a map"}
    put_raw_record(stage, primary, poison)
    sub = crowd.sign_up(person("kim"))
    until("the next one is replicated", lambda: standby_user(stage, sub))
    failed = until(
        "the poison one failed",
        lambda: [
            each
            for each in executions(stage, backup, "sync_user")
            if each["status"] == "FAILED" and '"poison"' in each["input"]
        ],
    )
    assert [each["error"] for each in failed] == ["InvalidRecordError"]
    until("the letter, so that no later test finds it", lambda: letters_about(stage, '"poison"'))


def test_nothing_personal_in_histories_and_nothing_left(stage: RemoteStage, crowd: Crowd) -> None:
    lea = person("lea")
    sub = crowd.sign_up(lea)
    until_equal(stage)
    for region in (stage.outputs.primary, stage.outputs.backup):
        text = histories(stage, region, "sync_user")
        for value in (lea.email, lea.name, "Correct-horse"):
            assert value not in text
    assert letters_about(stage, sub) == []


def test_a_deleted_group_is_left_by_all_its_members(stage: RemoteStage, crowd: Crowd) -> None:
    """The pool tells nothing about them any more; their records must follow all the same."""
    people = [person(name) for name in ("moe", "nan", "oli")]
    crowd.create_group("crew")
    subs = [crowd.sign_up(each) for each in people]
    for each in people:
        crowd.admin("admin_add_user_to_group", each, GroupName="crew")
    until_equal(stage)
    own = stage.outputs.primary.region
    until(
        "their membership is recorded",
        lambda: all("group:crew" in records(stage, sub)[own]["fields"] for sub in subs),
    )
    crowd.delete_group("crew")
    until(
        "nobody's record has it any more",
        lambda: all("group:crew" not in records(stage, sub)[own]["fields"] for sub in subs),
    )
    until_equal(stage)
    until("confirmed there, too", lambda: all(_confirmed(stage, sub) for sub in subs))
    until(
        "one search for members, and it ended well",
        lambda: _searches(stage, stage.outputs.primary, "crew") == ["SUCCEEDED"],
    )
    assert _searches(stage, stage.outputs.backup, "crew") == [], "our own replay's echo"


def _searches(stage: RemoteStage, region: RegionOutputs, group: str) -> list[str]:
    """How the searches for a group's members ended; other tests delete groups, too."""
    found = executions(stage, region, "hint_members")
    return [each["status"] for each in found if f'"{group}"' in each["input"]]
