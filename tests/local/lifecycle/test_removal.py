"""An installation that made its own pools, taken away with all that it holds; and the gateway's
logging of others, which it must leave alone in every step."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from local.emulator import LocalAws
from tests.local.conftest import unique
from tests.local.lifecycle.installation import Installation

pytestmark = [pytest.mark.local_aws, pytest.mark.full, pytest.mark.timeout(1800)]


def log_role(installation: Installation, region: str) -> str:
    gateway = installation.aws.client("apigateway", region)
    return str(gateway.get_account().get("cloudwatchRoleArn", ""))


def set_log_role(installation: Installation, region: str, role: str) -> None:
    change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": role}
    installation.aws.client("apigateway", region).update_account(patchOperations=[change])


def protects_in_a_second_pass(installation: Installation) -> None:
    """What a first deployment has done: the data's stack first, everything without protection;
    then the protections, and nothing else."""
    first, second = installation.passes
    regions = {installation.name(region) for region in installation.regions}
    for one in (first, second):
        assert (one.order[0], set(one.order[1:])) == (installation.name("data"), regions)
    assert not any(first.protected.values())
    assert second.protected == dict.fromkeys(first.protected, True)
    kinds = Counter(key.partition(" ")[0] for key in second.protected if key.startswith("AWS"))
    assert kinds == {
        **dict.fromkeys(("AWS::DynamoDB::GlobalTable", "AWS::Cognito::UserPool"), 2),
        "AWS::DynamoDB::Table": 4,
    }
    assert second.resources == first.resources


def test_created_pools_go_with_everything_and_others_go_on_logging(
    aws: LocalAws, tmp_path: Path
) -> None:
    installation = Installation(aws, tmp_path)
    primary, backup = installation.regions
    iam, name = aws.client("iam", primary), unique("theirs")
    theirs = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    set_log_role(installation, primary, theirs)
    set_log_role(installation, backup, f"{theirs}-that-is-gone")
    installation.deploy()
    protects_in_a_second_pass(installation)
    assert log_role(installation, primary) == theirs
    ours = log_role(installation, backup)
    assert "AdminApiLogRole" in ours
    assert installation.output(backup, "GatewayLogRole") == ours
    assert all(installation.pools(region) for region in installation.regions)

    installation.uninstall()
    for region in installation.regions:
        assert (installation.tables(region), installation.pools(region)) == ([], [])
    assert (log_role(installation, primary), log_role(installation, backup)) == (theirs, ours)
    iam.get_role(RoleName=ours.rpartition("/")[2])
