"""Why an execution failed, as a person may read it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from cognito_standby.failures.domain.executions import Execution, ExecutionStatus

ADDRESS = "ann@example.com"


def _raised(message: str) -> str:
    return json.dumps({"errorMessage": message, "errorType": "X", "stackTrace": ["task.py"]})


@pytest.mark.parametrize(
    ("error", "cause", "told"),
    [
        (
            "MisconfiguredError",
            _raised("BatchGetItem: AccessDenied"),
            "MisconfiguredError: BatchGetItem: AccessDenied",
        ),
        (
            "InvalidRecordError",
            _raised("two\n  lines \x1b[31m"),
            "InvalidRecordError: two lines [31m",
        ),
        ("ThrottledError", _raised("word " * 200), "ThrottledError: " + "word " * 59 + "word ..."),
        ("MisconfiguredError", "", "MisconfiguredError"),
        ("MisconfiguredError", "no JSON", "MisconfiguredError"),
        ("MisconfiguredError", '["a", 1]', "MisconfiguredError"),
        ("MisconfiguredError", _raised(""), "MisconfiguredError"),
        (
            "Sandbox.Timedout",
            _raised("Task timed out after 900.00 seconds"),
            "Sandbox.Timedout: Task timed out after 900.00 seconds",
        ),
        (
            "Lambda.AccessDeniedException",
            "User: arn:aws:sts::1:r is not authorized to perform: lambda:InvokeFunction",
            "Lambda.AccessDeniedException: User: arn:aws:sts::1:r is not authorized to perform: "
            "lambda:InvokeFunction",
        ),
        ("", "", "FAILED"),
    ],
)
def test_what_our_functions_and_the_service_say(error: str, cause: str, told: str) -> None:
    assert _failed(error, cause).explained == told


@pytest.mark.parametrize(
    "error",
    [
        "KeyError",
        "Lambda.Unknown",
        "States.Runtime",
        "States.QueryEvaluationError",
        "StandbyErrors",
    ],
)
@pytest.mark.parametrize("cause", [ADDRESS, _raised(ADDRESS)])
def test_what_may_quote_somebodys_data_is_not_said(error: str, cause: str) -> None:
    assert _failed(error, cause).explained == error


def _failed(error: str, cause: str) -> Execution:
    return Execution("arn", ExecutionStatus.FAILED, datetime.now(UTC), error=error, cause=cause)
