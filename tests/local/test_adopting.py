"""A pool to be adopted, and an installation that is deployed beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from local.adopting import NAMES, STAFF, deploy_beside, make_owners_pool
from local.demo.command import ROOT, local_config
from local.emulator import LocalAws
from local.guide import PASSWORD
from tests.adopt.empty_aws import serving
from tests.adopt.owner import Owner
from tests.local import assemblies
from tests.local.conftest import OTHER_REGION, REGION

pytestmark = pytest.mark.local_aws


@pytest.mark.parametrize("by_email", [False, True])
def test_the_people_of_the_pool_sign_in(aws: LocalAws, *, by_email: bool) -> None:
    pool = make_owners_pool(aws, by_email=by_email)
    cognito = aws.client("cognito-idp", REGION)
    assert len(cognito.list_users(UserPoolId=pool)["Users"]) == len(NAMES)
    staff = cognito.list_users_in_group(UserPoolId=pool, GroupName="staff")["Users"]
    assert len(staff) == len(STAFF)
    (client,) = cognito.list_user_pool_clients(UserPoolId=pool)["UserPoolClients"]
    told = cognito.initiate_auth(
        ClientId=client["ClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={
            "USERNAME": f"{NAMES[0]}@example.org" if by_email else NAMES[0],
            "PASSWORD": PASSWORD,
        },
    )
    assert told["AuthenticationResult"]["AccessToken"]


def test_an_assembly_is_deployed_to_an_aws_that_runs(aws: LocalAws, tmp_path: Path) -> None:
    told: list[str] = []
    made = deploy_beside(
        assemblies.write(tmp_path), aws.endpoint, lambda stack: told.append(stack.name)
    )
    assert (made.endpoint, made.primary.region) == (aws.endpoint, REGION)
    assert made.backup.region == OTHER_REGION
    assert told == ["Data", "Region-primary", "Region-backup"]
    cognito = aws.client("cognito-idp", REGION)
    assert cognito.describe_user_pool(UserPoolId=made.primary.user_pool_id)


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """In a folder of its own."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={"COLUMNS": "200", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_an_installation_over_pools_of_somebodys_own_is_deployed_by_its_config(
    tmp_path: Path,
) -> None:
    with serving() as aws:
        config = local_config("username")
        here, there = (Owner(aws, config[name]) for name in ("primary_region", "backup_region"))
        config |= {"account": aws.account, "custom_attributes": []}
        config["pools"] = {"primary_user_pool_id": here.pool, "backup_user_pool_id": there.pool}
        file = tmp_path / "own.json"
        file.write_text(json.dumps(config))
        done = run("local", "deploy", str(file), "--endpoint", aws.endpoint, folder=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        seen = run("cognito_standby.cli", "status", folder=tmp_path)
    assert seen.returncode == 1, seen.stdout
    for region in (config["primary_region"], config["backup_region"]):
        assert f"{region}: no reconciliation of this existing pool has ended" in seen.stdout
    assert "standby reconcile --seed" in seen.stdout


@pytest.mark.parametrize("text", [None, "{}"])
@pytest.mark.full
def test_a_config_that_cannot_be_deployed_is_refused_with_the_reason(
    tmp_path: Path, text: str | None
) -> None:
    file = tmp_path / "own.json"
    if text is not None:
        file.write_text(text)
    done = run("local", "deploy", str(file), folder=tmp_path)
    assert done.returncode == 1
    assert "error: " in done.stdout and "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / ".local").exists()
