"""What the judge does not know fails the run: in a process of its own, for its end must fail."""

from __future__ import annotations

import subprocess
import sys

import pytest

from local.emulator import LocalAws
from local.rights.enforcing import Holder, Rights, RightsError
from tests.local.conftest import REGION
from tests.local.rights.holders import allow, role

SCRIPT = """
from local.emulator import LocalAws
from tests.local.rights.holders import allow, call, caller, role

with LocalAws() as aws:
    function = caller(aws, role(aws, allow("*")))
    print(call(aws, function, "sts", "get_session_token"))
print("not reached")
"""


@pytest.mark.local_aws
def test_an_unknown_action_is_not_allowed_and_fails_the_run() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode != 0
    assert "InternalFailure" in done.stdout
    assert "not reached" not in done.stdout
    assert "RightsError: the judge of rights does not know: the operation sts" in done.stderr


def test_a_run_that_asked_nothing_unknown_ends_well() -> None:
    rights = Rights()
    rights.check()
    assert rights.unknown("the moon").unknown
    with pytest.raises(RightsError, match="the moon"):
        rights.check()


@pytest.mark.local_aws
@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("stepfunctions", "StartExecution", {"stateMachineArn": "arn:bad"}),
        ("secretsmanager", "GetSecretValue", {"SecretId": "arn:bad"}),
        ("lambda", "Invoke", {}),
    ],
)
def test_a_resource_that_cannot_be_read_is_not_allowed_and_known_to_be_unknown(
    aws: LocalAws, service: str, operation: str, parameters: dict[str, str]
) -> None:
    rights = Rights()
    holder = Holder(role(aws, allow("*")), "lambda.amazonaws.com", "one")
    denied = rights.may(holder, service, operation, parameters, REGION)
    assert denied is not None
    assert denied.unknown
    with pytest.raises(RightsError):
        rights.check()
