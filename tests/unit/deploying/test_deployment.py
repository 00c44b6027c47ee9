"""How often the CDK's command line runs, with what, and when it may ask."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from deploying.cdk import app_arguments, deploy_arguments
from deploying.deployment import deploy, difference
from stacks.config.source import parse
from stacks.deployment import STREAMS
from tests.stacks.variants import MINIMAL

Ran = tuple[list[str], dict[str, str]]
SILENT = ["--require-approval", "never", "--ci"]


class Account:
    """CloudFormation and DynamoDB of an account in which these stacks are."""

    def __init__(self, statuses: Mapping[str, str], stream: str = "") -> None:
        self._statuses, self._stream = statuses, stream
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
        if self._stream:
            return {"Table": {"LatestStreamArn": self._stream}}
        error: Any = {"Code": "ResourceNotFoundException", "Message": "no table"}
        raise ClientError({"Error": error}, "DescribeTable")


def deployed(statuses: Mapping[str, str], *, terminal: bool, codes: Sequence[int]) -> list[Ran]:
    run, config = Noting(*codes), parse(MINIMAL, "a test")
    code = deploy(config, terminal=terminal, run=run, client=Account(statuses))
    assert code == codes[len(run.ran) - 1]
    return run.ran


class Noting:
    """A CDK that notes what it is asked and told."""

    def __init__(self, *codes: int) -> None:
        self.ran: list[Ran] = []
        self._codes = list(codes)

    def __call__(self, arguments: Sequence[str], app: bool, told: Mapping[str, str]) -> int:
        assert app
        self.ran.append((list(arguments), dict(told)))
        return self._codes.pop(0) if self._codes else 0


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


def test_a_difference_is_of_what_a_deployment_ends_with() -> None:
    """Otherwise all that was given a stream would seem to be replaced."""
    config, account = parse(MINIMAL, "a test"), Account(standing(), "arn:of-the-stream")
    deploying, comparing = Noting(), Noting()
    assert deploy(config, terminal=False, run=deploying, client=account) == 0
    assert difference(config, run=comparing, client=account) == 0
    ((_, deployed_with),), ((asked, compared_with),) = deploying.ran, comparing.ran
    assert asked == ["diff"]
    assert compared_with == deployed_with
    assert "arn:of-the-stream" in compared_with[STREAMS]


def test_a_difference_that_could_not_be_shown_is_told() -> None:
    config = parse(MINIMAL, "a test")
    assert difference(config, run=Noting(7), client=Account({})) == 7


def test_after_a_failure_there_is_no_second_one() -> None:
    assert len(deployed({}, terminal=True, codes=[7])) == 1


def test_the_app_of_cdk_json_is_never_run_by_the_shells_python() -> None:
    assert app_arguments(True) == ["--app", f"{sys.executable} app.py"]
    assert app_arguments(False) == ["--app", ""]
