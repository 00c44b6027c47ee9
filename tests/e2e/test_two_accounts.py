"""An installation whose standby is in a second account: one stage, from the same templates."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from cognito_standby.core.domain.metrics import Metric
from local.control import REPLICATION, pass_hours, read_state
from local.demo.command import synthesize
from local.demo.people import Crowd, Person
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.e2e.conftest import OPTIONS, until, until_equal
from tests.e2e.local_stage import deployed
from tests.e2e.operator_command import run_standby
from tests.e2e.world import records

pytestmark = [
    pytest.mark.local_aws,
    pytest.mark.needs_local_aws,
    pytest.mark.full,
    pytest.mark.timeout(2400),
]
FIRST, SECOND = "111111111111", "222222222222"
REACHING = "reaching"
"""Name of the sessions by which each deployed role tries what it must not."""
_REFUSED = [
    (f"*/{REACHING}", action)
    for action in (
        *("cognito-idp:AdminGetUser", "cognito-idp:AdminCreateUser", "cognito-idp:ListUsers"),
        *("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan"),
        *("s3:GetObject", "s3:ListBucket", "sqs:ReceiveMessage", "sqs:SendMessage"),
        *("states:StartExecution", "sts:AssumeRole"),
    )
]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStage]:
    folder = tmp_path_factory.mktemp("two-accounts")
    assembly = synthesize("username", folder, account=FIRST, backup_account=SECOND)
    with deployed("username", folder, *OPTIONS, refusals=_REFUSED, assembly=assembly) as running:
        yield running


def sign_up(stage: RemoteStage, region: RegionOutputs, name: str) -> str:
    """Somebody signs up; their sub there."""
    name = f"{name}{time.monotonic_ns()}"
    who = Person(name, f"{name}@example.org", name)
    return Crowd(stage, region, "username").sign_up(who)


def in_standby(stage: RemoteStage, sub: str) -> bool:
    rows = until_equal(stage).rows
    return sub in {row.standby.origin_sub for row in rows if row.standby is not None}


def test_each_region_is_its_accounts_and_people_are_in_both(stage: RemoteStage) -> None:
    outputs = stage.outputs
    assert (outputs.primary.account, outputs.backup.account) == (FIRST, SECOND)
    ann = sign_up(stage, outputs.primary, "ann")
    assert in_standby(stage, ann)
    tables = [
        stage.client("dynamodb", region.region).describe_table(TableName=outputs.records_table)
        for region in (outputs.primary, outputs.backup)
    ]
    owners = [table["Table"]["TableArn"].split(":")[4] for table in tables]
    assert owners == [FIRST, SECOND]
    keys = {
        stage.client("secretsmanager", region.region).get_secret_value(
            SecretId=outputs.records_table.removesuffix("-records") + "-names"
        )["SecretString"]
        for region in (outputs.primary, outputs.backup)
    }
    assert len(keys) == 1, "both hash names alike"


def alarming(stage: RemoteStage, region: RegionOutputs) -> bool:
    """Whether what a Region's sweep counts now is beyond the threshold of the alarm on it."""
    states = stage.client("stepfunctions", region.region)
    begun = datetime.now(UTC) - timedelta(seconds=1)
    swept = states.start_execution(
        stateMachineArn=region.state_machines["sweep_failures"], input="{}"
    )["executionArn"]
    ended = until(
        "the sweep has ended",
        lambda: (
            (told := states.describe_execution(executionArn=swept))["status"] != "RUNNING" and told
        ),
    )
    assert ended["status"] == "SUCCEEDED", ended
    metrics = stage.client("cloudwatch", region.region)
    (watched,) = alarms_of(stage, region)
    points = metrics.get_metric_statistics(
        Namespace=watched["Namespace"],
        MetricName=watched["MetricName"],
        Dimensions=watched["Dimensions"],
        StartTime=begun,
        EndTime=datetime.now(UTC) + timedelta(minutes=1),
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]
    assert watched["ComparisonOperator"] == "GreaterThanThreshold"
    newest = max(points, key=lambda point: point["Timestamp"])
    return bool(newest["Maximum"] > watched["Threshold"])


def alarms_of(stage: RemoteStage, region: RegionOutputs) -> list[Any]:
    pages = stage.client("cloudwatch", region.region).get_paginator("describe_alarms").paginate()
    told = [one for page in pages for one in page["MetricAlarms"]]
    return [one for one in told if one.get("MetricName") == Metric.REPLICATION_STOPPED.value]


def policy_of(stage: RemoteStage, region: RegionOutputs) -> tuple[Any, str, str]:
    """A client, the table's ARN, and its policy."""
    client, name = stage.client("dynamodb", region.region), stage.outputs.records_table
    arn = f"arn:aws:dynamodb:{region.region}:{region.account}:table/{name}"
    return client, arn, str(client.get_resource_policy(ResourceArn=arn)["Policy"])


@pytest.mark.parametrize("side", ["primary", "backup"])
def test_a_lost_authorisation_is_told_and_given_back_all_arrives(
    stage: RemoteStage, side: str
) -> None:
    outputs = stage.outputs
    regions = (outputs.primary, outputs.backup)
    until("all is well", lambda: not any(alarming(stage, region) for region in regions))
    client, arn, policy = policy_of(stage, getattr(outputs, side))
    client.delete_resource_policy(ResourceArn=arn)
    try:
        ben = sign_up(stage, outputs.primary, "ben")
        own = until("the record is written", lambda: records(stage, ben))
        assert own
        away = stage.client("dynamodb", outputs.backup.region)
        found = away.query(
            TableName=outputs.records_table,
            KeyConditionExpression="origin_sub = :key",
            ExpressionAttributeValues={":key": {"S": ben}},
        )
        assert found["Items"] == [], "nothing arrives"
        until("each is told", lambda: all(alarming(stage, region) for region in regions))
    finally:
        client.put_resource_policy(ResourceArn=arn, Policy=policy)
    assert in_standby(stage, ben)
    assert read_state(outputs.endpoint, REPLICATION)["waiting"] == 0


def roles(stage: RemoteStage, region: RegionOutputs) -> list[str]:
    pages = stage.client("iam", region.region).get_paginator("list_roles").paginate()
    return [role["Arn"] for page in pages for role in page["Roles"]]


class AnyRole:
    """Clients of a stage, whose credentials can become those of another role: making clients anew
    for each of a hundred roles would take minutes."""

    def __init__(self, stage: RemoteStage) -> None:
        self._stage, self._session = stage, botocore.session.Session()
        self._session.set_credentials("none", "none", "none")
        self._clients: dict[tuple[str, str], Any] = {}

    def become(self, region: RegionOutputs, role: str) -> None:
        """From the account of the role."""
        sts = self._stage.client("sts", region.region)
        told = sts.assume_role(RoleArn=role, RoleSessionName=REACHING)["Credentials"]
        current: Any = self._session.get_credentials()
        current.access_key = told["AccessKeyId"]
        current.secret_key = told["SecretAccessKey"]
        current.token = told["SessionToken"]

    def client(self, service: str, region: str) -> Any:
        """A client by whichever role it is now."""
        if (service, region) not in self._clients:
            self._clients[service, region] = self._session.create_client(
                service,
                region_name=region,
                endpoint_url=self._stage.outputs.endpoint,
                config=Config(s3={"addressing_style": "path"}),
            )
        return self._clients[service, region]


def refused(call: Any, **given: Any) -> str:
    with pytest.raises(ClientError) as raised:
        call(**given)
    return str(raised.value.response["Error"]["Code"])


def test_no_role_of_one_account_reaches_anything_of_the_other(stage: RemoteStage) -> None:
    outputs = stage.outputs
    sub = sign_up(stage, outputs.primary, "eve")
    assert in_standby(stage, sub)
    tried, as_role = 0, AnyRole(stage)
    for own, other in (
        (outputs.primary, outputs.backup),
        (outputs.backup, outputs.primary),
    ):
        table = f"arn:aws:dynamodb:{other.region}:{other.account}:table/{outputs.records_table}"
        machine = other.state_machines["fail_over"]
        (theirs, *_) = roles(stage, other)
        for role in roles(stage, own):
            as_role.become(own, role)
            client = as_role.client
            cognito = client("cognito-idp", other.region)
            answers = {
                refused(cognito.list_users, UserPoolId=other.user_pool_id),
                refused(cognito.admin_get_user, UserPoolId=other.user_pool_id, Username=sub),
                refused(
                    client("dynamodb", other.region).get_item,
                    TableName=table,
                    Key={"origin_sub": {"S": sub}, "region": {"S": other.region}},
                ),
                refused(
                    client("sqs", other.region).receive_message,
                    QueueUrl=other.dead_letter_queue_url,
                ),
                refused(
                    client("stepfunctions", other.region).start_execution,
                    stateMachineArn=machine,
                    input="{}",
                ),
                refused(
                    client("sts", other.region).assume_role,
                    RoleArn=theirs,
                    RoleSessionName=REACHING,
                ),
            }
            if other.reconcile_bucket:
                bucket = client("s3", other.region)
                answers.add(refused(bucket.list_objects_v2, Bucket=other.reconcile_bucket))
            known = {"AccessDeniedException", "AccessDenied", "ResourceNotFoundException"}
            assert answers <= known, (role, answers)
            tried += 1
    assert tried > 60, "every role of both Regions"


def test_there_by_plan_and_home_again(stage: RemoteStage, tmp_path: Path) -> None:
    home, away = stage.outputs.primary, stage.outputs.backup
    for to, name in ((away, "ida"), (home, "joe")):
        how = ("failover", "--to", to.region, "--planned", "--yes", "--json")
        answer = run_standby(stage.outputs, tmp_path, *how, "--accept", "lag")
        assert answer.returncode == 0, answer.stdout + answer.stderr
        assert json.loads(answer.stdout)["outcome"] == "claimed"

        def let_in(region: RegionOutputs = to, name: str = name) -> str:
            try:
                return sign_up(stage, region, name)
            except ClientError as error:
                if error.response["Error"]["Code"] != "UserLambdaValidationException":
                    raise
                return ""

        sub = until(f"{to.region} lets people in", let_in)
        assert sub
        until_equal(stage)


def test_the_doctor_looks_at_each_side_in_its_own_account(
    stage: RemoteStage, tmp_path: Path
) -> None:
    home, away = stage.outputs.primary, stage.outputs.backup
    answer = run_standby(stage.outputs, tmp_path, "doctor", "--json")
    assert answer.returncode == 1, answer.stdout + answer.stderr
    told = json.loads(answer.stdout)
    for side, region in (("primary", home), ("backup", away)):
        account = {"region": region.region, "account": region.account}
        assert told[side] == account | {"user_pool_id": region.user_pool_id}
    found = {each["code"] for each in told["findings"]}
    amiss = {"pool-missing", "pool-account", "other-account", "failover-role-missing"}
    assert not (amiss | {"trigger-ours-missing", "trigger-function-missing"}) & found
    assert "break-glass-missing" in found, "by the role of the second account"
    rights = json.loads(run_standby(stage.outputs, tmp_path, "doctor", "--policy").stdout)
    assert list(rights) == [FIRST, SECOND]
    assert SECOND not in json.dumps(rights[FIRST])
    assert FIRST not in json.dumps(rights[SECOND])


def test_init_takes_two_pools_of_two_accounts(stage: RemoteStage, tmp_path: Path) -> None:
    """As if they had been there before; and refuses the pool that is in neither."""
    home, away = stage.outputs.primary, stage.outputs.backup
    file = tmp_path / "shop.json"
    asked = ("init", "--name", "shop", "--config", str(file), "--yes", "--pool", home.user_pool_id)
    both = run_standby(stage.outputs, tmp_path, *asked, "--backup-pool", away.user_pool_id)
    assert both.returncode == 0, both.stdout + both.stderr
    config = json.loads(file.read_text())
    assert (config["account"], config["backup_account"]) == (FIRST, SECOND)
    assert config["pools"]["backup_user_pool_id"] == away.user_pool_id
    made = stage.client("cognito-idp", home.region).create_user_pool(PoolName="strange")
    strange = made["UserPool"]["Id"]
    file.unlink()
    refused = run_standby(
        *(stage.outputs, tmp_path, *asked, "--backup-pool"),
        strange.replace(home.region, away.region),
    )
    assert (refused.returncode, file.exists()) == (2, False)
    assert f"in the account {SECOND}" in refused.stderr
    template = tmp_path / "standby.json"
    where = ("--backup-region", away.region, "--template", str(template))
    proposed = run_standby(stage.outputs, tmp_path, *asked, *where)
    assert proposed.returncode == 1, proposed.stdout + proposed.stderr
    assert FIRST not in template.read_text()


def test_parted_for_good_after_a_day(stage: RemoteStage) -> None:
    """The last one: what has parted does not come back."""
    outputs = stage.outputs
    client, arn, policy = policy_of(stage, outputs.backup)
    client.delete_resource_policy(ResourceArn=arn)
    pass_hours(outputs.endpoint, 21)
    client.put_resource_policy(ResourceArn=arn, Policy=policy)
    assert read_state(outputs.endpoint, REPLICATION)["groups"] == []
    regions = (outputs.primary, outputs.backup)
    until("each is told", lambda: all(alarming(stage, region) for region in regions))
