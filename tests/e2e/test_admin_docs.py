"""The examples of docs/admin-api.md, as they stand."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.remote import RemoteStage
from tests.e2e.admin_client import AdminClient
from tests.e2e.conftest import until

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]
PAGE = (Path(__file__).parents[2] / "docs" / "admin-api.md").read_text(encoding="utf-8")
(PYTHON,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
CURL, PIPELINE = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)


def _run(stage: RemoteStage, *command: str) -> str:
    environment = {
        **os.environ,
        "ADMIN_API": stage.outputs.primary.admin_api,
        "AWS_REGION": stage.outputs.primary.region,
        "AWS_DEFAULT_REGION": stage.outputs.primary.region,
        "AWS_ACCESS_KEY_ID": stage.outputs.account,
        "AWS_SECRET_ACCESS_KEY": "local",
    }
    environment.pop("AWS_PROFILE", None)
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_the_examples_run_one_after_another(stage: RemoteStage) -> None:
    api = AdminClient(stage, stage.outputs.primary)

    def user() -> dict[str, Any]:
        return dict(api.call("GET", "/users/grace").json)

    assert _run(stage, sys.executable, "-c", PYTHON).startswith("completed ")
    _run(stage, "bash", "-euc", CURL)
    until("curl's change is made", lambda: not user()["enabled"])
    first = json.loads(_run(stage, "bash", "-euc", PIPELINE))
    until("the pipeline's change is made", lambda: user()["enabled"])
    assert "nickname" not in user()["attributes"], "replaced whole"
    before = len(api.call("GET", "/changes", limit="100").json["changes"])
    again = json.loads(_run(stage, "bash", "-euc", PIPELINE))
    assert again["id"] == first["id"], "the same key is the same change"
    assert len(api.call("GET", "/changes", limit="100").json["changes"]) == before
