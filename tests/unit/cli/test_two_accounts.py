"""Commands for an installation in two accounts: whose credentials are used where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cognito_standby.cli.locate import LocationOptions, NotLocatedError, locate
from cognito_standby.cli.main import app
from cognito_standby.operator.adapters.connection import QUICK, Connection
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


def test_what_knows_one_account_alone_says_so(folder: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(folder)
    first = CliRunner().invoke(app, ["--backup-profile", "theirs", "init", "--new"])
    assert (first.exit_code, "writes a config for one account" in first.output) == (2, True)
    pools = f"{REGION}_Primary01,{OTHER}_Backup01"
    asked = ["--backup-profile", "theirs", "doctor", "--pools", pools]
    second = CliRunner().invoke(app, asked)
    assert (second.exit_code, "two pools of one account" in second.output) == (2, True)
