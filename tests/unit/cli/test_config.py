"""`standby config` on twins of both Regions."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cognito_standby.cli import config_restore
from cognito_standby.cli.commands import config as command
from cognito_standby.cli.main import app
from cognito_standby.configuration.domain.document import PoolConfiguration, plain_of
from cognito_standby.configuration.services.desk import ConfigurationDesk
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import (
    MisconfiguredError,
    RefusedByPoolError,
    ServiceUnavailableError,
    StandbyError,
    ThrottledError,
)
from cognito_standby.operator.services.context import Unreachable
from tests.cli_runner import CliRunner
from tests.twins.configuration import (
    ConfigurationTable,
    InMemoryConfigurationNotes,
    InMemorySnapshots,
    Pools,
)
from tests.twins.stores.records import GlobalTable
from tests.unit.cli.where import standby_finds
from tests.unit.configuration.documents import document
from tests.unit.operator.operator_world import OTHER, REGION

pytestmark = pytest.mark.usefixtures("socket_disabled")
OLD, NEW = "2026-11-01T03:00:00Z", "2026-11-02T03:00:00Z"
CLIENT: dict[str, Any] = {"ClientName": "app", "HasSecret": True}
HERE = ("--region", REGION)


@dataclass
class Both:
    """Two Regions with a pool each; what is in `dark` does not answer."""

    table: ConfigurationTable = field(default_factory=ConfigurationTable)
    pools: Pools = field(default_factory=Pools)
    dark: set[str] = field(default_factory=set)
    records: GlobalTable = field(default_factory=lambda: GlobalTable(Installation(REGION, OTHER)))

    def desk(self, _: Any, __: Any, region: str) -> ConfigurationDesk | Unreachable:
        if region in self.dark:
            return Unreachable(region, "no answer")
        return ConfigurationDesk(
            region,
            f"{region}_pool00000",
            f"arn:aws:cognito-idp:{region}:111111111111:userpool/",
            self.records.store(region),
            InMemoryConfigurationNotes(self.table, region),
            InMemorySnapshots(self.table, region),
            self.pools,
            self.pools,
        )

    def keep(self, region: str, at: str, why: str = "first", **sections: Any) -> PoolConfiguration:
        made = document(user_pool_id=f"{region}_pool00000", **sections)
        made = replace(made, region=region, read_at=at.replace("Z", "+00:00"))
        InMemorySnapshots(self.table, region).put(made, why)
        self.pools.documents[made.user_pool_id] = made
        return made


def opened(monkeypatch: pytest.MonkeyPatch) -> Both:
    """Two pools that were looked at, and `standby config` works on them."""
    made = Both()
    for module in (command, config_restore):
        monkeypatch.setattr(module, "opened_by", made.desk)
    made.keep(REGION, OLD, clients={"1": CLIENT})
    made.keep(REGION, NEW, "changed", clients={"1": {**CLIENT, "AccessTokenValidity": 5}})
    made.keep(OTHER, OLD, clients={"9": CLIENT})
    note = ConfigurationNote("2026-11-02T03:00:00+00:00", NEW, OLD, unexpected=1, drift=1)
    made.table.notes[REGION] = note
    return made


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    standby_finds(lambda region: Unreachable(region, "not asked"), tmp_path, monkeypatch)
    return opened(monkeypatch)


def run(*arguments: str, answer: str = "") -> Result:
    given = ("config", *arguments)
    done = CliRunner().invoke(app, given, input=answer or None, env={"COLUMNS": "200"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_the_newest_one_of_the_active_region_is_shown(both: Both) -> None:
    shown = run("show")
    assert shown.exit_code == 0
    assert f"pool {REGION}_pool00000 (people)" in shown.output
    assert "    AccessTokenValidity = 5" in shown.output
    older = json.loads(run("show", *HERE, "--at", "2026-11-01", "--json").output)
    assert older["sections"]["clients"] == {"1": CLIENT}


def test_a_lost_region_s_pool_is_shown_by_the_other_one(both: Both) -> None:
    both.dark.add(REGION)
    shown = run("show", *HERE)
    assert shown.exit_code == 0 and f"pool {REGION}_pool00000" in shown.output
    live = run("show", *HERE, "--live")
    assert live.exit_code == 2 and "without --live its newest snapshot" in live.output
    both.dark.add(OTHER)
    assert run("show").exit_code == 2


@pytest.mark.parametrize(
    ("at", "said"),
    [("2025", "there is no snapshot 2025"), ("2026-11", "more than one snapshot begins")],
)
def test_a_snapshot_that_is_none_or_two_is_refused(both: Both, at: str, said: str) -> None:
    refused = run("show", *HERE, "--at", at)
    assert refused.exit_code == 2 and said in refused.output


def test_what_changed_since_it_was_accepted(both: Both) -> None:
    changed = run("diff", *HERE)
    assert changed.exit_code == 1
    assert "+ clients/1/AccessTokenValidity: 5" in changed.output
    assert f"{REGION}: since {OLD}, as of {NEW} (- gone, + new" in changed.output
    none = run("diff", *HERE, "--from", NEW)
    assert none.exit_code == 0 and "nothing has changed" in none.output
    assert f"as of now ({'- gone'}" in run("diff", *HERE, "--live").output
    both.keep(REGION, "2026-11-03T03:00:00Z", tags={"a": {"Value": "b"}})
    both.table.kept.pop((REGION, "2026-11-03T03:00:00Z"))
    live = json.loads(run("diff", *HERE, "--live", "--json").output)
    assert [each["kind"] for each in live["differences"]] == ["only_right", "only_left"]


def test_what_the_standby_has_otherwise(both: Both) -> None:
    drift = run("diff")
    assert drift.exit_code == 1
    assert "- clients/1/AccessTokenValidity: 5" in drift.output
    assert f"- only in the active pool ({REGION}, as of 2026-11-02 03:00:00 UTC)" in drift.output
    assert f"+ only in the standby ({OTHER}, as of 2026-11-01 03:00:00 UTC)" in drift.output
    assert json.loads(run("diff", "--json").output)["expected"] == []


def test_the_history_says_what_is_accepted_and_that_something_is_not(both: Both) -> None:
    listed = run("history")
    assert listed.exit_code == 1
    assert f"{OLD}  {REGION}_pool00000  first  accepted" in listed.output
    assert "1 unexpected: standby config diff" in listed.output
    told = json.loads(run("history", "--region", OTHER, "--json").output)
    assert told[OTHER]["note"]["looked_at"] == ""


def test_accepting_shows_the_change_and_asks(both: Both) -> None:
    refused = run("accept", *HERE, answer="n\n")
    assert refused.exit_code == 1 and "not accepted" in refused.output
    assert both.table.notes[REGION].accepted == OLD
    done = run("accept", *HERE, "--yes")
    assert done.exit_code == 0 and "+ clients/1/AccessTokenValidity: 5" in done.output
    note = both.table.notes[REGION]
    assert (note.accepted, note.unexpected) == (NEW, 0)
    assert run("history", *HERE).exit_code == 0
    assert run("accept").exit_code == 2


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_accepting_needs_nothing_of_what_was_accepted_before(both: Both, how: str) -> None:
    """Otherwise the alarm could never be ended."""
    if how == "gone":
        del both.table.kept[REGION, OLD]
    else:
        both.table.damaged.add((REGION, OLD))
    assert run("diff", *HERE).exit_code == 2
    done = run("accept", *HERE, "--yes")
    assert done.exit_code == 0, done.output
    assert f"{OLD}, which was accepted, cannot be read" in done.output
    assert both.table.notes[REGION].accepted == NEW
    both.table.damaged.add((REGION, NEW))
    assert run("accept", *HERE, "--yes").exit_code == 2, "what cannot be read is not accepted"


def lost(both: Both) -> PoolConfiguration:
    made = both.keep(REGION, "2026-11-03T03:00:00Z", clients={"1": CLIENT})
    del both.pools.documents[made.user_pool_id]
    both.pools.new = replace(made, user_pool_id="us-east-1_new000000", sections={})
    return made


def lost_and_makeable(monkeypatch: pytest.MonkeyPatch) -> Both:
    """For the lines of the runbook: the pool is gone, and a new one becomes as it was."""
    made = opened(monkeypatch)
    gone = lost(made)
    made.pools.new = replace(gone, user_pool_id="us-east-1_new000000")
    return made


def test_a_restore_shows_its_calls_first_and_makes_none_unasked(both: Both) -> None:
    lost(both)
    looked = run("restore", *HERE, "--dry-run")
    assert looked.exit_code == 0, looked.output
    assert "  CreateUserPool\n  CreateUserPoolClient 1\n" in looked.output
    assert "secrets of app clients: new ones are made" in looked.output
    refused = run("restore", *HERE, answer="n\n")
    assert refused.exit_code == 1 and "nothing was done" in refused.output
    assert not both.pools.calls


def test_a_restore_can_be_looked_at_while_the_pool_is_there(both: Both) -> None:
    made = both.keep(REGION, "2026-11-03T03:00:00Z", domains={"people": {"Custom": False}})
    both.pools.domains["people"] = made.user_pool_id
    looked = run("restore", *HERE, "--dry-run")
    assert looked.exit_code == 0, looked.output
    assert "  CreateUserPool\n" in looked.output
    assert f"not now: the pool {made.user_pool_id} is there" in looked.output
    assert f"not now: the domain people is taken by {made.user_pool_id}" in looked.output
    told = json.loads(run("restore", *HERE, "--dry-run", "--json").output)
    assert len(told["not_now"]) == 2 and "CreateUserPool" in told["calls"]
    refused = run("restore", *HERE, "--yes")
    assert refused.exit_code == 2 and "say --beside" in refused.output
    beside = run("restore", *HERE, "--beside", "--dry-run")
    assert beside.exit_code == 2, "a second pool cannot have the name"
    both.pools.domains["people"] = "us-east-1_another00"
    assert run("restore", *HERE, "--dry-run").exit_code == 2, "not even if the pool were gone"
    assert not both.pools.calls


def test_a_restore_can_be_looked_at_before_the_secrets_are_at_hand(
    both: Both, tmp_path: Path
) -> None:
    google = {"ProviderType": "Google", "ProviderDetails": {"client_secret": "<a secret>"}}
    gone = both.keep(REGION, "2026-11-03T03:00:00Z", providers={"Google": google})
    del both.pools.documents[gone.user_pool_id]
    looked = run("restore", *HERE, "--dry-run")
    assert looked.exit_code == 0, looked.output
    assert "  CreateIdentityProvider Google\n" in looked.output
    assert "not now: the identity provider Google needs client_secret" in looked.output
    refused = run("restore", *HERE, "--yes")
    assert refused.exit_code == 2 and "give --secrets FILE" in refused.output
    assert not both.pools.calls
    file = tmp_path / "secrets.json"
    file.write_text('{"Google": {"client_secret": "1"}}')
    assert "not now" not in run("restore", *HERE, "--dry-run", "--secrets", str(file)).output


def test_a_restore_says_when_the_newest_snapshot_was_never_accepted(both: Both) -> None:
    lost(both)
    latest = "2026-11-03T03:00:00Z"
    both.table.notes[REGION] = ConfigurationNote(
        latest, latest=latest, accepted=OLD, unexpected=3, trouble="the pool is gone"
    )
    looked = run("restore", *HERE, "--dry-run")
    assert f"3 changes in {latest} were never accepted" in looked.output
    assert f"--at {OLD}" in looked.output
    assert json.loads(run("restore", *HERE, "--dry-run", "--json").output)["accepted"] == OLD
    asked = run("restore", *HERE, answer="n\n")
    assert "never accepted" in asked.output and not both.pools.calls
    assert "never accepted" not in run("restore", *HERE, "--dry-run", "--at", OLD).output
    both.table.notes[REGION] = ConfigurationNote(latest, latest=latest, accepted=OLD)
    assert "never accepted" not in run("restore", *HERE, "--dry-run").output, "groups alone"


def test_a_restore_tells_old_ids_and_new_ones_and_what_comes_next(
    both: Both, tmp_path: Path
) -> None:
    made = lost(both)
    ids = tmp_path / "ids.json"
    done = run("restore", *HERE, "--yes", "--ids", str(ids))
    assert "CreateUserPoolClient 1 -> new-of-app" in done.output
    assert f"standby restore --region {REGION}" in done.output
    assert json.loads(ids.read_text()) == {
        "user_pool_id": "us-east-1_new000000",
        "clients": {"1": "new-of-app"},
    }
    assert done.exit_code == 1, "the twin's new pool stays empty, and that is told"
    assert "not all is as the snapshot says" in done.output
    both.pools.documents["us-east-1_new000000"] = replace(made, user_pool_id="us-east-1_new000000")
    again = run("restore", *HERE, "--yes", "--json")
    assert again.exit_code == 0, again.output
    assert json.loads(again.output)["differences"] == []
    assert len(both.pools.calls) == 2


def test_a_restore_that_cannot_be_made_does_nothing(both: Both) -> None:
    there = run("restore", *HERE, "--yes")
    assert there.exit_code == 2 and "is there" in there.output
    lost(both)
    assert run("restore").exit_code == 2
    assert run("restore", *HERE, "--without", "clients").exit_code == 2
    assert run("restore", *HERE, "--json").exit_code == 2
    assert run("restore", *HERE, "--at", OLD, "--snapshot", "x.json").exit_code == 2
    assert run("restore", *HERE, "--at", "1999").exit_code == 2
    assert not both.pools.calls


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        ("DescribeUserPool", MisconfiguredError("DescribeUserPool: AccessDeniedException"), "--be"),
        ("DescribeUserPool", ThrottledError("DescribeUserPool: TooManyRequests"), "try again"),
        ("CreateUserPool", RefusedByPoolError("CreateUserPool: LimitExceededException"), "Limit"),
        ("CreateUserPool", MisconfiguredError("CreateUserPool: AccessDeniedException"), "Access"),
    ],
)
def test_a_restore_that_fails_before_it_made_anything_does_not_say_that_it_goes_on(
    both: Both, call: str, error: StandbyError, said: str
) -> None:
    lost(both)
    both.pools.trouble[call] = error
    failed = run("restore", *HERE, "--yes")
    assert failed.exit_code == 2 and "nothing was done" in failed.output
    assert str(error) in failed.output and said in failed.output
    assert "goes on" not in failed.output
    assert not both.pools.calls


def test_a_restore_that_breaks_off_says_what_is_there(both: Both) -> None:
    lost(both)
    both.pools.trouble["CreateUserPoolClient"] = ServiceUnavailableError("no answer from AWS")
    broken = run("restore", *HERE, "--yes")
    assert broken.exit_code == 1, "something was done"
    assert "us-east-1_new000000 is made" in broken.output
    assert "run it again, it goes on" in broken.output
    both.pools.trouble = {"CreateUserPool": ServiceUnavailableError("no answer from AWS")}
    both.pools.calls.clear()
    unsure = run("restore", *HERE, "--yes")
    assert unsure.exit_code == 1 and "may be made" in unsure.output
    assert "run it again, it goes on" in unsure.output


def test_whether_the_former_pool_is_there_is_asked_without_reading_all_of_it(both: Both) -> None:
    both.pools.trouble["ListGroups"] = MisconfiguredError("ListGroups: AccessDeniedException")
    there = run("restore", *HERE, "--yes")
    assert there.exit_code == 2 and "is there" in there.output


def test_a_pool_that_is_deleted_while_it_is_made_is_told(both: Both) -> None:
    lost(both)
    taken, create = both.pools.documents, both.pools.create_pool

    def created(request: Any) -> str:
        made = create(request)
        del taken[made]
        return made

    both.pools.create_pool = created  # type: ignore[method-assign]
    gone = run("restore", *HERE, "--yes")
    assert gone.exit_code == 1 and "there is no pool us-east-1_new000000" in gone.output


def test_ids_that_cannot_be_written_are_refused_before_anything_is_made(
    both: Both, tmp_path: Path
) -> None:
    lost(both)
    for wrong in (tmp_path / "no" / "ids.json", tmp_path):
        refused = run("restore", *HERE, "--yes", "--ids", str(wrong))
        assert refused.exit_code == 2 and "--ids" in refused.output
        assert not both.pools.calls
    ids = tmp_path / "ids.json"
    ids.write_text('{"kept": true}')
    run("restore", *HERE, "--dry-run", "--ids", str(ids))
    assert ids.read_text() == '{"kept": true}', "a dry run writes nothing"


def test_a_copy_of_a_pool_of_another_account_is_refused(both: Both, tmp_path: Path) -> None:
    made = lost(both)
    file = tmp_path / "copy.json"
    file.write_text(json.dumps(plain_of(replace(made, account="222222222222"))))
    refused = run("restore", *HERE, "--snapshot", str(file), "--dry-run")
    assert refused.exit_code == 2 and "222222222222" in refused.output


def test_a_copy_of_a_snapshot_is_taken_and_a_newer_or_a_strange_one_is_not(
    both: Both, tmp_path: Path
) -> None:
    made = lost(both)
    file = tmp_path / "copy.json"
    given = ("restore", *HERE, "--snapshot", str(file), "--dry-run")
    file.write_text(json.dumps(plain_of(made)))
    assert run(*given).exit_code == 0
    file.write_text(json.dumps({**plain_of(made), "schema_version": 9}))
    newer = run(*given)
    assert newer.exit_code == 2 and "schema version 9" in newer.output
    file.write_text(json.dumps(plain_of(replace(made, region=OTHER))))
    assert run(*given).exit_code == 2
    plain = plain_of(made)
    odd: list[dict[str, Any]] = [
        {**plain, "read_at": "yesterday"},
        {**plain, "read_at": 5},
        {**plain, "sections": {"clients": {"1": "app"}}},
        {**plain, "sections": {"clients": ["1"]}},
        {**plain, "sections": {"pool": {"pool": {}}}},
        {**plain, "sections": {"clients": {"1": {"ClientName": 5}}}},
        {**plain, "user_pool_id": ""},
        {**plain, "unread": None},
        {**plain, "schema_version": 0},
    ]
    for wrong in ("[]", "{", '{"schema_version": 1}', *map(json.dumps, odd)):
        file.write_text(wrong)
        refused = run(*given)
        assert refused.exit_code == 2, wrong
        assert str(file) in refused.output.replace("\n", ""), wrong
    file.unlink()
    assert run(*given).exit_code == 2


def test_secrets_are_read_from_a_file_and_nothing_of_them_is_told(
    both: Both, tmp_path: Path
) -> None:
    details = {"client_id": "id", "client_secret": "(secret)"}
    provider = {"ProviderType": "Google", "ProviderDetails": details}
    made = both.keep(REGION, "2026-11-03T03:00:00Z", providers={"Google": provider})
    del both.pools.documents[made.user_pool_id]
    both.pools.new = replace(made, user_pool_id="us-east-1_new000000", sections={})
    refused = run("restore", *HERE, "--yes")
    assert refused.exit_code == 2 and "Google needs client_secret" in refused.output
    file = tmp_path / "secrets.json"
    file.write_text('{"Google": "hush"}')
    wrong = run("restore", *HERE, "--yes", "--secrets", str(file))
    assert wrong.exit_code == 2 and "hush" not in wrong.output
    file.write_text('{"Google": {"client_secret": "hush"}}')
    done = run("restore", *HERE, "--yes", "--secrets", str(file))
    (_, request) = both.pools.calls[-1]
    assert request["ProviderDetails"]["client_secret"] == "hush"
    assert "hush" not in done.output
