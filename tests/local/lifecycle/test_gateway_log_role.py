"""The custom resource for API Gateway's log role, deployed alone: what the installation's template
says of it, with all that it refers to, and its rights judged.

Whatever becomes of its stack, whoever logged goes on logging.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.assembly import Assembly, Stack
from local.deployer import Deployer
from local.emulator import LocalAws
from local.formation import DeployError
from tests.e2e.local_stage import synthesized
from tests.local.conftest import REGION, unique
from tests.local.lifecycle.trials import Account, after, table

pytestmark = pytest.mark.local_aws
KIND = "Custom::ApiGatewayLogRole"
Resources = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def alone(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Resources:
    """The resource and what it needs; the code of its function is where its template says."""
    folder: Path = synthesized("username", tmp_path_factory.mktemp("username"))
    stacks = [one for one in Assembly(folder).in_order() if _asks(one)]
    (stack,) = [one for one in stacks if one.region == REGION]
    Deployer(aws.client, aws.endpoint)._upload(stack)
    return _with_its_needs(stack.template["Resources"])


def _asks(stack: Stack) -> bool:
    return any(one["Type"] == KIND for one in stack.template["Resources"].values())


def _with_its_needs(resources: Resources) -> Resources:
    """Everything that the custom resource refers to or waits for, and what that does in turn."""
    waiting = [key for key, one in resources.items() if one["Type"] == KIND]
    found: Resources = {}
    while waiting:
        key = waiting.pop()
        if key in resources and key not in found:
            found[key] = resources[key]
            waiting += _strings(resources[key])
    return found


def _strings(value: Any) -> Iterator[str]:
    """A reference is a logical id, or begins with one and a dot, in whichever function."""
    if isinstance(value, str):
        yield value.partition(".")[0]
    else:
        parts = value.values() if isinstance(value, dict) else value
        for part in parts if isinstance(value, dict | list) else ():
            yield from _strings(part)


class Setting:
    """API Gateway's setting of the account in the Region, and the roles that it may name."""

    def __init__(self, aws: LocalAws) -> None:
        self._gateway, self._iam = aws.client("apigateway", REGION), aws.client("iam", REGION)

    @property
    def role(self) -> str:
        return str(self._gateway.get_account().get("cloudwatchRoleArn", ""))

    @role.setter
    def role(self, arn: str) -> None:
        change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}
        self._gateway.update_account(patchOperations=[change])

    def somebody_elses(self) -> str:
        """A role that is there."""
        made = self._iam.create_role(RoleName=unique("theirs"), AssumeRolePolicyDocument="{}")
        return str(made["Role"]["Arn"])

    def writes_logs(self) -> bool:
        """Whether the role of the setting is there and may write: with its policy inside it."""
        name = self.role.rpartition("/")[2]
        policies = self._iam.list_role_policies(RoleName=name)["PolicyNames"]
        told = [
            self._iam.get_role_policy(RoleName=name, PolicyName=one)["PolicyDocument"]
            for one in policies
        ]
        return any("logs:PutLogEvents" in str(one) for one in told)


@pytest.fixture
def setting(aws: LocalAws) -> Setting:
    return Setting(aws)


def test_a_role_that_works_is_left_from_the_first_to_the_last(
    account: Account, alone: Resources, setting: Setting
) -> None:
    setting.role = theirs = setting.somebody_elses()
    stack = unique("gateway")
    account.deploy(stack, alone)
    assert setting.role == theirs
    account.delete(stack)
    assert setting.role == theirs


def test_ours_is_set_where_theirs_is_gone_and_serves_on_without_its_stack(
    account: Account, alone: Resources, setting: Setting
) -> None:
    setting.role = gone = f"{setting.somebody_elses()}-that-is-gone"
    stack = unique("gateway")
    account.deploy(stack, alone)
    ours = setting.role
    assert ours != gone
    assert setting.writes_logs()
    setting.role = theirs = setting.somebody_elses()
    account.deploy(stack, _asked_again(alone))
    assert setting.role == theirs, "an update takes nothing from who came between"
    setting.role = ours
    account.delete(stack)
    assert (setting.role, setting.writes_logs()) == (ours, True)


def _asked_again(resources: Resources) -> Resources:
    """The same, with the custom resource updated."""
    return {
        key: {**one, "Properties": {**one["Properties"], "Generation": "2"}}
        if one["Type"] == KIND
        else one
        for key, one in resources.items()
    }


def test_a_creation_that_fails_leaves_the_account_logging(
    account: Account, alone: Resources, setting: Setting, taken: str
) -> None:
    setting.role = f"{setting.somebody_elses()}-that-is-gone"
    stack = unique("gateway")
    with pytest.raises(DeployError, match="Fails"):
        account.deploy(
            stack, {**alone, "Fails": after(table(taken), *alone)}, import_existing=False
        )
    assert account.status(stack) == "ROLLBACK_COMPLETE"
    assert setting.writes_logs()
    account.delete(stack)
    assert setting.writes_logs()
