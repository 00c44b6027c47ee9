"""The example of docs/fence.md, run as it stands there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cognito_standby.triggers.ports import StandsByError
from cognito_standby.triggers.settings import Fence, FenceSettings
from tests.docs.apps import python_of
from tests.unit.loopback import TAKES, serving
from tests.unit.triggers.events import Context, attributes, event

PAGE = Path(__file__).parents[2] / "docs" / "fence.md"
TOLD = Fence(True, "standby", "us-east-1", "us-west-2", "records", "ledger")
FAILED_OVER = {
    "origin_sub": {"S": "#claim"},
    "region": {"S": "us-west-2"},
    "epoch": {"N": "2"},
}


def test_a_trigger_of_one_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = event("PreAuthentication_Authentication", attributes())
    with serving(TAKES) as table:
        told = FenceSettings(TOLD, 0.0).to_env()
        told |= dict.fromkeys(("AWS_DEFAULT_REGION", "AWS_REGION"), "us-east-1")
        told |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing")
        told |= {"AWS_ENDPOINT_URL_DYNAMODB": table.url, "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled"}
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        handler = python_of("own_trigger.py", PAGE)["handler"]
        table.answer = {"Responses": {"records": []}, "UnprocessedKeys": {}}
        assert handler(given, Context()) == given
        table.answer = {"Responses": {"records": [FAILED_OVER]}, "UnprocessedKeys": {}}
        with pytest.raises(StandsByError, match="us-east-1 stands by"):
            handler(given, Context())
