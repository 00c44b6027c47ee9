"""`standby drill` on twins: what it says before it asks, its exit codes, and what it removes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cognito_standby.cli.commands import drill as command
from cognito_standby.cli.main import app
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.operator.services.context import Unreachable
from cognito_standby.recovery.domain.rehearsal_marks import EXPIRES_TAG, ID_TAG, TAG
from tests.cli_runner import CliRunner
from tests.unit.recovery.rehearsals import REGION, RehearsalWorld

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> RehearsalWorld:
    made = RehearsalWorld()
    monkeypatch.setattr(command, "open_in", lambda *_: made.context)
    monkeypatch.chdir(tmp_path)
    return made


def drill(*words: str, said: str = "y\n", region: str = REGION) -> tuple[int, str]:
    where = ["--installation", "alpha", "--regions", "us-east-1,us-west-2"]
    given = [*where, "drill", "--region", region, *words]
    done = CliRunner().invoke(app, given, input=said, env={"COLUMNS": "200"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def told(text: str) -> dict[str, Any]:
    return dict(json.loads(text))


def test_it_says_what_it_does_and_costs_before_it_asks(world: RehearsalWorld) -> None:
    code, text = drill("--sample", "4", said="n\n")
    assert code == 1
    assert "4 monthly active users at $0.015 (Essentials): $0.06" in text
    assert "calls, and" in text
    assert "with 50% of Cognito's quotas" in text
    assert "but not LambdaConfig: triggers write and send" in text
    assert "sends no message, and writes no record, claim, ledger row or document" in text
    assert "nothing was made" in text
    assert world.account.names() == ["alpha-users"]
    assert not world.files.bodies


def test_it_warns_where_apps_share_the_quotas(world: RehearsalWorld) -> None:
    assert "apps share" not in drill("--sample", "1", "--yes")[1]
    world.table.store(REGION).put_claim(2)
    assert f"{REGION} is active: apps share those quotas" in drill("--sample", "1", "--yes")[1]


def test_a_whole_rehearsal_by_a_yes(world: RehearsalWorld) -> None:
    code, text = drill("--sample", "6")
    assert code == 0, text
    assert "all is as the records say: of 6 people 6 were made" in text
    assert "500000 users by Cognito's estimate" in text
    assert "not rehearsed" in text
    assert world.account.names() == ["alpha-users"]


def test_for_programs_there_is_one_document(world: RehearsalWorld) -> None:
    code, text = drill("--sample", "3", "--yes", "--json")
    assert code == 0
    assert told(text)["ok"] is True
    assert told(text)["estimate"]["people"] == 3
    code, text = drill("--json")
    assert code == 2
    assert "give --yes" in text


def test_a_difference_is_told_by_the_exit_code(world: RehearsalWorld) -> None:
    world.account.sign_in_asks = "SMS_MFA"
    code, text = drill("--sample", "1", "--yes")
    assert code == 1
    assert "it differs" in text
    assert "person 1: the sign-in asked for SMS_MFA" in text


def test_a_sample_of_records_is_rehearsed(world: RehearsalWorld) -> None:
    code, text = drill("--people", "sample", "--sample", "100", "--yes")
    assert code == 2
    assert "no record of a living person was found" in text
    for number in range(3):
        world.person(f"p{number}", email=f"p{number}@real.example", email_verified="true")
    code, text = drill("--people", "sample", "--sample", "100", "--yes")
    assert code == 0, text
    assert "makes 3 records, with everything personal replaced" in text


@pytest.mark.parametrize(
    "words", [("--sample", "0"), ("--sample", "201"), ("--people", "everybody")]
)
def test_more_than_the_cap_is_refused(world: RehearsalWorld, words: tuple[str, str]) -> None:
    assert drill(*words)[0] == 2
    assert world.account.names() == ["alpha-users"]


def test_what_was_removed_is_told_although_another_could_not_be(
    world: RehearsalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        assert drill("--keep", "--sample", "1", "--yes")[0] == 0
    first = min(set(world.account.pools) - {world.own})
    delete = world.account.delete

    def refusing(pool_id: str) -> None:
        if pool_id == first:
            raise MisconfiguredError("DeleteUserPool: AccessDeniedException")
        delete(pool_id)

    monkeypatch.setattr(world.account, "delete", refusing)
    code, text = drill("--clean", "--yes")
    assert code == 1, text
    assert "1 removed" in text
    assert f"{first} " in text
    assert "could not be removed: MisconfiguredError" in text
    assert first in world.account.pools
    assert len(world.account.pools) == 2, "the other one is gone"
    code, text = drill("--clean", "--yes", "--json")
    assert (code, told(text)["pools"][0]["fate"]) == (1, "left")


def test_a_kept_pool_goes_when_it_is_asked_for(world: RehearsalWorld) -> None:
    code, text = drill("--keep", "--sample", "2")
    assert code == 0
    assert "is kept" in text
    (kept,) = set(world.account.names()) - {"alpha-users"}
    code, text = drill("--clean", said="n\n")
    assert (code, "nothing was removed" in text) == (1, True)
    assert kept in world.account.names()
    code, text = drill("--clean")
    assert code == 0
    assert f"{kept} goes: a rehearsal's, and all were asked for" in text
    assert "1 removed" in text
    assert world.account.names() == ["alpha-users"]
    assert drill("--clean")[0] == 0, "there is nothing to remove"


def test_look_alikes_are_listed_and_stay(world: RehearsalWorld) -> None:
    drill("--keep", "--sample", "1", "--yes")
    (kept,) = [pool for pool in world.account.pools.values() if pool.raw["Name"] != "alpha-users"]
    tags, name = dict(kept.raw["UserPoolTags"]), kept.raw["Name"]
    kept.raw["DeletionProtection"] = "ACTIVE"
    world.account.add(name, tags)
    world.account.add("alpha-drill-ffffffffffff", {**tags, ID_TAG: "ffffffffffff"})
    world.account.add("alpha-drill-eeeeeeeeeeee", {EXPIRES_TAG: tags[EXPIRES_TAG]})
    world.account.add("alpha-drill-dddddddddddd", {**tags, TAG: "beta"})
    world.account.add("beta-drill-cccccccccccc", tags)
    before = world.account.names()
    code, text = drill("--clean", "--yes", "--json")
    assert code == 1, "one of ours is protected"
    fates = {each["why"] for each in told(text)["pools"]}
    assert {each["fate"] for each in told(text)["pools"]} == {"left"}
    assert fates == {
        "somebody protected it from deletion",
        "no note in the bucket names it",
        "it has not the tag of this installation",
    }
    assert world.account.names() == before


def test_a_region_that_cannot_be_reached(
    world: RehearsalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "open_in", lambda *_: Unreachable(REGION, "it is dark"))
    code, text = drill("--yes")
    assert code == 2
    assert "it is dark" in text
    assert drill("--yes", region="eu-west-1")[0] == 2
