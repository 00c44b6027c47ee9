"""`standby init` for a standby in a second account, on twins that show each profile what is in its
own account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cognito_standby.adoption.domain.proposal import proposed
from cognito_standby.adoption.domain.template import template_of
from cognito_standby.adoption.ports import Caller, NotSeenError
from cognito_standby.cli.commands import init as init_command
from cognito_standby.cli.config_file import ConfigFile
from cognito_standby.cli.main import app
from tests.cli_runner import CliRunner
from tests.odd_pools import ACCOUNT
from tests.unit.adoption.calm import SECOND, CalmAccount, TwoAccounts
from tests.unit.adoption.cases import plain
from tests.unit.adoption.recorded import AWAY, HOME, odd
from tests.unit.cli.test_init import ROOT, SAMPLE, judged_here, written

pytestmark = pytest.mark.usefixtures("socket_disabled")
TEMPLATE = Path("standby-pool.template.json")
NAMED = ("--name", "standby")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> TwoAccounts:
    monkeypatch.setattr(ConfigFile, "judge", judged_here)
    for name in ("stacks", "cognito_standby"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "cdk.json").write_text(json.dumps(SAMPLE))
    for name in ("COGNITO_STANDBY_CONFIG", "STANDBY_BACKUP_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    made = TwoAccounts()
    monkeypatch.setattr(init_command, "looks_of", made.looks)
    monkeypatch.chdir(tmp_path)
    return made


def run(*arguments: str, by: tuple[str, ...] = ("ours", "theirs")) -> Result:
    profiles = zip(("--profile", "--backup-profile"), by, strict=True)
    told = [word for option, name in profiles if name for word in (option, name)]
    return CliRunner().invoke(app, (*told, "init", *arguments), env={"COLUMNS": "200"})


def of_both(world: TwoAccounts, **more: Any) -> Result:
    primary, backup = world.ids
    return run("--pool", primary, "--backup-pool", backup, *NAMED, "--overwrite", **more)


def config() -> Mapping[str, Any]:
    told: Mapping[str, Any] = written()["context"]["standby"]
    return told


def test_both_accounts_are_whose_the_profiles_are(world: TwoAccounts) -> None:
    result = of_both(world)
    assert result.exit_code == 0, result.output
    assert (config()["account"], config()["backup_account"]) == (ACCOUNT, SECOND)
    assert config()["pools"]["backup_user_pool_id"] == world.ids[1]
    assert "next: docs/runbooks/second-account.md" in result.output
    assert "$ export AWS_PROFILE=ours\n" in result.output
    assert "$ export STANDBY_BACKUP_PROFILE=theirs\n" in result.output


def test_the_environment_names_the_profile(
    world: TwoAccounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDBY_BACKUP_PROFILE", "theirs")
    assert of_both(world, by=("", "")).exit_code == 0
    assert config()["backup_account"] == SECOND


def test_pools_that_are_still_to_be_made(world: TwoAccounts) -> None:
    regions = ("--primary-region", HOME, "--backup-region", AWAY)
    result = run("--new", *regions, *NAMED, "--overwrite")
    assert result.exit_code == 0, result.output
    assert (config()["account"], config()["backup_account"]) == (ACCOUNT, SECOND)
    assert config()["pools"] == {"create": True}


def test_a_standby_is_proposed_for_its_account(world: TwoAccounts) -> None:
    sender = f"arn:aws:ses:{HOME}:{ACCOUNT}:identity/mail.example.org"
    world.pools[HOME].pool["EmailConfiguration"] = {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": sender,
    }
    world.profiles["theirs"].answers = {"mail_identity": None}
    result = run("--pool", world.ids[0], "--backup-region", AWAY, *NAMED)
    assert result.exit_code == 1, result.output
    assert f"arn:aws:ses:{AWAY}:{SECOND}:identity/mail.example.org" in TEMPLATE.read_text()
    assert f"{AWAY}: not verified" in result.output, "of the second account"
    lines = [line.strip() for line in result.output.splitlines()]
    steps = [line for line in lines if line.startswith("$ aws cloudformation")]
    assert len(steps) == 3
    assert all(f" --region {AWAY} --profile theirs " in line for line in steps)
    again = "$ standby --profile ours --backup-profile theirs init --pool"
    assert any(line.startswith(again) for line in lines)
    assert written() == SAMPLE


@pytest.mark.parametrize("new", [True, False])
def test_profiles_of_one_account_are_refused(world: TwoAccounts, new: bool) -> None:
    world.profiles["theirs"].number = ACCOUNT
    asked = ("--new", "--primary-region", HOME) if new else ("--pool", world.ids[0])
    result = run(*asked, "--backup-region", AWAY, *NAMED, "--overwrite")
    assert result.exit_code == 2
    assert f"both profiles are of the account {ACCOUNT}" in result.stderr
    assert (written(), TEMPLATE.exists()) == (SAMPLE, False)


def test_a_standby_pool_that_is_not_in_that_account_is_refused(world: TwoAccounts) -> None:
    world.owners[AWAY] = ACCOUNT
    result = of_both(world)
    assert result.exit_code == 2
    assert f"there is no pool {world.ids[1]} in the account {SECOND}" in result.stderr
    assert written() == SAMPLE


def test_a_standby_pool_that_may_not_be_read_is_refused(world: TwoAccounts) -> None:
    """It may be in any account."""
    world.pools[AWAY].refused["describe_user_pool"] = "AccessDeniedException"
    result = of_both(world)
    assert result.exit_code == 2
    assert f"{world.ids[1]} could not be read in the account {SECOND}" in result.stderr
    assert written() == SAMPLE


def test_profiles_that_are_swapped_are_refused(world: TwoAccounts) -> None:
    for given in (("--backup-pool", world.ids[1]), ("--backup-region", AWAY)):
        result = run("--pool", world.ids[0], *given, *NAMED, by=("theirs", "ours"))
        assert result.exit_code == 2
        assert f"there is no pool {world.ids[0]} in the account {SECOND}" in result.stderr
    assert (written(), TEMPLATE.exists()) == (SAMPLE, False)


def test_an_account_that_does_not_answer_is_refused(world: TwoAccounts) -> None:
    world.profiles["theirs"].refused = {"caller"}
    result = of_both(world)
    assert (result.exit_code, written()) == (2, SAMPLE)


REMEDIES = [
    (("", ""), "export AWS_PROFILE=<its name>"),
    (("ours", "theirs"), "`aws configure sso --profile ours`"),
]


@pytest.mark.parametrize(("by", "remedy"), REMEDIES)
@pytest.mark.parametrize("code", ["NoCredentialsError", "GetCallerIdentity: ExpiredToken"])
def test_without_credentials_it_is_said_how_to_get_some(
    world: TwoAccounts, monkeypatch: pytest.MonkeyPatch, code: str, by: tuple[str, str], remedy: str
) -> None:
    def nobody(_: object, region: str) -> Caller:
        raise NotSeenError(f"{code} in {region}")

    monkeypatch.setattr(CalmAccount, "caller", nobody)
    result = of_both(world, by=by)
    assert (result.exit_code, written()) == (2, SAMPLE)
    told, more = result.stderr.splitlines()
    assert code in told
    assert "aws configure sso" in more
    assert remedy in more


def test_what_is_no_matter_of_credentials_has_no_such_remedy(world: TwoAccounts) -> None:
    world.profiles["ours"].refused = {"caller"}
    assert "configure sso" not in of_both(world).stderr


def test_a_role_of_a_group_of_the_wrong_account_is_refused(world: TwoAccounts) -> None:
    """By the deployment's own model, which the config is judged by."""
    role = {"GroupName": "staff", "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/staff"}
    for pool in world.pools.values():
        pool.create_group(**role)
    primary, backup = world.ids
    result = run("--pool", primary, "--backup-pool", backup, *NAMED, "--overwrite", "--yes")
    assert result.exit_code == 2
    assert f"is not of {SECOND}, as its pool" in result.stderr
    assert written() == SAMPLE


def test_the_local_aws_of_one_account_has_no_profiles(world: TwoAccounts) -> None:
    told: dict[str, Any] = {"endpoint": "http://127.0.0.1:9", "account": ACCOUNT}
    told |= {side: {"region": at} for side, at in (("primary", HOME), ("backup", AWAY))}
    Path(".local").mkdir()
    Path(".local/outputs.json").write_text(json.dumps(told))
    result = run("--pool", world.ids[0], "--backup-region", AWAY, *NAMED, by=("", "theirs"))
    assert result.exit_code == 2
    assert "it is of one account, and --backup-profile is of AWS" in result.stderr


def test_what_a_proposal_names_is_of_its_account() -> None:
    """But for what is left out, which is named in `left_out`."""
    proposal = proposed(odd("phone_names", HOME), AWAY, SECOND)
    assert ACCOUNT not in json.dumps(template_of(proposal))
    (sms,) = [each for each in proposal.left_out if "SMS" in each.what]
    assert SECOND in sms.how[0]
    same = proposed(odd("phone_names", HOME), AWAY)
    assert not [each for each in same.left_out if "SMS" in each.what]
    assert proposed(plain(HOME), AWAY, SECOND).document.account == SECOND
