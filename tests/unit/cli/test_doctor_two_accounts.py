"""`standby doctor` where the standby is in a second account, on twins that show each profile what
is in its own account."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cognito_standby.cli import pool_pair
from cognito_standby.cli.commands import doctor as doctor_command
from cognito_standby.cli.main import app
from tests.cli_runner import CliRunner
from tests.odd_pools import ACCOUNT
from tests.unit.adoption.calm import SECOND, TwoAccounts
from tests.unit.adoption.recorded import AWAY, HOME
from tests.unit.cli.test_doctor import STACKS, config

pytestmark = pytest.mark.usefixtures("socket_disabled")
BOTH = ("--profile", "ours", "--backup-profile", "theirs")
SWAPPED = ("--profile", "theirs", "--backup-profile", "ours")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> TwoAccounts:
    made = TwoAccounts()
    monkeypatch.setattr(doctor_command, "looks_of", made.looks)
    monkeypatch.setattr(pool_pair, "read_outputs", _outputs(made))
    for name in ("STANDBY_INSTALLATION", "STANDBY_REGIONS", "STANDBY_BACKUP_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return made


def _outputs(world: TwoAccounts) -> Any:
    def outputs(_: object, region: str, installation: str) -> Mapping[str, str]:
        return {"Installation": installation, "UserPoolId": world.pools[region].pool_id}

    return outputs


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


def of_pools(world: TwoAccounts, *arguments: str, by: tuple[str, ...] = BOTH) -> Result:
    return run(*by, "doctor", "--pools", ",".join(world.ids), *arguments)


def found(result: Result) -> dict[str, Any]:
    """Code -> its findings."""
    told: dict[str, Any] = {}
    for each in json.loads(result.stdout)["findings"]:
        told.setdefault(each["code"], []).append(each)
    return told


def steps(result: Result) -> Iterator[str]:
    for each in json.loads(result.stdout)["findings"]:
        yield from each["mend"]


class TestWhoIsAsked:
    def test_each_pool_and_what_is_around_it_by_its_own_profile(self, world: TwoAccounts) -> None:
        world.profiles["theirs"].answers = {"quotas": {"UserCreation": 25.0}, "trails": []}
        result = of_pools(world, "--json")
        told = json.loads(result.stdout)
        assert (told["primary"]["account"], told["backup"]["account"]) == (ACCOUNT, SECOND)
        codes = found(result)
        assert not {"pool-missing", "pool-account", "other-account"} & codes.keys()
        assert codes["quota-lower"][0]["backup"] == "25 a second"
        assert [each["about"] for each in codes["trail-missing"]] == [AWAY]

    def test_what_one_may_not_see_is_told_of_its_account(self, world: TwoAccounts) -> None:
        world.profiles["ours"].refused = {"trails"}
        codes = found(of_pools(world, "--json"))
        assert [each["about"] for each in codes["unread"]] == [f"{HOME}: CloudTrail"]

    def test_the_environment_names_the_profile(
        self, world: TwoAccounts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("STANDBY_BACKUP_PROFILE", "theirs")
        told = json.loads(of_pools(world, "--json", by=()).stdout)
        assert told["backup"]["account"] == SECOND

    def test_before_there_is_a_stack_by_the_config(
        self, world: TwoAccounts, tmp_path: Path
    ) -> None:
        config(tmp_path, pools=dict(zip(STACKS, world.ids, strict=True)), backup_account=SECOND)
        result = run(*BOTH, "doctor", "--json")
        told = json.loads(result.stdout)
        assert (told["primary"]["account"], told["backup"]["account"]) == (ACCOUNT, SECOND)
        assert "pool-account" not in found(result)

    def test_whoever_fails_over_is_asked_of_the_backup_s_account(self, world: TwoAccounts) -> None:
        """By the stacks, in a folder that has no config."""
        user = f"arn:aws:iam::{SECOND}:user/glass"
        role = {"arn": f"arn:aws:iam::{SECOND}:role/standby-dr-{AWAY}", "principals": [user]}
        world.profiles["theirs"].answers = {"trusted": role, "user": None}
        asked = ("--installation", "standby", "--regions", f"{HOME},{AWAY}")
        codes = found(run(*BOTH, *asked, "doctor", "--json"))
        (gone,) = codes["break-glass-user"]
        assert gone["mend"] == ["aws iam create-user --user-name glass --profile theirs"]
        assert [each["about"] for each in codes["failover-role-missing"]] == [HOME]

    def test_a_tool_that_asks_the_global_sts_is_told_of_the_profile_that_has_it(
        self, world: TwoAccounts
    ) -> None:
        for name, region in (("ours", HOME), ("theirs", AWAY)):
            world.profiles[name].answers = {"sts": "legacy"}
            codes = found(of_pools(world, "--json"))
            assert region in [each["about"] for each in codes["sts-legacy"]]
        assert len(codes["sts-legacy"]) == 2


class TestWrongAccount:
    def test_a_pool_that_was_looked_for_in_the_wrong_account_is_not_said_to_be_gone(
        self, world: TwoAccounts, tmp_path: Path
    ) -> None:
        config(tmp_path, pools=dict(zip(STACKS, world.ids, strict=True)), backup_account=SECOND)
        result = run(*SWAPPED, "doctor", "--json", "--fail-on", "blocks")
        codes = found(result)
        assert (result.exit_code, "pool-missing" in codes) == (1, False)
        mend = {each["about"]: each["mend"][0] for each in codes["pool-account"]}
        assert mend == {
            f"{HOME} {world.ids[0]}": f"--profile: credentials of {ACCOUNT}, or correct `account` "
            f"in cdk.json ({ACCOUNT})",
            f"{AWAY} {world.ids[1]}": f"--backup-profile: credentials of {SECOND}, or correct "
            f"`backup_account` in cdk.json ({SECOND})",
        }

    def test_a_profile_too_many(self, world: TwoAccounts, tmp_path: Path) -> None:
        """The config has one account, and the pool is in it."""
        world.owners[AWAY] = ACCOUNT
        config(tmp_path, pools=dict(zip(STACKS, world.ids, strict=True)))
        (told,) = found(run(*BOTH, "doctor", "--json"))["pool-account"]
        assert told["mend"] == [
            f"--backup-profile: credentials of {ACCOUNT}, or correct `backup_account` in cdk.json "
            f"({ACCOUNT})"
        ]

    def test_a_profile_too_few(self, world: TwoAccounts, tmp_path: Path) -> None:
        """Who names the installation and its Regions is not asked what the config says."""
        config(tmp_path, pools=dict(zip(STACKS, world.ids, strict=True)), backup_account=SECOND)
        asked = ("--installation", "standby", "--regions", f"{HOME},{AWAY}")
        codes = found(run("--profile", "ours", *asked, "doctor", "--json"))
        assert "pool-missing" not in codes
        (told,) = codes["pool-account"]
        assert told["about"] == f"{AWAY} {world.ids[1]}"
        assert told["mend"][0].startswith(f"--backup-profile: credentials of {SECOND}")

    def test_one_profile_for_both_of_an_installation_in_two(
        self, world: TwoAccounts, tmp_path: Path
    ) -> None:
        config(tmp_path, pools=dict(zip(STACKS, world.ids, strict=True)), backup_account=SECOND)
        for asked in (("doctor",), ("doctor", "--pools", ",".join(world.ids))):
            result = run("--profile", "ours", *asked)
            assert result.exit_code == 2
            assert f"account {SECOND}: give --backup-profile" in result.stderr

    def test_where_nobody_says_whose_they_are_the_account_that_was_asked_is_told(
        self, world: TwoAccounts
    ) -> None:
        codes = found(of_pools(world, "--json", by=SWAPPED))
        told = {(each["primary"], each["backup"]) for each in codes["pool-missing"]}
        assert told == {
            (f"not there, in the account {SECOND}", ""),
            ("", f"not there, in the account {ACCOUNT}"),
        }


class TestShown:
    def test_accounts_and_profiles(self, world: TwoAccounts) -> None:
        result = of_pools(world)
        assert f"primary: {HOME} {world.ids[0]} in the account {ACCOUNT}" in result.output
        assert f"backup: {AWAY} {world.ids[1]} in the account {SECOND}" in result.output
        assert result.exit_code == 1

    def test_each_command_names_the_profile_of_its_account(self, world: TwoAccounts) -> None:
        world.profiles["theirs"].answers = {"trails": []}
        world.profiles["ours"].answers = {"trails": []}
        told = [step for step in steps(of_pools(world, "--json")) if step.startswith("aws ")]
        assert told
        for step in told:
            profile = "ours" if f"--region {HOME}" in step else "theirs"
            assert step.endswith(f" --profile {profile}"), step

    def test_what_a_pool_has_of_the_other_account(self, world: TwoAccounts) -> None:
        sender = f"arn:aws:ses:{AWAY}:{ACCOUNT}:identity/mail.example.org"
        world.pools[AWAY].pool["EmailConfiguration"] = {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": sender,
        }
        (told,) = found(of_pools(world, "--json"))["other-account"]
        assert told["about"] == f"{AWAY}: the pool, EmailConfiguration.SourceArn"
        assert (told["primary"], told["backup"]) == ("", sender)


class TestPolicy:
    def test_each_account_has_its_own(self, world: TwoAccounts, tmp_path: Path) -> None:
        config(tmp_path, pools=dict(zip(STACKS, world.ids, strict=True)), backup_account=SECOND)
        told = json.loads(run(*BOTH, "doctor", "--policy").stdout)
        assert list(told) == [ACCOUNT, SECOND]
        for own, other, region in ((ACCOUNT, SECOND, HOME), (SECOND, ACCOUNT, AWAY)):
            policy = json.dumps(told[own])
            assert other not in policy, "nobody gets rights in the other account"
            assert f"role/standby-dr-{region}" in policy
            assert policy.count(":userpool/") == 1
        sids = {own: {each["Sid"] for each in told[own]["Statement"]} for own in told}
        assert sids[SECOND] - sids[ACCOUNT] == {"TheirUsers"}, "of the backup's role alone"

    def test_of_pools_of_no_installation(self, world: TwoAccounts) -> None:
        told = json.loads(of_pools(world, "--policy").stdout)
        assert list(told) == [ACCOUNT, SECOND]
