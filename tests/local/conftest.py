"""One local AWS for this folder; each test makes its own pools, tables and machines."""

import io
import json
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from local.clients import Clients
from local.emulator import LocalAws
from local.settings import LocalSettings

REGION, OTHER_REGION = "us-east-1", "ap-northeast-1"
ROLE = "arn:aws:iam::111111111111:role/trial"
ASSUMING = ("lambda", "states", "events", "pipes", "scheduler")


class Aws(Protocol):
    """What the helpers need of either emulator."""

    def client(self, service: str, region: str) -> Any: ...


class Account(Aws, Protocol):
    """What they need of whose roles they give away."""

    @property
    def account(self) -> str: ...


def trial(aws: Account) -> str:
    """ROLE, in whichever account."""
    return ROLE.replace("111111111111", aws.account)


@pytest.fixture(scope="package")
def aws() -> Iterator[LocalAws]:
    with LocalAws(settings=LocalSettings(trigger_seconds=50, wait_scale=0.05)) as started:
        everything_to_trial(started)
        yield started


@contextmanager
def hurried(aws: LocalAws, trigger: str) -> Iterator[None]:
    """A trigger that is meant to be too slow; to all others a busy machine may give much time."""
    assert aws.gaps
    aws.gaps.invoker.limits[trigger] = 0.3
    try:
        yield
    finally:
        aws.gaps.invoker.limits.clear()


def everything_to_trial(aws: Aws) -> None:
    """The role of these tests' functions, machines and pipes may do everything."""
    services = [f"{name}.amazonaws.com" for name in ASSUMING]
    trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam = aws.client("iam", REGION)
    with suppress(iam.exceptions.EntityAlreadyExistsException):  # by another module's tests
        iam.create_role(RoleName="trial", AssumeRolePolicyDocument=document(trust))
    iam.put_role_policy(
        RoleName="trial", PolicyName="everything", PolicyDocument=document(everything)
    )


def document(*statements: dict[str, Any]) -> str:
    """A policy of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def eventually(check: Callable[[], Any], seconds: float = 600.0) -> Any:
    """The first truthy answer of `check`; fails with the last answer otherwise.

    The limit is no statement about time: others may use the machine, too.
    """
    deadline = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"still {answer!r} after {seconds} s"
        time.sleep(0.05)


@contextmanager
def refused(code: str, text: str = "") -> Iterator[None]:
    """A call that AWS refuses with this code, and with this text in its message."""
    with pytest.raises(ClientError) as raised:
        yield
    error = raised.value.response["Error"]
    assert error["Code"] == code
    assert text in error["Message"]


def unique(prefix: str = "t") -> str:
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def zipped(source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", source)
    return buffer.getvalue()


def function(aws: Account, source: str, region: str = REGION, timeout: int = 60) -> str:
    """Create a function of this source that pools and APIs may invoke; returns its ARN.

    The time limit is for a busy machine.
    """
    created = aws.client("lambda", region).create_function(
        FunctionName=unique("fn"),
        Runtime="python3.13",
        Handler="index.handler",
        Role=trial(aws),
        Timeout=timeout,
        Code={"ZipFile": zipped(source)},
    )
    for service in ("apigateway", "cognito-idp"):
        aws.client("lambda", region).add_permission(
            FunctionName=created["FunctionArn"],
            StatementId=service,
            Action="lambda:InvokeFunction",
            Principal=f"{service}.amazonaws.com",
        )
    return str(created["FunctionArn"])


def machine(aws: Account, states: dict[str, Any], region: str = REGION, **more: Any) -> str:
    """Create a JSONata machine that starts at its first state; returns its ARN."""
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": next(iter(states)),
        "States": states,
        **more,
    }
    created = aws.client("stepfunctions", region).create_state_machine(
        name=unique("machine"), definition=json.dumps(definition), roleArn=trial(aws)
    )
    return str(created["stateMachineArn"])


def queue(aws: Aws, region: str = REGION, **attributes: str) -> tuple[str, str]:
    """Create a queue that rules may send to; returns its URL and ARN."""
    sqs = aws.client("sqs", region)
    url = sqs.create_queue(QueueName=unique("queue"), Attributes=attributes)["QueueUrl"]
    got = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = got["Attributes"]["QueueArn"]
    events = {"Service": "events.amazonaws.com"}
    sends = {"Effect": "Allow", "Principal": events, "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(sends)})
    return url, arn


def received(aws: Aws, url: str, region: str = REGION) -> list[Any]:
    """Take what is visible in a queue now; bodies parsed from JSON."""
    sqs = aws.client("sqs", region)
    bodies = []
    for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", ()):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        bodies.append(json.loads(message["Body"]))
    return bodies


def finished(aws: Aws, execution: str, region: str = REGION) -> dict[str, Any]:
    """Wait for an execution's end; returns its description."""
    client = aws.client("stepfunctions", region)

    def done() -> Any:
        described = client.describe_execution(executionArn=execution)
        return described if described["status"] != "RUNNING" else None

    return dict(eventually(done))


def run(aws: Aws, machine_arn: str, given: Any = None, region: str = REGION) -> dict[str, Any]:
    """Start an execution and wait for its end."""
    started = aws.client("stepfunctions", region).start_execution(
        stateMachineArn=machine_arn, input=json.dumps(given or {})
    )
    return finished(aws, started["executionArn"], region)


BARE = """
import asyncio, json, os, sys, threading, time, urllib.request, socket
probe = socket.socket(); probe.bind(("127.0.0.1", 0)); port = probe.getsockname()[1]; probe.close()
os.environ.update(GATEWAY_PORT=str(port), BIND_HOST="127.0.0.1", MINISTACK_HOST="127.0.0.1",
    MINISTACK_ACCOUNT_ID="111111111111", SFTP_ENABLED="0", IOT_MTLS_ENABLED="0", LOG_LEVEL="ERROR",
    STATE_DIR=sys.argv[1], SFN_WAIT_SCALE="1")
import ministack.app as emulator
from hypercorn.asyncio import serve
from hypercorn.config import Config
config = Config(); config.bind = [f"127.0.0.1:{port}"]; config.errorlog = None
stop = threading.Event()
async def main():
    async def ended():
        await asyncio.to_thread(sys.stdin.read)
    print(port, flush=True)
    await serve(emulator.app, config, shutdown_trigger=ended)
asyncio.run(main())
from ministack.core import lambda_runtime
lambda_runtime.reset()
"""


class BareAws:
    """The emulator without our gaps, in a process of its own: what the canaries look at."""

    account = "111111111111"

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._clients = Clients(endpoint, self.account)

    def client(self, service: str, region: str, account: str = "") -> Any:
        return self._clients(service, region, account)


@pytest.fixture(scope="package")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BareAws]:
    state = tmp_path_factory.mktemp("bare")
    process = subprocess.Popen(
        [sys.executable, "-c", BARE, str(state)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin and process.stdout
    port = int(process.stdout.readline())
    bare = BareAws(f"http://127.0.0.1:{port}")
    eventually(lambda: _lists(bare))
    yield bare
    process.stdin.close()
    process.wait(timeout=300)


def _lists(bare: BareAws) -> bool:
    try:
        bare.client("sqs", REGION).list_queues()
    except (BotoCoreError, ClientError):
        return False
    return True
