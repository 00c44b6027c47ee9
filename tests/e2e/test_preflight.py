"""The preflight against a deployed installation on the local AWS, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.demo.command import local_config
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, until

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]
ROOT = Path(__file__).parents[2]


def _preflight(
    stage: RemoteStage, folder: Path, **changes: Any
) -> subprocess.CompletedProcess[str]:
    config = folder / "config.json"
    config.write_text(json.dumps(local_config("username") | changes))
    environment = {
        **os.environ,
        "COGNITO_STANDBY_CONFIG": str(config),
        "AWS_ENDPOINT_URL": stage.outputs.endpoint,
        "AWS_ACCESS_KEY_ID": stage.outputs.account,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": stage.outputs.primary.region,
    }
    environment.pop("AWS_PROFILE", None)
    command = [sys.executable, "-m", "preflight", "--json"]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
    )


def test_a_standing_installation_is_looked_at(stage: RemoteStage, tmp_path: Path) -> None:
    """Its stacks, tables, pools, log role and bootstrap are as they should be, and what this AWS
    does not have is unknown, not missing. What a busy machine does not tell in time is unknown as
    well, until the next look."""

    def looked() -> Any:
        told = json.loads(_preflight(stage, tmp_path).stdout)
        unknown = {each["check"] for each in told["findings"] if each["severity"] == "unchecked"}
        return told if unknown <= {"lambda-concurrency", "cognito-quotas"} else None

    told = until("nothing is unknown but what this AWS does not know", looked)
    refused = [each for each in told["findings"] if each["severity"] == "refuses"]
    assert [each for each in refused if each["check"] != "lambda-concurrency"] == []
    warned = {each["check"] for each in told["findings"] if each["severity"] == "warns"}
    assert {"mail", "alarms"} <= warned


def test_the_doctor_looks_at_it_at_any_time(standby: Standby) -> None:
    """It finds what is so of this AWS, where a created trail does nothing, whatever other tests did
    to the pools meanwhile."""
    wanted = {"mail-own-sender", "unread", "break-glass-missing", "trail-missing"}

    def looked() -> Any:
        done = standby("doctor", "--json")
        assert (done.returncode, done.stderr) == (1, "")
        told = json.loads(done.stdout)
        return told if wanted <= {each["code"] for each in told["findings"]} else None

    told = until("all is read in time", looked)
    found = {each["code"] for each in told["findings"]}
    assert not {"pool-missing", "failover-role-missing", "username-attributes"} & found
    unknown = {each["about"].partition(": ")[2] for each in told["findings"]}
    assert "Cognito's quotas" in unknown


def test_another_account_is_refused(stage: RemoteStage, tmp_path: Path) -> None:
    done = _preflight(stage, tmp_path, account="222222222222")
    assert done.returncode == 1
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["check"] == "credentials"
