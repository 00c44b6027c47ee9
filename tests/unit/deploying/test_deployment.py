"""How often the CDK's command line runs, with what, and when it may ask."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from deploying.cdk import app_arguments, deploy_arguments
from deploying.deployment import deploy
from stacks.config.source import parse
from tests.stacks.variants import MINIMAL

Ran = tuple[list[str], dict[str, str]]
SILENT = ["--require-approval", "never", "--ci"]


class Account:
    """CloudFormation and DynamoDB of an account in which these stacks are."""

    def __init__(self, statuses: Mapping[str, str]) -> None:
        self._statuses = statuses
        self.released: list[str] = []

    def __call__(self, service: str, region: str) -> Any:
        return self

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803 - AWS's name
        if StackName not in self._statuses:
            error: Any = {"Code": "ValidationError", "Message": f"{StackName} does not exist"}
            raise ClientError({"Error": error}, "DescribeStacks")
        status = {"StackStatus": self._statuses[StackName]}
        return {"Stacks": [{"StackName": StackName, **status}]}

    def update_termination_protection(self, **given: Any) -> None:
        self.released.append(given["StackName"])

    def describe_table(self, **_: Any) -> Any:
        error: Any = {"Code": "ResourceNotFoundException", "Message": "no table"}
        raise ClientError({"Error": error}, "DescribeTable")


def deployed(statuses: Mapping[str, str], *, terminal: bool, codes: Sequence[int]) -> list[Ran]:
    ran: list[Ran] = []

    def run(arguments: Sequence[str], app: bool, told: Mapping[str, str]) -> int:
        assert app
        ran.append((list(arguments), dict(told)))
        return codes[len(ran) - 1]

    config = parse(MINIMAL, "a test")
    code = deploy(config, terminal=terminal, run=run, client=Account(statuses))
    assert code == codes[len(ran) - 1]
    return ran


def standing() -> dict[str, str]:
    name = str(MINIMAL["installation"])
    places = ("data", MINIMAL["primary_region"], MINIMAL["backup_region"])
    return {f"{name}-{place}": "CREATE_COMPLETE" for place in places}


def test_a_first_deployment_protects_in_a_second_one_that_asks_nothing() -> None:
    first, second = deployed({}, terminal=True, codes=[0, 0])
    assert first[0] == deploy_arguments(asking=True)
    assert not set(SILENT) & set(first[0])
    assert second[0] == [*first[0], *SILENT]
    assert first[1] != second[1], "what is left unprotected"


def test_without_a_terminal_nothing_asks() -> None:
    for arguments, _ in deployed({}, terminal=False, codes=[0, 0]):
        assert arguments[-3:] == SILENT


def test_what_stands_is_deployed_once() -> None:
    assert len(deployed(standing(), terminal=True, codes=[0])) == 1


def test_after_a_failure_there_is_no_second_one() -> None:
    assert len(deployed({}, terminal=True, codes=[7])) == 1


def test_the_app_of_cdk_json_is_never_run_by_the_shells_python() -> None:
    assert app_arguments(True) == ["--app", f"{sys.executable} app.py"]
    assert app_arguments(False) == ["--app", ""]
