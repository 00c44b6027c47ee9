"""A pool that refuses what a replay makes, and pools that go back in time, on a stage of their own:
Cognito stops every write of such a pool, and whoever is in it changes without an event."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.outputs import RegionOutputs
from tests.e2e.admin_client import AdminClient
from tests.e2e.conftest import until, until_equal
from tests.e2e.local_stage import deployed, sooner
from tests.e2e.operator_command import run_standby
from tests.e2e.reconciling import OPTIONS, Reconciled
from tests.e2e.world import dead_letters, executions, ledger_row, records, standby_user
from tests.local.conftest import zipped

pytestmark = [
    pytest.mark.local_aws,
    pytest.mark.needs_local_aws,
    pytest.mark.full,
    pytest.mark.timeout(2400),
]
_QUICKLY = sooner(0.1, 12)
"""What is paused is tried again after a minute, and then after longer."""

_REFUSES = """
def handler(event, _):
    if event["triggerSource"].startswith("PreSignUp") and event["userName"].startswith("unwanted"):
        raise ValueError("not of our domain")
    return event
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reconciled]:
    folder = tmp_path_factory.mktemp("pools")
    with deployed("username", folder, *OPTIONS, *_QUICKLY) as stage:
        yield Reconciled(stage)


@pytest.fixture
def standby(world: Reconciled, tmp_path: Path) -> Callable[..., str]:
    """Runs the command; its output."""

    def run(*arguments: str) -> str:
        done = run_standby(world.stage.outputs, tmp_path, *arguments)
        return done.stdout + done.stderr

    return run


def no_letters(world: Reconciled) -> bool:
    return not any(dead_letters(world.stage, each) for each in (world.primary, world.backup))


def state(world: Reconciled, sub: str) -> str:
    return str(ledger_row(world.stage, world.backup, sub).get("state", ""))


def is_in(world: Reconciled, sub: str, wanted: str) -> bool:
    return state(world, sub) == wanted


# -- a trigger that refuses


def refusing_trigger(world: Reconciled, region: RegionOutputs) -> str:
    """A function that Cognito may call; its ARN."""
    client = world.stage.client("lambda", region.region)
    made = client.create_function(
        FunctionName="their-pre-sign-up",
        Runtime="python3.13",
        Handler="index.handler",
        Role=f"arn:aws:iam::{world.stage.outputs.account}:role/theirs",
        Code={"ZipFile": zipped(_REFUSES)},
    )
    client.add_permission(
        FunctionName="their-pre-sign-up",
        StatementId="pool",
        Action="lambda:InvokeFunction",
        Principal="cognito-idp.amazonaws.com",
    )
    warm = {"triggerSource": "warm", "userName": "warm"}
    client.invoke(FunctionName="their-pre-sign-up", Payload=json.dumps(warm))
    return str(made["FunctionArn"])


def set_triggers(world: Reconciled, region: RegionOutputs, triggers: dict[str, Any]) -> None:
    """UpdateUserPool takes away what it is not sent, so everything else is sent again."""
    client = world.users(region)
    told = client.describe_user_pool(UserPoolId=region.user_pool_id)["UserPool"]
    taken = client.meta.service_model.operation_model("UpdateUserPool").input_shape.members
    again = {name: value for name, value in told.items() if name in taken and value}
    # Told beside what replaced it in the password policy, and refused beside it.
    again.get("AdminCreateUserConfig", {}).pop("UnusedAccountValidityDays", None)
    again |= {"UserPoolId": region.user_pool_id, "LambdaConfig": triggers}
    client.update_user_pool(**again)


def triggers_of(world: Reconciled, region: RegionOutputs) -> dict[str, Any]:
    told = world.users(region).describe_user_pool(UserPoolId=region.user_pool_id)["UserPool"]
    return dict(told.get("LambdaConfig") or {})


def test_a_trigger_that_refuses_is_named_and_its_users_come_when_it_gives_way(
    world: Reconciled, standby: Callable[..., str]
) -> None:
    backup = world.backup
    before = triggers_of(world, backup)
    set_triggers(world, backup, {**before, "PreSignUp": refusing_trigger(world, backup)})
    warned = world.run(backup, dry_run=True)
    assert any("PreSignUp" in each["detail"] for each in warned["problems"]), "before anybody"

    unwanted = world.create(world.primary, "unwanted-ann")
    wanted = world.create(world.primary, "wanted-ben")
    until("quarantined", partial(is_in, world, unwanted, "quarantined"))
    until("in sync", partial(is_in, world, wanted, "in_sync"))
    row = ledger_row(world.stage, backup, unwanted)
    assert "PreSignUp" in row["reason"]
    assert standby_user(world.stage, unwanted) is None
    assert no_letters(world), "one trigger would send a letter for each user"
    assert "1 quarantined" in standby("status")
    assert "domain" not in json.dumps([e.get("cause") for e in _failed(world, backup)])

    set_triggers(world, backup, before)
    report = world.run(backup)
    assert report["verdict"] == "all drift repaired"
    assert not any("PreSignUp" in each["detail"] for each in report["problems"])
    assert state(world, unwanted) == "in_sync"
    until_equal(world.stage)


def _failed(world: Reconciled, region: RegionOutputs) -> list[dict[str, Any]]:
    found = executions(world.stage, region, "sync_user")
    return [each for each in found if each["status"] not in ("RUNNING", "SUCCEEDED")]


# -- point-in-time recovery


def initiate(world: Reconciled, region: RegionOutputs, moment: datetime) -> str:
    answer = world.users(region).initiate_point_in_time_recovery(
        UserPoolId=region.user_pool_id, RestoreTimestamp=moment
    )
    return str(answer["Restoration"]["RestoreId"])


def start(world: Reconciled, region: RegionOutputs, name: str) -> None:
    world.users(region).start_point_in_time_recovery(UserPoolId=region.user_pool_id, RestoreId=name)


def asking(world: Reconciled, region: RegionOutputs) -> str:
    """The run that waits for an answer."""
    client = world.stage.client("stepfunctions", region.region)
    arn = region.state_machines["reconcile_pool"]

    def found() -> str:
        running = client.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]
        for each in running:
            if "Ask Operator" in world.states(region, each["executionArn"]):
                return str(each["executionArn"])
        return ""

    return str(until(f"a question in {region.region}", found))


def waits(world: Reconciled, region: RegionOutputs, about: str, error: str) -> bool:
    """Whether an execution about somebody is under way, and was told to wait for this."""
    client = world.stage.client("stepfunctions", region.region)
    for each in executions(world.stage, region, "sync_user"):
        if each["status"] == "RUNNING" and about in each["input"]:
            arn = each["executionArn"]
            events = client.get_execution_history(executionArn=arn, maxResults=1000)["events"]
            if error in json.dumps(events, default=str):
                return True
    return False


def hinted(world: Reconciled, region: RegionOutputs, sub: str) -> str:
    """An execution of sync_user about somebody, as an event of CloudTrail starts one."""
    told = json.dumps({"local_sub": sub, "user_pool_id": region.user_pool_id})
    machine = region.state_machines["sync_user"]
    client = world.stage.client("stepfunctions", region.region)
    return str(client.start_execution(stateMachineArn=machine, input=told)["executionArn"])


def in_pool(world: Reconciled, region: RegionOutputs, name: str) -> dict[str, Any] | None:
    try:
        return dict(world.admin(region, "get_user", name))
    except ClientError as error:
        assert error.response["Error"]["Code"] == "UserNotFoundException"
        return None


def is_gone(world: Reconciled, region: RegionOutputs, name: str) -> bool:
    return in_pool(world, region, name) is None


def is_quiet(world: Reconciled, region: RegionOutputs) -> bool:
    found = executions(world.stage, region, "sync_user")
    return all(each["status"] != "RUNNING" for each in found)


def is_buried(world: Reconciled, sub: str) -> bool:
    own = records(world.stage, sub).get(world.primary.region)
    return bool(own and own["deleted"])


def test_pools_that_go_back_in_time(world: Reconciled, standby: Callable[..., str]) -> None:
    primary, backup = world.primary, world.backup
    for each in (primary, backup):
        world.run(each)  # before a person's first run the scheduled ones do not begin
    ann, ben, cyd = (world.create(primary, f"back-{name}") for name in ("ann", "ben", "cyd"))
    for sub in (ann, ben, cyd):
        until("in sync", partial(is_in, world, sub, "in_sync"))
    time.sleep(1)
    moment = datetime.now(UTC)
    time.sleep(1)
    world.admin(primary, "delete_user", "back-ben")
    erased = AdminClient(world.stage, primary).call("POST", "/users/back-cyd/erase")
    assert erased.status in (202, 204), erased.text
    for sub in (ben, cyd):
        until("buried", partial(is_buried, world, sub))
    until("erased there", partial(is_gone, world, backup, "back-cyd"))
    until("disabled there", lambda: not (in_pool(world, backup, "back-ben") or {}).get("Enabled"))

    # The standby's pool is paused, and a change arrives: it waits.
    there = initiate(world, backup, moment)
    world.rename(primary, "back-ann", "Ann Renamed")
    dan = world.create(primary, "back-dan")
    until("it waits", lambda: waits(world, backup, dan, "PoolPausedError"))
    assert in_pool(world, backup, "back-dan") is None
    # So is the active one: nobody's write gets through, and no look there is a deletion.
    here = initiate(world, primary, moment)
    with pytest.raises(ClientError, match="OperationNotEnabledException"):
        world.rename(primary, "back-ann", "Ann Again")
    assert no_letters(world)

    start(world, backup, there)
    start(world, primary, here)
    # A run of its own begins in each Region; the erased go at once, before anybody answers.
    runs = {each.region: asking(world, each) for each in (primary, backup)}
    for region in (primary, backup):
        until("erased again", partial(is_gone, world, region, "back-cyd"))
    # Whoever was deleted is back, and no hint captures them; whoever is gone is not believed to be.
    left = world.ended(primary, hinted(world, primary, ben))
    assert "reconciliation asks" in left["output"]["reason"]
    hinted(world, primary, dan)
    until("it waits", lambda: waits(world, primary, dan, "NotBelievedError"))
    assert (in_pool(world, primary, "back-ben") or {})["Enabled"]
    assert is_buried(world, ben)
    assert not is_buried(world, dan), "who went with the recovery is not deleted by it"
    assert no_letters(world)

    for region in (primary, backup):
        run = runs[region.region]
        told = standby("approve", run.rsplit(":", 1)[-1], "--region", region.region, "--yes")
        ended = world.ended(region, run)
        assert ended["status"] == "SUCCEEDED", (told, ended)
    until("dan is buried, as approved", lambda: is_buried(world, dan))
    until("ben is let in again", lambda: not is_buried(world, ben))
    until_equal(world.stage, 240)
    for region in (primary, backup):
        until("nothing waits any more", partial(is_quiet, world, region))
        assert is_gone(world, region, "back-cyd")
    assert no_letters(world)
    assert [e["status"] for e in _failed(world, primary)] == []
