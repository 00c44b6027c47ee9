"""Commands for an installation in two accounts: whose credentials are used where."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.stub import Stubber

from cognito_standby.cli.locate import LocationOptions, NotLocatedError, locate
from cognito_standby.cli.main import app
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.operator.adapters.connection import QUICK, Connection
from cognito_standby.operator.adapters.installation import read_outputs
from tests.cli_runner import CliRunner
from tests.unit.operator.operator_world import OTHER, REGION

HERE, THERE = "111111111111", "222222222222"
CONTEXT = {
    "installation": "prod",
    "account": HERE,
    "primary_region": REGION,
    "backup_region": OTHER,
    "backup_account": THERE,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cdk.json").write_text(json.dumps({"context": {"standby": CONTEXT}}))
    return tmp_path


@pytest.fixture
def local(tmp_path: Path) -> Path:
    path = tmp_path / "outputs.json"
    told: dict[str, Any] = {"endpoint": "http://127.0.0.1:9", "account": HERE}
    told["primary"] = {"region": REGION, "account": HERE}
    told["backup"] = {"region": OTHER, "account": THERE}
    path.write_text(json.dumps(told))
    return path


def signed_by(connection: Connection, region: str, service: str = "sqs") -> str:
    """Whose key signs what is asked there."""
    url: str = connection.client(service, region).generate_presigned_url("list_queues")
    return parse_qs(urlsplit(url).query)["X-Amz-Credential"][0].split("/")[0]


def test_each_region_is_asked_by_its_own_account(local: Path, tmp_path: Path) -> None:
    found = locate(LocationOptions(outputs=local), tmp_path, {}).connection
    for connection in (found, found.quick(), found.anew()):
        assert {region: signed_by(connection, region) for region in (REGION, OTHER)} == {
            REGION: HERE,
            OTHER: THERE,
        }


def test_patience_is_the_same_in_both_accounts(local: Path, tmp_path: Path) -> None:
    quick = locate(LocationOptions(outputs=local), tmp_path, {}).connection.quick()
    for region in (REGION, OTHER):
        config: Any = quick.client("sqs", region).meta.config
        assert config.read_timeout == vars(QUICK)["_user_provided_options"]["read_timeout"]


@pytest.mark.parametrize("region", [REGION, OTHER])
def test_an_assumed_role_is_of_one_account(local: Path, tmp_path: Path, region: str) -> None:
    """The other account is asked by whom it was asked before."""
    found = locate(LocationOptions(outputs=local), tmp_path, {}).connection
    keys = {"aws_access_key_id": "ROLE", "aws_secret_access_key": "x", "aws_session_token": "x"}
    acting = found.acting(keys, region)
    before = {REGION: HERE, OTHER: THERE}
    assert {each: signed_by(acting, each) for each in before} == before | {region: "ROLE"}


def test_sessions_of_their_own_keep_patience_and_roles(local: Path, tmp_path: Path) -> None:
    found = locate(LocationOptions(outputs=local), tmp_path, {}).connection
    keys = {"aws_access_key_id": "ROLE", "aws_secret_access_key": "x", "aws_session_token": "x"}
    for region, other in ((REGION, OTHER), (OTHER, REGION)):
        fresh = found.quick().acting(keys, region).anew()
        assert signed_by(fresh, region) == "ROLE"
        assert signed_by(fresh, other) != "ROLE"
        config: Any = fresh.client("sqs", region).meta.config
        assert config.read_timeout == vars(QUICK)["_user_provided_options"]["read_timeout"]


def test_sessions_of_their_own_find_credentials_that_were_renewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "credentials"
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)

    def write(*pair: str) -> None:
        told = zip(("ours", "theirs"), pair, strict=True)
        lines = "aws_access_key_id = {}\naws_secret_access_key = x\n"
        file.write_text("".join(f"[{name}]\n{lines.format(key)}" for name, key in told))

    write("A1", "B1")
    beside = Connection("theirs")
    connection = Connection("ours", beside=beside, beside_region=OTHER)
    assert [signed_by(connection, each) for each in (REGION, OTHER)] == ["A1", "B1"]
    write("A2", "B2")
    assert [signed_by(connection.anew(), each) for each in (REGION, OTHER)] == ["A2", "B2"]


@dataclass(frozen=True)
class WithoutStacks(Connection):
    """Whatever account it is, it has no installation."""

    def client(self, service: str, region: str) -> Any:
        made: Any = super().client(service, region)
        stubbed = Stubber(made)
        stubbed.add_client_error("describe_stacks", "ValidationError", http_status_code=400)
        stubbed.activate()
        return made


def test_a_stack_that_is_not_there_is_told_with_the_profile_that_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A swapped or forgotten profile looks like a Region in which nothing was deployed."""
    (tmp_path / "config").write_text("[profile ours]\n[profile theirs]\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    beside = WithoutStacks("theirs", endpoint="http://127.0.0.1:9", account=THERE)
    both = WithoutStacks("ours", "http://127.0.0.1:9", HERE, beside=beside, beside_region=OTHER)
    for connection, region, said in (
        (both, REGION, "no stack standby-us-east-1 in the account of the profile ours: deploy it"),
        (both, OTHER, "in the account of the profile theirs: deploy it"),
        (replace(both, profile=""), REGION, "there is no stack standby-us-east-1: deploy it"),
    ):
        with pytest.raises(MisconfiguredError, match=said):
            read_outputs(connection, region, "standby")


def test_which_sts_is_asked_is_told_of_a_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config"
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    monkeypatch.delenv("AWS_STS_REGIONAL_ENDPOINTS", raising=False)
    file.write_text(
        "[profile ours]\nsts_regional_endpoints = legacy\n"
        "[profile theirs]\nsts_regional_endpoints = regional\n"
    )
    both = Connection("ours", beside=Connection("theirs"), beside_region=OTHER)
    told = {region: both.only(region).sts_endpoints() for region in (REGION, OTHER)}
    assert told == {REGION: "legacy", OTHER: "regional"}


def test_what_is_of_an_account_is_asked_of_it_in_every_region(local: Path, tmp_path: Path) -> None:
    """IAM is asked in one Region, whose account may be the other one."""
    found = locate(LocationOptions(outputs=local), tmp_path, {}).connection.quick()
    for region, account in ((REGION, HERE), (OTHER, THERE)):
        own = found.only(region)
        assert {signed_by(own, each) for each in (REGION, OTHER, "eu-west-1")} == {account}
        config: Any = own.client("sqs", region).meta.config
        assert config.read_timeout == vars(QUICK)["_user_provided_options"]["read_timeout"]


def test_a_profile_is_told_where_there_are_two_accounts() -> None:
    both = Connection("ours", beside=Connection("theirs"), beside_region=OTHER)
    assert [both.told_apart(region) for region in (REGION, OTHER)] == ["ours", "theirs"]
    assert Connection("ours").told_apart(REGION) == ""


def test_outputs_of_one_account_reach_one(local: Path, tmp_path: Path) -> None:
    told = json.loads(local.read_text())
    for backup in ({"region": OTHER}, {"region": OTHER, "account": ""}):
        local.write_text(json.dumps(told | {"backup": backup}))
        found = locate(LocationOptions(outputs=local), tmp_path, {}).connection
        assert found.beside is None
        assert signed_by(found, OTHER) == HERE


@pytest.mark.parametrize(
    ("asked", "environ"),
    [
        (LocationOptions(profile="ours", backup_profile="theirs"), {}),
        (LocationOptions(profile="ours"), {"STANDBY_BACKUP_PROFILE": "theirs"}),
    ],
)
def test_profiles_of_both_accounts(
    folder: Path, asked: LocationOptions, environ: dict[str, str]
) -> None:
    found = locate(asked, folder, environ).connection
    assert (found.profile, found.beside_region) == ("ours", OTHER)
    assert found.beside is not None
    assert found.beside.profile == "theirs"


def test_an_account_that_nobody_can_reach_is_named(folder: Path) -> None:
    with pytest.raises(NotLocatedError, match=f"account {THERE}: give --backup-profile"):
        locate(LocationOptions(profile="ours"), folder, {})


def test_the_doctor_does_not_look_for_a_second_account_s_pool_in_the_first(
    folder: Path, monkeypatch: Any
) -> None:
    """It would say of a living pool that it is gone, and to call AWS Support."""
    pools = [f"{REGION}_Primary01", f"{OTHER}_Backup01"]
    named = {"primary_user_pool_id": pools[0], "backup_user_pool_id": pools[1]}
    context = {"context": {"standby": CONTEXT | {"pools": named}}}
    (folder / "cdk.json").write_text(json.dumps(context))
    monkeypatch.chdir(folder)
    monkeypatch.delenv("STANDBY_BACKUP_PROFILE", raising=False)
    for asked in (["doctor"], ["doctor", "--pools", ",".join(pools)]):
        refused = CliRunner().invoke(app, asked)
        assert refused.exit_code == 2
        assert f"account {THERE}: give --backup-profile" in refused.output


@pytest.mark.parametrize("by", [(), ("--backup-profile", "nobody")])
@pytest.mark.parametrize("command", ["doctor", "init"])
def test_a_profile_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, by: tuple[str, ...]
) -> None:
    """Of one account and of two."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    for name in ("AWS_PROFILE", "COGNITO_STANDBY_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "cdk.json").write_text("{}")
    (tmp_path / "stacks").symlink_to(Path(__file__).parents[3] / "stacks")
    pools = {
        "doctor": ("--pools", f"{REGION}_Primary01,{OTHER}_Backup01"),
        "init": ("--pool", f"{REGION}_Primary01", "--backup-region", OTHER, "--name", "shop"),
    }
    told = CliRunner().invoke(
        app, ["--profile", "nobody", *by, command, *pools[command]], env={"COLUMNS": "400"}
    )
    assert (told.exit_code, isinstance(told.exception, SystemExit)) == (2, True), told.exception
    assert "ProfileNotFound" in told.output
