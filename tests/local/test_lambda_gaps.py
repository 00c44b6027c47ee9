"""Lambda on the local AWS: error types, warm workers, bounded workers, identities."""

import json
import threading
from typing import Any

import pytest

from local.emulator import LocalAws
from local.gaps.function_identity import caller_from
from tests.local.assemblies import reserving, status_of
from tests.local.conftest import REGION, ROLE, eventually, finished, function, machine, run, unique

pytestmark = pytest.mark.local_aws
SOURCE = """
import os, threading, time
class UserNotReadyError(Exception):
    pass
def handler(event, context):
    if event.get("fail"):
        raise UserNotReadyError(event["fail"])
    time.sleep(event.get("sleep", 0))
    return {"pid": os.getpid(), "token": os.environ["AWS_SESSION_TOKEN"],
            "endpoint": os.environ["AWS_ENDPOINT_URL"]}
"""


def invoke(aws: LocalAws, arn: str, **payload: Any) -> tuple[str, Any]:
    client = aws.client("lambda", REGION)
    reply = client.invoke(FunctionName=arn, Payload=json.dumps(payload))
    return reply.get("FunctionError", ""), json.loads(reply["Payload"].read())


@pytest.fixture(scope="module")
def arn(aws: LocalAws) -> str:
    return function(aws, SOURCE)


def test_an_error_has_the_name_of_its_class(aws: LocalAws, arn: str) -> None:
    error, body = invoke(aws, arn, fail="not yet")
    assert error == "Unhandled"
    assert (body["errorType"], body["errorMessage"]) == ("UserNotReadyError", "not yet")
    assert "in handler" in "".join(body["stackTrace"])


def test_retry_and_catch_match_by_class(aws: LocalAws, arn: str) -> None:
    states = {
        "T": {
            "Type": "Task",
            "Resource": arn,
            "Catch": [{"ErrorEquals": ["UserNotReadyError"], "Next": "Caught"}],
            "End": True,
        },
        "Caught": {"Type": "Pass", "Output": "caught", "End": True},
    }
    ended = run(aws, machine(aws, states), {"fail": "not yet"})
    assert json.loads(ended["output"]) == "caught"


def test_an_error_leaves_the_worker_warm(aws: LocalAws, arn: str) -> None:
    before = invoke(aws, arn)[1]["pid"]
    invoke(aws, arn, fail="x")
    assert invoke(aws, arn)[1]["pid"] == before


def test_a_burst_queues_for_two_workers(aws: LocalAws, arn: str) -> None:
    pids: list[int] = []
    calls = [
        threading.Thread(target=lambda: pids.append(invoke(aws, arn, sleep=0.1)[1]["pid"]))
        for _ in range(6)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join()
    assert len(pids) == 6
    assert len(set(pids)) <= 2


def test_the_time_in_the_queue_is_not_the_tasks(aws: LocalAws) -> None:
    slow = function(aws, SOURCE)
    task = {"Type": "Task", "Resource": slow, "TimeoutSeconds": 12, "End": True}
    states, queued = aws.client("stepfunctions", REGION), machine(aws, {"T": task})
    invoke(aws, slow)  # warm
    runs = [  # eighteen seconds for two workers, and six more for each call on a busy machine
        states.start_execution(stateMachineArn=queued, input='{"sleep": 6}')["executionArn"]
        for _ in range(6)
    ]
    assert [finished(aws, arn)["status"] for arn in runs] == ["SUCCEEDED"] * 6
    late = states.start_execution(stateMachineArn=queued, input='{"sleep": 40}')["executionArn"]
    assert finished(aws, late)["error"] == "States.Timeout"


def test_a_worker_carries_its_role_and_calls_only_here(aws: LocalAws, arn: str) -> None:
    body = invoke(aws, arn)[1]
    caller = caller_from(body["token"])
    assert caller
    assert (caller.role_arn, caller.role_name) == (ROLE, "trial")
    assert arn.endswith(caller.function)
    assert body["endpoint"] == aws.endpoint


@pytest.mark.parametrize("token", ["", "real-looking", "local-function.%%%", "local-function.e30="])
def test_other_tokens_name_nobody(token: str) -> None:
    assert caller_from(token) is None


def test_a_templates_reservation_is_made_and_taken_away(aws: LocalAws) -> None:
    name, formation = unique("reserved"), aws.client("cloudformation", REGION)
    client = aws.client("lambda", REGION)
    formation.create_stack(StackName=name, TemplateBody=reserving(name, 7))
    eventually(lambda: status_of(formation, name) == "CREATE_COMPLETE")
    assert client.get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"] == 7
    formation.update_stack(StackName=name, TemplateBody=reserving(name, None))
    eventually(lambda: status_of(formation, name) == "UPDATE_COMPLETE")
    assert "ReservedConcurrentExecutions" not in client.get_function_concurrency(FunctionName=name)
