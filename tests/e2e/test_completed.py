"""Somebody who comes through a provider is the same person in the standby's pool."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from local.demo.roles import in_charge
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, until, until_equal
from tests.e2e.operator_command import people_shown
from tests.e2e.world import (
    attributes_of,
    enter,
    ledger_row,
    letters_about,
    put_raw_record,
    records,
)
from tests.local.pools import claims

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]
NOBODY = {"present": "federated: only a sign-in through the provider makes the user"}


class Visitors:
    """Who signs in through the provider that both pools have."""

    def __init__(self, stage: RemoteStage) -> None:
        self.stage = stage
        self.primary, self.backup = stage.outputs.primary, stage.outputs.backup
        self.subs: set[str] = set()
        """Whoever came, by the sub of the pool into which they came."""

    def enters(self, region: RegionOutputs, subject: str, name: str = "Ann") -> dict[str, Any]:
        """The claims of the ID token."""
        entered = enter(self.stage, region, subject, name)
        told = claims(entered["AuthenticationResult"]["IdToken"])
        self.subs.add(str(told["sub"]))
        return told

    def call(self, region: RegionOutputs, operation: str, subject: str, **more: Any) -> Any:
        client = self.stage.client("cognito-idp", region.region)
        who = {"UserPoolId": region.user_pool_id, "Username": f"google_{subject}"}
        return getattr(client, operation)(**who, **more)

    def shown(self, region: RegionOutputs, subject: str) -> dict[str, str]:
        return attributes_of(self.stage, region, f"google_{subject}")

    def groups(self, region: RegionOutputs, subject: str) -> set[str]:
        found = self.call(region, "admin_list_groups_for_user", subject)["Groups"]
        return {each["GroupName"] for each in found if region.user_pool_id not in each["GroupName"]}

    def known(self, subject: str) -> str:
        """Recorded in the primary, and known in the backup to be nobody's yet."""
        self.enters(self.primary, subject)
        sub = self.shown(self.primary, subject)["sub"]
        until("recorded", lambda: ledger_row(self.stage, self.backup, sub).get("skipped") == NOBODY)
        return sub


@pytest.fixture
def visitors(stage: RemoteStage) -> Iterator[Visitors]:
    all_of_them = Visitors(stage)
    yield all_of_them
    until_equal(stage)
    assert letters_about(stage, *all_of_them.subs) == []


def test_they_are_completed_and_a_stranger_is_not(
    stage: RemoteStage, standby: Standby, visitors: Visitors
) -> None:
    primary, backup = visitors.primary, visitors.backup
    ann, ben = (f"{time.monotonic_ns()}{each}" for each in (1, 2))
    sub = visitors.known(ann)
    group = f"of-{ann}"
    cognito = stage.client("cognito-idp", primary.region)
    cognito.create_group(UserPoolId=primary.user_pool_id, GroupName=group)
    visitors.call(primary, "admin_add_user_to_group", ann, GroupName=group)
    changed = [{"Name": "nickname", "Value": "annie"}]
    visitors.call(primary, "admin_update_user_attributes", ann, UserAttributes=changed)
    until("recorded", lambda: _recorded(stage, sub) >= {f"group:{group}", "attr:nickname"})

    with in_charge(stage, backup):
        first = visitors.enters(backup, ann)
        assert first["sub"] != sub
        assert first.get("origin_sub") in (None, sub), "missing, or right"
        row = until("completed", lambda: _in_sync(stage, sub, first["sub"]))
        assert "given" not in row
        assert visitors.groups(backup, ann) == {group}
        there = visitors.shown(backup, ann)
        assert (there["nickname"], there["custom:origin_sub"]) == ("annie", sub)
        assert visitors.enters(backup, ann)["origin_sub"] == sub
        assert records(stage, first["sub"]) == {}, "nobody new was recorded"
        stranger = visitors.enters(backup, ben)
        own = until("recorded", lambda: _in_sync(stage, stranger["sub"], stranger["sub"]))
        assert own["local_sub"] == stranger["sub"]
        assert visitors.groups(backup, ben) == set()
        visitors.call(backup, "admin_delete_user", ben)
        until("gone", lambda: records(stage, stranger["sub"])[backup.region]["deleted"])
    looked = partial(people_shown, standby, f"google_{ann}")
    (person,) = until("both answer in time", looked)
    active, behind = person["sides"]
    assert person["origin_sub"] == sub
    assert (active["user"]["sub"], behind["user"]["sub"]) == (sub, first["sub"])
    assert person["differences"] == []
    cognito.delete_group(UserPoolId=primary.user_pool_id, GroupName=group)
    _gone(visitors, sub, ann, primary, backup)


@pytest.mark.full
def test_where_two_could_be_meant_nobody_is_linked(
    stage: RemoteStage, standby: Standby, visitors: Visitors
) -> None:
    primary, backup = visitors.primary, visitors.backup
    subject = str(time.monotonic_ns())
    sub = visitors.known(subject)
    twins = _as_another(stage, sub, f"another-{subject}")
    with in_charge(stage, backup):
        local = visitors.enters(backup, subject)["sub"]
        row = until("left alone", lambda: _left(stage, local))
        again = visitors.enters(backup, subject)
    why = "federated, and more than one could be meant: nobody is linked"
    assert (row["state"], row["skipped"]) == ("skipped", {"federated": why})
    assert "origin_sub" not in again
    until("it is shown", lambda: why in standby("user", "show", local, "--json").stdout)
    _take_away(stage, twins)
    _gone(visitors, sub, subject, primary, backup)


def _recorded(stage: RemoteStage, sub: str) -> set[str]:
    return set(records(stage, sub)[stage.outputs.primary.region]["fields"])


def _in_sync(stage: RemoteStage, sub: str, local_sub: str) -> dict[str, Any]:
    row = ledger_row(stage, stage.outputs.backup, sub)
    return row if (row.get("state"), row.get("local_sub")) == ("in_sync", local_sub) else {}


def _left(stage: RemoteStage, local_sub: str) -> dict[str, Any]:
    row = ledger_row(stage, stage.outputs.backup, local_sub)
    return row if row.get("state") == "skipped" else {}


def _as_another(stage: RemoteStage, sub: str, origin: str) -> list[dict[str, str]]:
    """The same record, and its entries of the index, as another person's. Their keys."""
    home = stage.outputs.primary
    table = stage.client("dynamodb", home.region)
    found = table.scan(TableName=stage.outputs.records_table, ConsistentRead=True)["Items"]
    keys = []
    for item in found:
        key = {"origin_sub": item["origin_sub"]["S"], "region": item["region"]["S"]}
        if key["region"] == f"{home.region}#{sub}":
            key["region"] = f"{home.region}#{origin}"
            put_raw_record(stage, home, {**key, "bulk": True, "at": int(item["at"]["N"])})
            keys.append(key)
    record = {**records(stage, sub)[home.region], "origin_sub": origin, "bulk": True}
    put_raw_record(stage, home, record)
    return [*keys, {"origin_sub": origin, "region": home.region}]


def _take_away(stage: RemoteStage, keys: list[dict[str, str]]) -> None:
    table = stage.client("dynamodb", stage.outputs.primary.region)
    for key in keys:
        wired = {name: {"S": value} for name, value in key.items()}
        table.delete_item(TableName=stage.outputs.records_table, Key=wired)


def _gone(visitors: Visitors, sub: str, subject: str, *regions: RegionOutputs) -> None:
    for region in regions:
        visitors.call(region, "admin_delete_user", subject)
    home = regions[0].region
    until("recorded as gone", lambda: records(visitors.stage, sub)[home]["deleted"])
