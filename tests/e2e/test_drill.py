"""`standby drill` against a running installation, with the rights of its own role alone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cognito_standby.cli.main import app
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.installation import read_outputs
from cognito_standby.recovery.adapters.rehearsal_installation import assuming
from cognito_standby.recovery.domain.rehearsal_marks import TAG
from local.demo.people import Crowd, Person
from local.remote import RemoteStage
from tests.cli_runner import CliRunner
from tests.e2e.conftest import REFUSED, until
from tests.e2e.world import records

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]
Outputs = dict[str, str]


@pytest.fixture
def connection(stage: RemoteStage) -> Connection:
    return Connection(endpoint=stage.outputs.endpoint, account=stage.outputs.account)


@pytest.fixture
def outputs(stage: RemoteStage, connection: Connection) -> Outputs:
    """Of the standby's stack."""
    return dict(read_outputs(connection, stage.outputs.backup.region, ""))


def drill(stage: RemoteStage, folder: Path, *arguments: str) -> tuple[int, Any]:
    """As a person types it, in this process."""
    path = folder / "outputs.json"
    stage.outputs.write(path)
    region = stage.outputs.backup.region
    words = ["--outputs", str(path), "drill", "--region", region, "--yes", "--json", *arguments]
    done = CliRunner().invoke(app, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, json.loads(done.stdout) if done.exit_code < 2 else done.output


def drilled_pools(stage: RemoteStage) -> set[str]:
    """Ids of those whose names are rehearsals'."""
    client = stage.client("cognito-idp", stage.outputs.backup.region)
    listed = client.list_user_pools(MaxResults=60)["UserPools"]
    return {each["Id"] for each in listed if "-drill-" in each["Name"]}


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    with pytest.raises(ClientError) as raised:
        yield
    assert raised.value.response["Error"]["Code"] in codes


def test_people_are_rehearsed_by_its_role_and_nothing_is_left(
    stage: RemoteStage, outputs: Outputs, tmp_path: Path
) -> None:
    code, told = drill(stage, tmp_path, "--sample", "6", "--keep")
    assert told["differing"] == {}
    assert (code, told["ok"], told["broke_off"]) == (0, True, "")
    assert (told["made"], told["equal"], told["signed_in"]) == (6, 6, 6)
    assert drilled_pools(stage) == {told["pool_id"]}
    _nobody_can_be_told(stage, told["pool_id"])
    files = stage.client("s3", outputs["Region"])
    body = files.get_object(Bucket=outputs["ReconcileBucket"], Key=f"drills/{told['id']}.json")
    assert json.loads(body["Body"].read())["report"]["pool_id"] == told["pool_id"]
    code, cleaned = drill(stage, tmp_path, "--clean")
    assert (code, [each["fate"] for each in cleaned["pools"]]) == (0, ["removed"])
    assert drilled_pools(stage) == set()


def _nobody_can_be_told(stage: RemoteStage, pool: str) -> None:
    """Every way in which somebody could make the pool send a message, without an administrator's
    rights and knowing everything about it."""
    client = stage.client("cognito-idp", stage.outputs.backup.region)
    (app_client,) = client.list_user_pool_clients(UserPoolId=pool, MaxResults=2)["UserPoolClients"]
    known = {"ClientId": app_client["ClientId"]}
    user = client.list_users(UserPoolId=pool, Limit=1)["Users"][0]["Username"]
    no = ("NotAuthorizedException", "InvalidParameterException", "CodeDeliveryFailureException")
    with refused(*no):
        client.forgot_password(Username=user, **known)
    with refused(*no):
        client.sign_up(Username="new", Password="Aa1!aaaaaaaa", **known)
    with refused(*no):
        client.resend_confirmation_code(Username=user, **known)
    with refused(*no):
        password = {"USERNAME": user, "PASSWORD": "Aa1!aaaaaaaa"}
        client.initiate_auth(AuthFlow="USER_PASSWORD_AUTH", AuthParameters=password, **known)


def test_its_role_writes_to_nothing_else(
    stage: RemoteStage, connection: Connection, outputs: Outputs
) -> None:
    """As the local AWS judges what was deployed."""
    region = outputs["Region"]
    role = assuming(connection, outputs["DrillRoleArn"], REFUSED, region)
    tables, files = role.client("dynamodb", region), role.client("s3", region)
    keys = {outputs["RecordsTable"]: ("origin_sub", {"region": {"S": region}})}
    keys[outputs["LedgerTable"]] = ("subject", {})
    for table, (key, more) in keys.items():
        for subject in ("#claim", "somebody"):
            item = {key: {"S": subject}, **more}
            with refused("AccessDeniedException"):
                tables.put_item(TableName=table, Item=item)
            with refused("AccessDeniedException"):
                tables.delete_item(TableName=table, Key=item)
    with refused("AccessDenied"):
        files.put_object(Bucket=outputs["ReconcileBucket"], Key="published/active.json", Body=b"{}")
    with refused("AccessDeniedException"):
        name = outputs["ActiveParameter"]
        role.client("ssm", region).put_parameter(Name=name, Value="x", Overwrite=True)
    pools = role.client("cognito-idp", region)
    own = outputs["UserPoolId"]
    with refused("AccessDeniedException"):
        pools.delete_user_pool(UserPoolId=own)
    with refused("AccessDeniedException"):
        pools.admin_create_user(UserPoolId=own, Username="x")
    with refused("AccessDeniedException"):
        pools.create_user_pool(PoolName=f"{outputs['Installation']}-drill-0123456789ab")
    arn = f"arn:aws:cognito-idp:{region}:{stage.outputs.account}:userpool/{own}"
    with refused("AccessDeniedException"):
        pools.tag_resource(ResourceArn=arn, Tags={TAG: outputs["Installation"]})
    there = stage.client("cognito-idp", region).list_tags_for_resource(ResourceArn=arn)
    assert TAG not in there["Tags"]


@pytest.mark.full  # the whole way of a record takes long; twins show the rules
def test_a_sample_of_its_records_is_read_by_its_role(stage: RemoteStage, tmp_path: Path) -> None:
    crowd, name = Crowd(stage, stage.outputs.primary, "username"), f"drill{time.monotonic_ns()}"
    sub = crowd.sign_up(Person(name, f"{name}@example.org", "Ann Xyzzy"))
    until("the record is there", lambda: records(stage, sub))
    code, told = drill(stage, tmp_path, "--people", "sample", "--sample", "3")
    assert (code, told["ok"]) == (0, True), told["differing"] or told["broke_off"]
    assert 1 <= told["estimate"]["people"] <= 3
    assert name not in json.dumps(told)


@pytest.mark.full  # twins show the rules, and the first test that the listing is read
def test_what_only_looks_like_a_rehearsal_stays(
    stage: RemoteStage, outputs: Outputs, tmp_path: Path
) -> None:
    client = stage.client("cognito-idp", outputs["Region"])
    name, tags = f"{outputs['Installation']}-drill-0123456789ab", {TAG: outputs["Installation"]}
    made = [
        client.create_user_pool(PoolName=name, UserPoolTags=each)["UserPool"]["Id"]
        for each in ({}, tags, {TAG: "other"})
    ]
    try:
        code, told = drill(stage, tmp_path, "--clean")
        assert code == 0
        assert {each["pool"]: each["fate"] for each in told["pools"]} == dict.fromkeys(made, "left")
        assert drilled_pools(stage) == set(made)
    finally:
        for each in made:
            client.delete_user_pool(UserPoolId=each)
